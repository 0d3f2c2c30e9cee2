"""Detectors at work: what came in lately is judged, and what is found becomes issues."""
