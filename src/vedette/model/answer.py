"""What the tables answered: columns of equal length."""

from dataclasses import dataclass

from vedette.model.json_value import JsonValue


@dataclass(frozen=True, slots=True)
class Answer:
    """Named columns of equal length; row N is the Nth value of each."""

    names: tuple[str, ...]
    columns: tuple[tuple[JsonValue, ...], ...]
    was_cut: bool = False
    """There is more than was asked for."""

    @property
    def row_count(self) -> int:
        """How many rows there are."""
        return len(self.columns[0]) if self.columns else 0

    def rows(self) -> list[dict[str, JsonValue]]:
        """Return the same answer row by row."""
        return [
            dict(zip(self.names, values, strict=True)) for values in zip(*self.columns, strict=True)
        ]


@dataclass(frozen=True, slots=True)
class PackedTrace:
    """All spans of a trace as bytes: `vedette.native.trace_columns` says what lies in them."""

    rows: bytes
    """In no order, and a span may be there twice; none at all: the trace is unknown."""
    total: int = 0
    """How many spans there are if these are only the earliest; 0: these are all."""
