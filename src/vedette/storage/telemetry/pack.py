"""From rows that Python made to a block of a table."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from vedette.model.block import Block
from vedette.native import pack_block

Row: TypeAlias = Mapping[str, object]
"""One value for each column. Times are whole numbers in the column's own unit, ids are bytes."""


@dataclass(frozen=True, slots=True)
class WrittenTable:
    """A table that Python writes: its columns with the engine's types, as its SQL file has them."""

    name: str
    columns: Mapping[str, str]

    def pack(self, rows: Sequence[Row]) -> Block:
        """Return the rows as a block. Every row must have every column, and no other.

        Raises:
            TypeError: A value is not what the column holds.
            ValueError: A row has other columns than the table.
        """
        for row in rows:
            if row.keys() != self.columns.keys():
                differing = ", ".join(sorted(row.keys() ^ self.columns.keys()))
                raise ValueError(f"a row of {self.name} differs from the table in: {differing}")
        columns = [
            (name, engine_type, [row[name] for row in rows])
            for name, engine_type in self.columns.items()
        ]
        return Block(self.name, pack_block(columns), len(rows))
