"""Spans in PostgreSQL: the schema with its migrations, and the exporter that fills it."""
