"""Bytes to nouns: what SDKs send, read as leniently as can be. Never raises on input."""
