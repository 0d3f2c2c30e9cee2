"""Bring frames of minified scripts back to the source they were made of."""
