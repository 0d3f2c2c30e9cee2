"""Metrics over time, by the engine and by its judge."""

import pytest

from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_metric, block_of, span_id, trace_id
from vedette.model.json_value import JsonObject
from vedette.model.question import TimeRange
from vedette.query.metric_answer import ask_metrics
from vedette.query.metric_names import ask_metric_names
from vedette.query.metric_query import MetricRequest
from vedette.query.refusal import QuestionWrong
from vedette.storage.telemetry.port import Telemetry

MINUTE_NS = 60 * SECOND_NS
RANGE = TimeRange(NOON_NS, NOON_NS + 3 * MINUTE_NS)


def request(name: str, aggregate: str, **given: object) -> MetricRequest:
    asked: dict[str, object] = {
        "name": name,
        "aggregate": aggregate,
        "search": "",
        "project_slugs": {1: "web"},
        "time_range": RANGE,
        "now_ns": RANGE.end_ns,
        "interval": "1m",
        **given,
    }
    return MetricRequest(**asked)  # type: ignore[arg-type] # what a test gives fits


def put(telemetry: Telemetry, *points: dict[str, object]) -> None:
    telemetry.put([block_of("metrics", [a_metric(**each) for each in points])], token="1")


def values(answer: JsonObject) -> list[object]:
    lines = answer["lines"]
    assert isinstance(lines, list)
    return [(each["group"], each["values"]) for each in lines if isinstance(each, dict)]


def total(minute: float, value: float, **given: object) -> dict[str, object]:
    return {
        "name": "requests",
        "type": "sum",
        "is_monotonic": True,
        "temporality": "cumulative",
        "series_id": 2**63 + 1,
        "time": NOON_NS + int(minute * MINUTE_NS),
        "start_time": NOON_NS - 3_600 * SECOND_NS,
        "value": value,
        **given,
    }


def test_totals_are_told_as_what_was_added_and_restarts_are_no_falls(telemetry: Telemetry) -> None:
    put(
        telemetry,
        total(-1, 100.0),
        total(0.5, 160.0),
        total(1.5, 30.0, start_time=NOON_NS + MINUTE_NS),
        total(2.5, 40.0, start_time=NOON_NS + MINUTE_NS),
        total(0.5, 7.0, series_id=2**63 + 2, start_time=NOON_NS, attr_str={"host": "b"}),
        total(0.5, 9.0, project_id=2),
        total(0.6, 9.0, is_stale=True),
    )

    increase = ask_metrics(telemetry, request("requests", "increase"), None, "")
    rate = ask_metrics(telemetry, request("requests", "rate", group_by=("host",)), None, "")

    assert values(increase) == [({}, [67.0, 30.0, 10.0])]
    assert values(rate) == [
        ({"host": None}, [1.0, 0.5, 10 / 60]),
        ({"host": "b"}, [7 / 60, None, None]),
    ]
    assert increase["seriesCount"] == 2


def test_quantiles_of_histograms_and_the_traces_behind_them(telemetry: Telemetry) -> None:
    put(
        telemetry,
        {
            "name": "duration",
            "type": "histogram",
            "temporality": "delta",
            "count": 4,
            "sum": 50.0,
            "bounds": [10.0, 20.0],
            "bucket_counts": [2, 2, 0],
            "exemplar_times": [NOON_NS + 5],
            "exemplar_values": [17.5],
            "exemplar_trace_ids": [trace_id(7)],
            "exemplar_span_ids": [span_id(8)],
            "exemplar_attributes": ["{}"],
        },
        {
            "name": "size",
            "type": "exponential_histogram",
            "temporality": "delta",
            "count": 4,
            "sum": 7.0,
            "scale": -1,
            "positive_offset": 1,
            "positive_counts": [4],
        },
    )

    p75 = ask_metrics(telemetry, request("duration", "p75"), None, "")
    average = ask_metrics(telemetry, request("duration", "avg"), None, "")
    exponential = ask_metrics(telemetry, request("size", "p50"), None, "")

    assert values(p75) == [({}, [15.0, None, None])]
    assert values(average) == [({}, [12.5, None, None])]
    assert values(exponential) == [({}, [10.0, None, None])]
    assert p75["exemplars"] == [
        {
            "timestamp": NOON_NS // 1_000_000,
            "value": 17.5,
            "trace": trace_id(7).hex(),
            "spanId": span_id(8).hex(),
        }
    ]


def test_two_metrics_under_a_formula(telemetry: Telemetry) -> None:
    counter = {"type": "counter", "temporality": "delta", "is_monotonic": True}
    put(
        telemetry,
        {"name": "failed", "value": 1.0, **counter},
        {"name": "all", "value": 3.0, **counter},
        {"name": "all", "value": 1.0, **counter},
        {"name": "all", "value": 1.0, "time": NOON_NS + MINUTE_NS, **counter},
    )

    share = ask_metrics(
        telemetry, request("failed", "increase"), request("all", "increase"), "a / b"
    )

    assert values(share) == [({}, [0.25, None, None])]
    with pytest.raises(QuestionWrong, match="formula must be one of"):
        ask_metrics(telemetry, request("failed", "sum"), request("all", "sum"), "a^b")


def test_gauges_have_averages_and_no_rates(telemetry: Telemetry) -> None:
    put(
        telemetry,
        {"name": "load", "type": "gauge", "value": 1.0},
        {"name": "load", "type": "gauge", "value": 4.0},
    )

    assert values(ask_metrics(telemetry, request("load", "avg"), None, "")) == [
        ({}, [2.5, None, None])
    ]
    with pytest.raises(QuestionWrong, match="A gauge has no rate"):
        ask_metrics(telemetry, request("load", "rate"), None, "")


def test_too_many_series_are_refused_with_the_attribute_that_makes_them(
    telemetry: Telemetry,
) -> None:
    put(
        telemetry,
        *(
            {"name": "load", "type": "gauge", "series_id": n, "attr_str": {"pod": str(n), "a": "b"}}
            for n in range(2_001)
        ),
    )

    with pytest.raises(QuestionWrong, match=r"2001 series .* has pod\."):
        ask_metrics(telemetry, request("load", "avg"), None, "")


def test_names_say_kind_and_series(telemetry: Telemetry) -> None:
    put(telemetry, total(0, 1.0), total(1, 2.0), total(1, 2.0, series_id=3))

    answer = ask_metric_names(
        telemetry,
        search="",
        project_slugs={1: "web"},
        time_range=RANGE,
        now_ns=RANGE.end_ns,
    )

    assert answer["metrics"] == [
        {
            "name": "requests",
            "type": "sum",
            "unit": None,
            "temporality": "cumulative",
            "isMonotonic": True,
            "seriesCount": 2,
            "pointCount": 3,
            "lastSeen": "2026-01-01T12:01:00Z",
        }
    ]
