"""Spans that anybody on the internet may post: read what is good, say what is not, never raise."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import SpanKind, StatusCode

from waymark.browser_door import BODY_BYTES_MAX, SPAN_COUNT_MAX, read_browser_spans

NOW = 1_800_000_000_000_000_000
TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"


def good_span(**changes: object) -> dict[str, object]:
    span: dict[str, object] = {
        "traceId": TRACE,
        "spanId": SPAN,
        "name": "GET /api",
        "kind": 3,
        "startTimeUnixNano": str(NOW - 5_000_000),
        "endTimeUnixNano": str(NOW),
    }
    return {**span, **changes}


def body_of(*spans: object) -> bytes:
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": spans}]}]}).encode()


def test_a_good_span_is_read_whole() -> None:
    given_span = good_span(
        parentSpanId="00f067aa0ba902b7",
        attributes=[
            {"key": "a", "value": {"stringValue": "x"}},
            {"key": "b", "value": {"intValue": "5"}},
            {"key": "c", "value": {"doubleValue": 1.5}},
            {"key": "d", "value": {"boolValue": True}},
            {"key": "e", "value": {"kvlistValue": {}}},
        ],
        events=[{"name": "exception", "timeUnixNano": str(NOW - 1), "attributes": []}],
        status={"code": 2, "message": "HTTP 500"},
    )

    read = read_browser_spans(body_of(given_span), service_name="shop-browser", now_ns=NOW)

    assert read.faults == ()
    (span,) = read.spans
    assert span.context is not None
    assert f"{span.context.trace_id:032x}" == TRACE
    assert span.parent is not None
    assert not span.parent.is_remote
    assert dict(span.attributes or {}) == {"a": "x", "b": 5, "c": 1.5, "d": True}
    assert [(event.name, event.timestamp) for event in span.events] == [("exception", NOW - 1)]
    assert (span.kind, span.status.status_code) == (SpanKind.CLIENT, StatusCode.ERROR)
    assert span.status.description == "HTTP 500"
    assert span.resource.attributes["service.name"] == "shop-browser"


@pytest.mark.parametrize(
    ("changes", "fault"),
    [
        pytest.param({"traceId": "0" * 32}, "id is all zero", id="trace id zero"),
        pytest.param({"traceId": "xyz"}, "id is not 32 hexadecimal digits", id="trace id odd"),
        pytest.param({"traceId": 7}, "id is not 32 hexadecimal digits", id="trace id a number"),
        pytest.param({"spanId": "0" * 16}, "id is all zero", id="span id zero"),
        pytest.param({"parentSpanId": "1"}, "id is not 16 hexadecimal digits", id="parent odd"),
        pytest.param(
            {"startTimeUnixNano": "-1"}, "time is not nanoseconds as a text of digits", id="minus"
        ),
        pytest.param(
            {"endTimeUnixNano": None}, "time is not nanoseconds as a text of digits", id="no end"
        ),
        pytest.param(
            {"startTimeUnixNano": "1"}, "time is more than a day ago or in the future", id="1970"
        ),
        pytest.param(
            {"endTimeUnixNano": str(NOW * 2)},
            "time is more than a day ago or in the future",
            id="the future",
        ),
        pytest.param(
            {"startTimeUnixNano": str(NOW + 1)}, "span ends before it starts", id="backwards"
        ),
    ],
)
def test_a_bad_span_is_refused_by_name_and_its_neighbour_is_kept(
    changes: dict[str, object], fault: str
) -> None:
    body = body_of(good_span(**changes), good_span())

    read = read_browser_spans(body, service_name="shop-browser", now_ns=NOW)

    assert read.faults == (fault,)
    assert len(read.spans) == 1


@pytest.mark.parametrize(
    ("body", "fault"),
    [
        pytest.param(b"\xff{", "body is not JSON", id="not JSON"),
        pytest.param(b"[" * 60_000, "body is not JSON", id="nested without end"),
        pytest.param(b" " * (BODY_BYTES_MAX + 1), "body longer than 64 KiB", id="too long"),
    ],
)
def test_a_bad_body_is_refused_by_name(body: bytes, fault: str) -> None:
    assert read_browser_spans(body, service_name="s", now_ns=NOW).faults == (fault,)


def test_spans_beyond_the_bound_are_refused() -> None:
    body = body_of(*[good_span() for _ in range(SPAN_COUNT_MAX + 1)])

    read = read_browser_spans(body, service_name="s", now_ns=NOW)

    assert len(read.spans) == SPAN_COUNT_MAX
    assert read.faults == (f"more than {SPAN_COUNT_MAX} spans",)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)


@given(st.binary() | JSON_VALUES.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_are_read_without_raising(body: bytes) -> None:
    read_browser_spans(body, service_name="s", now_ns=NOW)


@given(
    st.dictionaries(
        st.sampled_from([*good_span(), "parentSpanId", "attributes", "events", "status"]),
        JSON_VALUES,
    )
)
def test_any_values_in_a_span_are_read_without_raising(changes: dict[str, object]) -> None:
    read = read_browser_spans(body_of(good_span(**changes)), service_name="s", now_ns=NOW)

    assert len(read.spans) + len(read.faults) == 1
