"""Take out of what was sent what must not be kept, and say what was taken."""
