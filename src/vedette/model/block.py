"""Rows on their way to a table."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """Rows of one table, already in columns, in the engine's own binary form."""

    table: str
    body: bytes
    row_count: int
