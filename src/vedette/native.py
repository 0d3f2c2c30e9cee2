"""The typed face of the compiled extension: the only module that imports it."""

from vedette._native import Journal, JournalRefused, Malformed, NativeError, TooLarge

__all__ = ["Journal", "JournalRefused", "Malformed", "NativeError", "TooLarge"]
