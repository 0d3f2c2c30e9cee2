"""How envelopes are read: framing rules, faults, and never an exception."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.protocols.sentry_envelope import ITEM_COUNT_MAX, read_envelope


def payloads(body: bytes) -> list[tuple[str, bytes]]:
    envelope, fault = read_envelope(body)
    assert fault is None
    return [(each.item_type, body[each.start : each.end]) for each in envelope.items]


@pytest.mark.parametrize(
    ("body", "items"),
    [
        pytest.param(b"{}", [], id="a header alone"),
        pytest.param(b"{}\n", [], id="a header and a line break"),
        pytest.param(
            b'{}\n{"type":"event"}\n{"a":1}', [("event", b'{"a":1}')], id="no length, no end"
        ),
        pytest.param(
            b'{}\n{"type":"event"}\n{"a":1}\r\n',
            [("event", b'{"a":1}\r')],
            id="carriage return stays",
        ),
        pytest.param(
            b'{}\n{"type":"a","length":3}\n\x00\n\xff\n{"type":"b","length":0}\n\n',
            [("a", b"\x00\n\xff"), ("b", b"")],
            id="binary with a line break inside, then an empty one",
        ),
        pytest.param(b'{}\n{"type":"a"}', [("a", b"")], id="item header at the end"),
        pytest.param(
            b'{}\n\n\n{"type":"a","length":null}\nx\n\n\n{"type":"b"}\ny',
            [("a", b"x"), ("b", b"y")],
            id="empty lines between items",
        ),
        pytest.param(
            '{}\n{"type":"a","length":4}\n😀\n'.encode(),
            [("a", "😀".encode())],
            id="length in bytes",
        ),
        pytest.param(b'{"event_id":1,"event_id":2}', [], id="keys given twice"),
    ],
)
def test_items_are_framed_as_the_protocol_says(body: bytes, items: list[tuple[str, bytes]]) -> None:
    assert payloads(body) == items


@pytest.mark.parametrize(
    ("body", "why"),
    [
        pytest.param(b"", "empty body", id="nothing"),
        pytest.param(b"[]\n", "expected a JSON object, found a list", id="header is a list"),
        pytest.param(b"hello\n", "invalid envelope header", id="header is no JSON"),
        pytest.param(b'{}\n{"length":1}\nx', "no type", id="item without type"),
        pytest.param(b'{}\n{"type":"a","length":9}\nx', "item says 9 bytes", id="cut off"),
        pytest.param(
            b'{}\n{"type":"a","length":1}\nxy', "expected a line break", id="too short a length"
        ),
        pytest.param(b'{}\n{"type":"a","length":-1}\nx', "no natural number", id="negative length"),
        pytest.param(
            b'{}\n{"type":"a","length":true}\nx', "no natural number", id="length is a boolean"
        ),
        pytest.param(
            b"{}" + b'\n{"type":"a"}\n{}' * (ITEM_COUNT_MAX + 1),
            "more than 500 items",
            id="too many",
        ),
    ],
)
def test_a_broken_envelope_says_what_is_wrong(body: bytes, why: str) -> None:
    _envelope, fault = read_envelope(body)

    assert fault is not None
    assert why in str(fault)


def test_items_before_a_fault_are_read() -> None:
    envelope, fault = read_envelope(b'{}\n{"type":"a"}\n1\n{"type":"b","length":99}\n2')

    assert [each.item_type for each in envelope.items] == ["a"]
    assert fault is not None


@given(st.binary(max_size=2_000))
def test_reading_never_raises_whatever_the_bytes(body: bytes) -> None:
    read_envelope(body)


@given(st.lists(st.tuples(st.text(max_size=20), st.binary(max_size=200)), max_size=20))
def test_what_is_written_is_read_again(items: list[tuple[str, bytes]]) -> None:
    body = b"{}\n" + b"".join(
        json.dumps({"type": name, "length": len(data)}).encode() + b"\n" + data + b"\n"
        for name, data in items
    )

    # JSON cannot say a lone surrogate; everything else comes back byte by byte.
    assert [data for _name, data in payloads(body)] == [data for _name, data in items]
