"""Rows of Python as blocks."""

import pytest

from tests.fakes.native_block import read_block
from vedette.storage.telemetry.pack import WrittenTable

TABLE = WrittenTable("things", {"number": "UInt32", "word": "LowCardinality(String)"})


def test_rows_come_out_of_the_block_as_they_went_in() -> None:
    rows = [{"number": 1, "word": "a"}, {"word": "é", "number": 2}]

    block = TABLE.pack(rows)

    found = read_block(block.body)
    assert (block.table, block.row_count) == ("things", 2)
    assert found.types == TABLE.columns
    assert found.rows() == rows


def test_no_rows_are_an_empty_block() -> None:
    assert TABLE.pack([]).row_count == 0


@pytest.mark.parametrize("row", [{"number": 1}, {"number": 1, "word": "a", "colour": "red"}])
def test_a_row_with_other_columns_is_a_mistake_that_says_which(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"word|colour"):
        TABLE.pack([row])


def test_a_value_of_another_type_is_a_mistake_that_says_where() -> None:
    with pytest.raises(TypeError, match="number"):
        TABLE.pack([{"number": "many", "word": "a"}])
