"""The engine's answers as Python values."""

import orjson

from vedette.model.json_value import JsonValue

Columns = list[list[JsonValue]]


def decode_columns(answer: bytes, column_count: int) -> Columns:
    """Return the columns of an answer in JSONCompactColumns; whole numbers of 64 bits are exact."""
    columns: Columns = orjson.loads(answer)
    # Without rows the engine leaves the columns away.
    return columns or [[] for _ in range(column_count)]


def decode_column(answer: bytes) -> list[JsonValue]:
    """Return the only column of an answer."""
    return decode_columns(answer, 1)[0]
