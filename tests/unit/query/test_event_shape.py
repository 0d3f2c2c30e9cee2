"""Error events as Sentry shows them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.event_shape import EVENT_FIELDS, shape_event, shape_event_in_list

EVENT_ID = "b" * 32


def row(payload: JsonValue = None, **more: JsonValue) -> dict[str, JsonValue]:
    empty: dict[str, JsonValue] = dict.fromkeys(EVENT_FIELDS, "")
    return empty | {
        "id": EVENT_ID,
        "project.id": 7,
        "timestamp": 1_500_000_000,
        "received": 2_000_000_000,
        "event.type": "error",
        "trace": "0" * 32,
        "payload": json.dumps(payload) if payload is not None else "",
        **more,
    }


def entry(event: JsonObject, entry_type: str) -> JsonObject:
    entries = event["entries"]
    assert isinstance(entries, list)
    found = next(one["data"] for one in entries if one["type"] == entry_type)
    assert isinstance(found, dict)
    return found


def test_an_event_has_its_identity_times_and_message() -> None:
    event = shape_event(row({}, title="ValueError: bad", message="bad", platform="python"))

    assert event["eventID"] == event["id"] == EVENT_ID
    assert event["projectID"] == "7"
    assert event["title"] == "ValueError: bad"
    assert event["message"] == "bad"
    assert event["platform"] == "python"
    assert event["dateCreated"] == "1970-01-01T00:00:01.500Z"
    assert event["dateReceived"] == "1970-01-01T00:00:02Z"
    assert event["errors"] == []


def test_tags_are_the_senders_and_ours_by_name() -> None:
    event = shape_event(
        row({"tags": {"b": "2"}}, environment="prod", level="error", **{"user.id": "u1"})
    )

    assert event["tags"] == [
        {"key": "b", "value": "2"},
        {"key": "environment", "value": "prod"},
        {"key": "level", "value": "error"},
        {"key": "user", "value": "id:u1"},
    ]


def test_tags_sent_as_pairs_are_read_too() -> None:
    event = shape_event_in_list(row({"tags": [["a", "1"], ["b", None], "odd"]}))

    assert event["tags"] == [{"key": "a", "value": "1"}]


def test_an_exception_has_its_frames_with_numbered_lines() -> None:
    frame: JsonObject = {
        "filename": "app.py",
        "function": "run",
        "lineno": 10,
        "pre_context": ["eight", "nine"],
        "context_line": "ten",
        "post_context": ["eleven"],
        "in_app": True,
        "vars": {"x": "1"},
    }
    event = shape_event(
        row(
            {
                "platform": "python",
                "exception": {
                    "values": [
                        {
                            "type": "ValueError",
                            "value": "bad",
                            "mechanism": {"handled": False},
                            "stacktrace": {"frames": [frame, {"function": "main"}]},
                        }
                    ]
                },
            }
        )
    )

    data = entry(event, "exception")
    values = data["values"]
    assert isinstance(values, list)
    assert values[0]["type"] == "ValueError"
    assert values[0]["mechanism"] == {"handled": False}
    shown = values[0]["stacktrace"]["frames"][0]
    assert shown["context"] == [[8, "eight"], [9, "nine"], [10, "ten"], [11, "eleven"]]
    assert (shown["inApp"], shown["lineNo"], shown["platform"]) == (True, 10, "python")
    assert data["hasSystemFrames"] is True


def test_breadcrumbs_request_message_and_threads_are_entries() -> None:
    event = shape_event(
        row(
            {
                "logentry": {"message": "hello %s", "params": ["you"], "formatted": "hello you"},
                "breadcrumbs": {"values": [{"message": "clicked", "timestamp": 1.0}]},
                "request": {
                    "url": "http://host/",
                    "method": "GET",
                    "query_string": "a=1&a=2",
                    "headers": {"Accept": "*/*"},
                },
                "threads": {"values": [{"id": 1, "crashed": True}]},
            }
        )
    )

    assert entry(event, "message")["formatted"] == "hello you"
    crumbs = entry(event, "breadcrumbs")["values"]
    assert isinstance(crumbs, list)
    assert crumbs[0]["message"] == "clicked"
    assert entry(event, "request")["query"] == [["a", "1"], ["a", "2"]]
    assert entry(event, "request")["headers"] == [["Accept", "*/*"]]
    threads = entry(event, "threads")["values"]
    assert isinstance(threads, list)
    assert threads[0]["crashed"] is True


def test_the_trace_is_a_context_also_when_only_we_know_it() -> None:
    event = shape_event(row({}, trace="c" * 32, span_id="d" * 16))

    assert event["contexts"] == {
        "trace": {"trace_id": "c" * 32, "span_id": "d" * 16, "type": "trace"}
    }


def test_an_unreadable_payload_is_shown_as_an_error_of_the_event() -> None:
    event = shape_event(row() | {"payload": "{broken"})

    errors = event["errors"]
    assert isinstance(errors, list)
    assert errors[0]["message"] == "The kept event cannot be read."


KEYS = """
    exception values stacktrace frames threads breadcrumbs request logentry tags user contexts sdk
    errors fingerprint type lineno context_line pre_context headers query_string data extra
"""
keys = st.sampled_from(KEYS.split())
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(keys, inside, max_size=4),
    max_leaves=25,
)


@given(st.dictionaries(keys, anything, max_size=8))
def test_any_payload_can_be_shown(payload: dict[str, JsonValue]) -> None:
    event = shape_event(row(payload))

    assert json.loads(json.dumps(event))["id"] == EVENT_ID


def test_what_was_taken_out_stands_by_the_place_where_it_is_shown() -> None:
    told: JsonValue = {"": {"rem": [["@password:filter", "s", 0, 10]], "len": 3}}
    payload: JsonValue = {
        "logentry": {"formatted": "x"},
        "request": {"url": "u", "query_string": "token=[Filtered]"},
        "extra": {"password": "[Filtered]"},
        "_meta": {"extra": {"password": told}, "request": {"query_string": told}},
    }

    event = shape_event(row(payload))

    meta = event["_meta"]
    assert isinstance(meta, dict)
    assert meta["context"] == {"password": told}
    entries = event["entries"]
    assert isinstance(entries, list)
    place = [each["type"] for each in entries].index("request")
    assert meta["entries"] == {str(place): {"data": {"query_string": told, "query": told}}}


def test_nothing_is_told_of_an_event_that_is_whole() -> None:
    assert shape_event(row({"extra": {"a": 1}}))["_meta"] == {}
