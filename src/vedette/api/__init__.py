"""The read door: HTTP to questions, results to JSON, permissions."""
