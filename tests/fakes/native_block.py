"""Read blocks in the engine's Native form (version 0), to see what a block says without an engine.

Values come back as Python has them: texts as `str`, FixedString as `bytes`, Enum8 as its name, maps
as `dict`, arrays as `list`; Date, DateTime and DateTime64 as the raw whole number.
"""

import re
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from vedette.model.block import Block

_NUMBERS: Final = {
    "UInt8": "B",
    "UInt16": "H",
    "UInt32": "I",
    "UInt64": "Q",
    "Int8": "b",
    "Int16": "h",
    "Int32": "i",
    "Int64": "q",
    "Float32": "f",
    "Float64": "d",
    "Bool": "?",
    "Date": "H",
    "DateTime": "I",
}
_DICTIONARY_WIDTHS: Final = "BHIQ"
_DICTIONARY_VERSION: Final = 1
_HAS_OWN_KEYS: Final = 1 << 9
_ENUM_MEMBER: Final = re.compile(r"'((?:[^'\\]|\\.)*)'\s*=\s*(-?\d+)")


class BlockMalformed(Exception):  # noqa: N818 - a state of the bytes
    """The bytes are not one whole block."""


@dataclass(frozen=True)
class ReadBlock:
    """What a block says."""

    row_count: int
    types: dict[str, str]
    """Column names to the engine's types, in the order of the block."""
    columns: dict[str, list[object]]

    def rows(self) -> list[dict[str, object]]:
        """Return the same row by row."""
        return [
            dict(zip(self.columns, values, strict=True))
            for values in zip(*self.columns.values(), strict=True)
        ]


def read_block(body: bytes) -> ReadBlock:
    """Read one block, all of it.

    Raises:
        BlockMalformed: The bytes end too early or go on, or a type is unknown.
    """
    cursor = _Cursor(body)
    column_count, row_count = cursor.varint(), cursor.varint()
    types: dict[str, str] = {}
    columns: dict[str, list[object]] = {}
    for _ in range(column_count):
        name, engine_type = cursor.text(), cursor.text()
        if name in types:
            raise BlockMalformed(f"column {name} stands there twice")
        types[name] = engine_type
        columns[name] = []
        if row_count:
            _read_prefix(cursor, engine_type)
            columns[name] = _read_values(cursor, engine_type, row_count)
    if cursor.position != len(body):
        raise BlockMalformed(f"{len(body) - cursor.position} bytes follow the block")
    return ReadBlock(row_count, types, columns)


def rows_of(block: Block) -> list[dict[str, object]]:
    """Return the rows of a block."""
    found = read_block(block.body)
    assert found.row_count == block.row_count
    return found.rows()


class _Cursor:
    def __init__(self, data: bytes) -> None:
        self._data = data
        self.position = 0

    def take(self, count: int) -> bytes:
        piece = self._data[self.position : self.position + count]
        if len(piece) < count:
            raise BlockMalformed(f"the block ends at byte {len(self._data)}, in mid-value")
        self.position += count
        return piece

    def varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self.take(1)[0]
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def text(self) -> str:
        return self.take(self.varint()).decode("utf-8")

    def numbers(self, code: str, count: int) -> list[object]:
        layout = f"<{count}{code}"
        return list(struct.unpack(layout, self.take(struct.calcsize(layout))))


def _arguments(engine_type: str) -> list[str]:
    """Return the arguments of a type: those of Map(A, B(C, D)) are A and B(C, D)."""
    inside = engine_type[engine_type.index("(") + 1 : -1]
    parts, depth, start = [], 0, 0
    for place, character in enumerate(inside):
        depth += (character == "(") - (character == ")")
        if character == "," and depth == 0:
            parts.append(inside[start:place].strip())
            start = place + 1
    return [*parts, inside[start:].strip()]


def _read_prefix(cursor: _Cursor, engine_type: str) -> None:
    name = engine_type.partition("(")[0]
    if name in ("Map", "Array"):
        for argument in _arguments(engine_type):
            _read_prefix(cursor, argument)
    elif name == "LowCardinality":
        (version,) = cursor.numbers("Q", 1)
        if version != _DICTIONARY_VERSION:
            raise BlockMalformed(f"dictionary version {version}")


def _read_values(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    name = engine_type.partition("(")[0]
    if name in _NUMBERS:
        return cursor.numbers(_NUMBERS[name], count)
    reader = _READERS.get(name)
    if reader is None:
        raise BlockMalformed(f"no way to read the type {engine_type}")
    return reader(cursor, engine_type, count)


def _read_texts(cursor: _Cursor, _type: str, count: int) -> list[object]:
    return [cursor.text() for _ in range(count)]


def _read_fixed(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    length = int(_arguments(engine_type)[0])
    return [cursor.take(length) for _ in range(count)]


def _read_moments(cursor: _Cursor, _type: str, count: int) -> list[object]:
    return cursor.numbers("q", count)


def _read_enums(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    names = {int(number): name for name, number in _ENUM_MEMBER.findall(engine_type)}
    numbers = cursor.numbers("b", count)
    for number in numbers:
        if number not in names:
            raise BlockMalformed(f"{number} is no member of {engine_type}")
    return [names[number] for number in numbers if isinstance(number, int)]


def _read_dictionary(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    if not count:
        return []
    (flags,) = cursor.numbers("Q", 1)
    assert isinstance(flags, int)
    if not flags & _HAS_OWN_KEYS or flags & 0xFF >= len(_DICTIONARY_WIDTHS):
        raise BlockMalformed(f"dictionary flags {flags:#x}")
    (key_count,) = cursor.numbers("Q", 1)
    assert isinstance(key_count, int)
    keys = _read_values(cursor, _arguments(engine_type)[0], key_count)
    (index_count,) = cursor.numbers("Q", 1)
    if index_count != count:
        raise BlockMalformed(f"{index_count} indexes for {count} values")
    indexes = cursor.numbers(_DICTIONARY_WIDTHS[flags & 0xFF], count)
    if any(index >= key_count for index in indexes if isinstance(index, int)):
        raise BlockMalformed("an index points beyond the dictionary")
    return [keys[index] for index in indexes if isinstance(index, int)]


def _read_slices(cursor: _Cursor, count: int) -> list[slice]:
    ends = [end for end in cursor.numbers("Q", count) if isinstance(end, int)]
    if sorted(ends) != ends:
        raise BlockMalformed("the ends of lists do not grow")
    return [slice(start, end) for start, end in zip([0, *ends], ends, strict=False)]


def _read_arrays(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    slices = _read_slices(cursor, count)
    values = _read_values(cursor, _arguments(engine_type)[0], slices[-1].stop if slices else 0)
    return [values[each] for each in slices]


def _read_maps(cursor: _Cursor, engine_type: str, count: int) -> list[object]:
    slices = _read_slices(cursor, count)
    total = slices[-1].stop if slices else 0
    key_type, value_type = _arguments(engine_type)
    keys = _read_values(cursor, key_type, total)
    values = _read_values(cursor, value_type, total)
    return [dict(zip(keys[each], values[each], strict=True)) for each in slices]


_READERS: Final[dict[str, Callable[[_Cursor, str, int], list[object]]]] = {
    "String": _read_texts,
    "FixedString": _read_fixed,
    "DateTime64": _read_moments,
    "Enum8": _read_enums,
    "LowCardinality": _read_dictionary,
    "Array": _read_arrays,
    "Map": _read_maps,
}


def empty_value(engine_type: str) -> object:
    """Return the value that the engine itself puts where none is given."""
    name = engine_type.partition("(")[0]
    if name == "FixedString":
        return bytes(int(_arguments(engine_type)[0]))
    if name == "Enum8":
        return _ENUM_MEMBER.findall(engine_type)[0][0]
    empty: dict[str, object] = {
        "LowCardinality": "",
        "String": "",
        "Array": [],
        "Map": {},
        "Bool": False,
        "Float32": 0.0,
        "Float64": 0.0,
    }
    return empty.get(name, 0)
