"""What build tools upload: chunks, bundles, and the source maps in them, opened when needed."""
