"""The life of issues: pure decisions, and the calls that put them into the metadata."""
