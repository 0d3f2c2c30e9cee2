"""Accepted bodies, on disk before the sender is answered, until they are digested."""
