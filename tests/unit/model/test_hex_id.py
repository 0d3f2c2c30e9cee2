"""Ids in all the spellings of senders and askers have one form in which they are kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.hex_id import read_hex_id
from vedette.model.json_value import JsonValue


@pytest.mark.parametrize(
    ("given_id", "kept"),
    [
        pytest.param("AB" * 16, "ab" * 16, id="capitals"),
        pytest.param("abababab-abab-abab-abab-abababababab", "ab" * 16, id="dashes"),
        pytest.param("ab" * 15, None, id="too short"),
        pytest.param("ab" * 17, None, id="too long"),
        pytest.param("xy" * 16, None, id="no hex digits"),
        pytest.param("\uff10" * 31 + "1", None, id="digits of another script"),
        pytest.param("0" * 32, None, id="zeros say that there is none"),
        pytest.param("", None, id="nothing"),
        pytest.param(12, None, id="a number"),
        pytest.param(None, None, id="null"),
    ],
)
def test_an_id_is_read_into_one_form(given_id: JsonValue, kept: str | None) -> None:
    assert read_hex_id(given_id, length=32) == kept


@given(st.text(max_size=40))
def test_what_was_read_is_read_again_as_it_is(text: str) -> None:
    read = read_hex_id(text, length=16)

    assert read is None or read_hex_id(read, length=16) == read
