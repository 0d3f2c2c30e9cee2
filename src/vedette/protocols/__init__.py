"""The protocols room."""
