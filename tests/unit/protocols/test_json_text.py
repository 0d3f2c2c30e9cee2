"""JSON as SDKs really write it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonValue
from vedette.protocols.json_text import (
    DEPTH_MAX,
    VALUE_COUNT_MAX,
    Unreadable,
    read_json,
    read_object,
    write_json,
)

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63), 2**64 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("data", "value"),
    [
        pytest.param(b'{"a":NaN,"b":-Infinity}', {"a": None, "b": None}, id="no numbers"),
        pytest.param(rb'["\ud800x"]', ["\ufffdx"], id="a lone surrogate"),
        pytest.param(b'["\xff"]', ["\ufffd"], id="broken UTF-8"),
        pytest.param(b'["a\x01b"]', ["a\x01b"], id="a control character"),
        pytest.param(b'{"a":1,"a":2}', {"a": 2}, id="twice the same key"),
        pytest.param(b"123456789012345678901234567890", 1.2345678901234568e29, id="huge"),
    ],
)
def test_what_can_be_understood_is_mended(data: bytes, value: JsonValue) -> None:
    assert read_json(data) == value


@pytest.mark.parametrize("data", [b"", b"{", b"nope", b"[1,]", b"9" * 10_000, b"[" * 100_000])
def test_what_cannot_be_understood_says_why(data: bytes) -> None:
    found = read_json(data)

    assert isinstance(found, Unreadable)
    assert found.why


def test_what_lies_too_deep_is_replaced_by_a_mark() -> None:
    found = read_json(b"[" * 200 + b"]" * 200)

    assert str(found).count("[") == DEPTH_MAX
    assert "nested too deeply" in str(found)


def test_an_object_is_an_object() -> None:
    found = read_object(b"[]")

    assert isinstance(found, Unreadable)
    assert found.why == "expected a JSON object, found a list"


@given(st.binary(max_size=500))
def test_reading_never_raises(data: bytes) -> None:
    read_json(data)


@given(json_values)
def test_what_is_written_is_read_again(value: JsonValue) -> None:
    assert read_json(write_json(value)) == value


@pytest.mark.parametrize("value", [b"[]", b"{}", b"0", b'""', b"[[[[]]]]"])
def test_a_text_of_nothing_but_values_is_refused_before_it_is_read(value: bytes) -> None:
    read = read_object(b'{"a":[' + b",".join([value] * (VALUE_COUNT_MAX + 1)) + b"]}")

    assert isinstance(read, Unreadable)
    assert read.why == f"more than {VALUE_COUNT_MAX} values"


def test_a_large_text_of_few_values_is_read() -> None:
    text = "x, [y] {z}" * 40_000
    assert read_object(write_json({"a": text, "b": text})) == {"a": text, "b": text}
