"""Big things by key: attachments, source maps, raw profiles."""
