"""Spans, events, logs, metrics and outcomes, in columns."""
