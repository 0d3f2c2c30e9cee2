"""Visitors by the dozen: the same seed makes the same visits."""
