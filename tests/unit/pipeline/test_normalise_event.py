"""What lists and searches need is read out of an event, within bounds."""

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.protocols.test_json_text import json_values
from tests.unit.protocols.test_sentry_event import KEYS
from vedette.model.json_value import JsonValue
from vedette.model.project_rules import ScrubRules
from vedette.pipeline.event_limits import (
    BREADCRUMB_COUNT_MAX,
    FRAME_COUNT_MAX,
    FRAMES_NEWEST_KEPT,
    FRAMES_OLDEST_KEPT,
    TAG_COUNT_MAX,
    TEXT_LENGTH_MAX,
)
from vedette.pipeline.normalise_event import EventFacts, NormalisedEvent, normalise_event
from vedette.pipeline.scrub_event import ScrubbedEvent, scrub_event
from vedette.protocols.sentry_event import DecodedEvent, read_event

NOW_NS = 1_767_225_600_000_000_000
HOUR_NS = 3_600_000_000_000
FACTS = EventFacts("e" * 32, "error", "python", NOW_NS, None, NOW_NS, "203.0.113.7", "", {}, 10**9)


def normalised(event: JsonValue, facts: EventFacts = FACTS) -> NormalisedEvent:
    decoded = read_event(json.dumps(event).encode(), event_id="e" * 32)
    assert isinstance(decoded, DecodedEvent)
    return normalise_event(decoded.body, facts)


def read_out(event: JsonValue, facts: EventFacts = FACTS) -> ScrubbedEvent:
    return scrub_event(normalised(event, facts), ScrubRules(is_on=False))


@pytest.mark.parametrize(
    ("facts", "settled_ns", "remarks"),
    [
        pytest.param(FACTS, NOW_NS, [], id="as it is"),
        pytest.param(replace(FACTS, time_ns=None), NOW_NS, [], id="none"),
        pytest.param(
            replace(FACTS, time_ns=NOW_NS - 31 * 24 * HOUR_NS), NOW_NS, ["past_timestamp"], id="old"
        ),
        pytest.param(
            replace(FACTS, time_ns=NOW_NS + HOUR_NS), NOW_NS, ["future_timestamp"], id="future"
        ),
        pytest.param(
            replace(FACTS, time_ns=NOW_NS - 2 * HOUR_NS - 5, sent_ns=NOW_NS - 2 * HOUR_NS),
            NOW_NS - 5,
            ["clock_drift"],
            id="a wrong clock",
        ),
        pytest.param(
            replace(FACTS, time_ns=NOW_NS - 9, sent_ns=NOW_NS - 8),
            NOW_NS - 9,
            [],
            id="slow network",
        ),
    ],
)
def test_times_that_cannot_be_are_mended_visibly(
    facts: EventFacts, settled_ns: int, remarks: list[str]
) -> None:
    event = normalised({"timestamp": 1}, facts)

    errors = event.body.get("errors", [])
    assert isinstance(errors, list)
    assert event.time_ns == settled_ns
    assert [each["type"] for each in errors if isinstance(each, dict)] == remarks


@pytest.mark.parametrize(
    ("event", "platform", "address"),
    [
        pytest.param({"user": {"ip_address": "{{auto}}"}}, "python", "203.0.113.7", id="asked for"),
        pytest.param(
            {"user": {"ip_address": "198.51.100.9"}}, "python", "198.51.100.9", id="given"
        ),
        pytest.param({}, "python", "", id="a server does not ask"),
        pytest.param({}, "javascript", "203.0.113.7", id="an old browser SDK means it"),
        pytest.param({"sdk": {"settings": {"infer_ip": "never"}}}, "javascript", "", id="never"),
        pytest.param(
            {"user": {"ip_address": "{{auto}}"}, "sdk": {"settings": {"infer_ip": "never"}}},
            "go",
            "",
            id="both",
        ),
        pytest.param(
            {"user": {"ip_address": "{{auto}}"}, "request": {"env": {"REMOTE_ADDR": "192.0.2.1"}}},
            "python",
            "192.0.2.1",
            id="behind the application",
        ),
    ],
)
def test_addresses_are_filled_in_only_when_wanted(
    event: JsonValue, platform: str, address: str
) -> None:
    assert read_out(event, replace(FACTS, platform=platform)).user_address == address


def test_fields_in_tags_move_to_their_field() -> None:
    event = read_out({"tags": {"environment": "qa", "release": "1.0", "color": "red"}})

    assert (event.environment, event.release, event.tags) == ("qa", "1.0", {"color": "red"})


def test_links_to_other_signals_are_read() -> None:
    event = read_out(
        {
            "contexts": {
                "trace": {"trace_id": "A" * 32, "span_id": "b" * 16},
                "replay": {"replay_id": "c" * 32},
                "profile": {"profiler_id": "d" * 32},
            }
        }
    )

    assert (event.trace_id, event.span_id) == ("a" * 32, "b" * 16)
    assert (event.replay_id, event.profile_id) == ("c" * 32, "d" * 32)


def test_what_is_too_much_is_cut_and_said() -> None:
    frames = [{"function": f"f{number}"} for number in range(5_000)]
    event = read_out(
        {
            "exception": [{"type": "A", "value": "v" * 20_000, "stacktrace": {"frames": frames}}]
            * 40,
            "tags": {f"tag{number}": "x" * 500 for number in range(10_000)},
            "breadcrumbs": [{"message": "m"}] * 3_000,
            "message": "m" * 20_000,
        }
    )

    body: Any = event.body
    traces = [each["stacktrace"]["frames"] for each in body["exception"]["values"]]
    meta = event.body["_meta"]
    assert isinstance(meta, dict)
    assert set(meta) == {"exception", "tags", "breadcrumbs", "logentry"}
    assert len(traces[-1]) == FRAMES_OLDEST_KEPT + FRAMES_NEWEST_KEPT
    assert (traces[-1][0]["function"], traces[-1][-1]["function"]) == ("f0", "f4999")
    assert sum(len(each) for each in traces) <= FRAME_COUNT_MAX + 40
    assert len(event.tags) == TAG_COUNT_MAX
    assert len(body["breadcrumbs"]["values"]) == BREADCRUMB_COUNT_MAX
    assert len(event.message) == TEXT_LENGTH_MAX


@given(st.dictionaries(KEYS, json_values))
def test_normalising_never_raises_and_is_idempotent(event: dict[str, JsonValue]) -> None:
    once = normalised(event)
    again = normalise_event(once.body, FACTS)

    assert replace(again, body={}) == replace(once, body={})
