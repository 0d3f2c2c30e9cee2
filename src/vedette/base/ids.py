"""Identifiers are given, never taken."""

import secrets
import uuid
from typing import Protocol


class IdSource(Protocol):
    """Where new identifiers and secrets come from."""

    def event_id(self) -> str:
        """Return 32 hex digits that nobody used before."""
        ...

    def secret(self, byte_count: int) -> str:
        """Return an unguessable text of hex digits, two per byte."""
        ...


class RandomIds:
    """Identifiers from the operating system's randomness."""

    def event_id(self) -> str:
        """Return 32 hex digits that nobody used before."""
        return uuid.uuid4().hex

    def secret(self, byte_count: int) -> str:
        """Return an unguessable text of hex digits, two per byte."""
        return secrets.token_hex(byte_count)
