"""The write road: from an SDK's bytes to durable rows."""
