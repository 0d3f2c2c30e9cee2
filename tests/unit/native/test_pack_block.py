"""Packing rows of any table into one block."""

from collections.abc import Sequence

import pytest

from tests.unit.native.table_engine import ask
from vedette.native import pack_block

Column = tuple[str, str, Sequence[object]]

COLUMNS: list[Column] = [
    ("small", "UInt8", [0, 255]),
    ("large", "UInt64", [0, 2**64 - 1]),
    ("signed", "Int32", [-(2**31), 7]),
    ("ratio", "Float64", [0.5, 2]),
    ("narrow", "Float32", [0.25, 1]),
    ("is_good", "Bool", [True, False]),
    ("text", "String", ["ü\ud800", b"b\xff"]),
    ("id", "FixedString(4)", [b"abcd", b"wxyz"]),
    ("word", "LowCardinality(String)", ["", "x"]),
    ("kind", "Enum8('a' = 0, 'b' = -2)", ["b", "a"]),
    ("moment", "DateTime64(3, 'UTC')", [0, 1_500]),
    ("second", "DateTime('UTC')", [0, 60]),
    ("day", "Date", [0, 1]),
    ("numbers", "Array(UInt16)", [[], (1, 2)]),
    ("words", "Array(LowCardinality(String))", [["a", "b", "a"], []]),
    ("tags", "Map(LowCardinality(String), String)", [{"k": "v", "l": "w"}, {}]),
    ("sizes", "Map(LowCardinality(String), Float64)", [{}, {"k": 1.5}]),
    ("flags", "Map(LowCardinality(String), Bool)", [{"k": True}, {}]),
]

TABLE = "CREATE TABLE everything ({}) ENGINE = MergeTree ORDER BY small".format(
    ", ".join(f"{name} {engine_type}" for name, engine_type, _ in COLUMNS)
)


def test_values_of_every_type_are_read_back() -> None:
    block = ("everything", pack_block(COLUMNS), 2)

    [rows] = ask([block], "SELECT * FROM everything ORDER BY small", tables=[TABLE])

    first, second = rows
    assert first == {
        "small": 0,
        "large": 0,
        "signed": -(2**31),
        "ratio": 0.5,
        "narrow": 0.25,
        "is_good": True,
        "text": "ü\ufffd\ufffd\ufffd",
        "id": "abcd",
        "word": "",
        "kind": "b",
        "moment": "1970-01-01 00:00:00.000",
        "second": "1970-01-01 00:00:00",
        "day": "1970-01-01",
        "numbers": [],
        "words": ["a", "b", "a"],
        "tags": {"k": "v", "l": "w"},
        "sizes": {},
        "flags": {"k": True},
    }
    assert second == {
        "small": 255,
        "large": 2**64 - 1,
        "signed": 7,
        "ratio": 2,
        "narrow": 1,
        "is_good": False,
        "text": "b\ufffd",
        "id": "wxyz",
        "word": "x",
        "kind": "a",
        "moment": "1970-01-01 00:00:01.500",
        "second": "1970-01-01 00:01:00",
        "day": "1970-01-02",
        "numbers": [1, 2],
        "words": [],
        "tags": {},
        "sizes": {"k": 1.5},
        "flags": {},
    }


def test_a_dictionary_of_many_words_is_read_back() -> None:
    words = [f"word {number}" for number in range(70_000)]
    block = ("words", pack_block([("word", "LowCardinality(String)", words)]), len(words))
    table = "CREATE TABLE words (word LowCardinality(String)) ENGINE = Memory"

    [[row]] = ask([block], "SELECT uniqExact(word) AS different FROM words", tables=[table])

    assert row == {"different": 70000}


@pytest.mark.parametrize(
    ("engine_type", "value", "wanted"),
    [
        ("UInt8", 256, "a number within the range"),
        ("UInt8", "1", "a whole number"),
        ("Float64", None, "a number"),
        ("Bool", 1, "true or false"),
        ("String", 5, "text"),
        ("FixedString(4)", b"abc", "bytes of the length"),
        ("Enum8('a' = 0)", "b", "one of its words"),
        ("Array(String)", "text", "a list"),
        ("Array(UInt8)", [1, None], "a whole number"),
        ("Map(LowCardinality(String), String)", [1], "a dict"),
        ("Map(LowCardinality(String), String)", {"k": 1}, "text"),
    ],
)
def test_a_wrong_value_is_named_by_column_and_row(
    engine_type: str, value: object, wanted: str
) -> None:
    good: dict[str, object] = {"FixedString(4)": b"abcd", "String": "", "Bool": False}
    columns = [
        ("name", engine_type, [good[engine_type], value] if engine_type in good else [value])
    ]
    row = len(columns[0][2]) - 1
    with pytest.raises(TypeError, match=f"column name, row {row}: .* wants {wanted}"):
        pack_block(columns)


def test_unknown_types_and_uneven_columns_are_refused() -> None:
    with pytest.raises(TypeError, match="column a: the type UUID is not supported"):
        pack_block([("a", "UUID", [])])
    with pytest.raises(ValueError, match="column b has 1 values where the first one has 2"):
        pack_block([("a", "UInt8", [1, 2]), ("b", "UInt8", [1])])


def test_no_rows_are_a_block_too() -> None:
    block = ("everything", pack_block([(name, kind, []) for name, kind, _ in COLUMNS]), 0)
    [[row]] = ask([block], "SELECT count() AS count FROM everything", tables=[TABLE])
    assert row == {"count": 0}
