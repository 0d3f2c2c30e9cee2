"""People, projects, keys, quotas, and how far the digester is."""
