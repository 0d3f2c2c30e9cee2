"""The nouns: what is taken in, what is kept, what is asked. Frozen, and free of I/O."""
