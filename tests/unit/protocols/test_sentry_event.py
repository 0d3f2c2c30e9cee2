"""Events of all ages come out in one shape."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.protocols.test_json_text import json_values
from vedette.model.json_value import JsonValue
from vedette.protocols.json_text import Unreadable
from vedette.protocols.sentry_event import DecodedEvent, read_event, read_event_id, read_level

EVENT_ID = "c" * 32


def read(event: JsonValue) -> DecodedEvent:
    found = read_event(json.dumps(event).encode(), event_id=EVENT_ID)
    assert isinstance(found, DecodedEvent)
    return found


@pytest.mark.parametrize(
    "exception",
    [
        pytest.param({"values": [{"type": "A", "value": "x"}]}, id="values"),
        pytest.param([{"type": "A", "value": "x"}], id="bare list, as Go sends it"),
        pytest.param({"type": "A", "value": "x"}, id="single object"),
        pytest.param({"values": [None, "text", {"type": "A", "value": "x"}]}, id="with rubbish"),
    ],
)
def test_exceptions_are_a_list_of_values(exception: JsonValue) -> None:
    assert read({"exception": exception}).body["exception"] == {
        "values": [{"type": "A", "value": "x"}]
    }


@pytest.mark.parametrize(
    ("event", "formatted"),
    [
        pytest.param({"message": "hello"}, "hello", id="plain message"),
        pytest.param(
            {"message": {"message": "a %s", "params": ["b"]}}, "a b", id="object as message"
        ),
        pytest.param(
            {"logentry": {"message": "a %(x)d%%", "params": {"x": 3}}}, "a 3%", id="by name"
        ),
        pytest.param(
            {"logentry": {"message": "a {} {n}", "params": ["b"]}}, "a b {n}", id="braces"
        ),
        pytest.param({"logentry": {"message": "a", "formatted": "f"}}, "f", id="formatted wins"),
        pytest.param(
            {"sentry.interfaces.Message": {"message": "old %s", "params": ["one"]}},
            "old one",
            id="old key",
        ),
        pytest.param(
            {"message": "%999999999d", "logentry": None}, "%999999999d", id="a width as text"
        ),
        pytest.param(
            {"message": {"message": "%999999999d", "params": [1]}}, "1", id="a width as bomb"
        ),
    ],
)
def test_messages_have_a_formatted_text(event: JsonValue, formatted: str) -> None:
    entry = read(event).body["logentry"]

    assert isinstance(entry, dict)
    assert entry["formatted"] == formatted


@pytest.mark.parametrize(
    "tags",
    [
        pytest.param({"a": True, "b": 1, "c": None}, id="map"),
        pytest.param([["a", True], ["b", 1], "rubbish", ["x"]], id="pairs"),
        pytest.param([{"key": "a", "value": True}, {"key": "b", "value": 1}], id="objects"),
    ],
)
def test_tags_are_pairs_of_texts(tags: JsonValue) -> None:
    assert read({"tags": tags}).body["tags"] == [["a", "true"], ["b", "1"]]


@pytest.mark.parametrize(
    ("level", "expected"),
    [
        ("warn", "warning"),
        ("CRITICAL", "fatal"),
        ("log", "info"),
        (40, "error"),
        (10, "debug"),
        (50, "fatal"),
        (99, "fatal"),
        (-5, "debug"),
        (None, "error"),
        ("loud", "error"),
        (True, "error"),
    ],
)
def test_levels_are_five_words(level: JsonValue, expected: str) -> None:
    assert read_level(level) == expected


def test_an_old_stack_trace_moves_to_its_only_exception() -> None:
    body = read({"exception": [{"type": "A"}], "stacktrace": {"frames": [{"function": "f"}]}}).body

    assert body["exception"] == {
        "values": [{"type": "A", "stacktrace": {"frames": [{"function": "f"}]}}]
    }


def test_the_envelope_names_the_event() -> None:
    event = read({"event_id": "d" * 32, "platform": "go", "timestamp": "2026-01-01T00:00:00Z"})

    assert (event.event_id, event.body["event_id"], event.platform) == (EVENT_ID, EVENT_ID, "go")
    assert event.time_ns == 1_767_225_600_000_000_000


@pytest.mark.parametrize(
    ("value", "event_id"),
    [
        ("ABCDEF00-0000-0000-0000-000000000000", "abcdef00" + "0" * 24),
        ("x" * 32, None),
        (5, None),
        ("", None),
    ],
)
def test_an_event_id_is_32_hex_digits(value: JsonValue, event_id: str | None) -> None:
    assert read_event_id(value) == event_id


KEYS = st.sampled_from(
    [
        "exception",
        "threads",
        "breadcrumbs",
        "stacktrace",
        "tags",
        "message",
        "logentry",
        "level",
        "user",
        "request",
        "contexts",
        "extra",
        "sdk",
        "timestamp",
        "platform",
        "type",
        "fingerprint",
        "release",
    ]
)


@given(st.dictionaries(KEYS, json_values))
def test_wrong_types_in_every_field_never_raise(event: dict[str, JsonValue]) -> None:
    read(event)


@given(st.binary(max_size=300))
def test_no_bytes_make_it_raise(payload: bytes) -> None:
    assert isinstance(read_event(payload, event_id=EVENT_ID), DecodedEvent | Unreadable)
