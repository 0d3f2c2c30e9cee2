"""Metrics of Sentry SDKs."""

from typing import TypeAlias

import pytest

from tests.unit.native.sentry_rows import (
    CHILD,
    RECEIVED_NS,
    TRACE,
    Rows,
    attributes_of,
    decode,
    from_sentry_sdk,
    make_decoder,
    rows_of,
    shown,
    typed,
)
from vedette.model.json_value import JsonValue

SECOND_NS = 1_000_000_000
Fields: TypeAlias = dict[str, JsonValue]


def metric(**fields: JsonValue) -> Fields:
    """Return the least that is a measurement, and more."""
    least: Fields = {
        "timestamp": 1763985500.25,
        "trace_id": TRACE,
        "name": "bets",
        "type": "counter",
        "value": 2,
    }
    return least | fields


def metrics(*things: JsonValue, **context: JsonValue) -> Rows:
    return decode("sentry_metrics", "trace_metric", {"items": list(things)}, context=context)


def test_what_sentry_sdk_sends_becomes_what_was_measured() -> None:
    item = next(each for each in from_sentry_sdk("static") if each.kind == "trace_metric")
    received_ns = 1_900_000_000 * SECOND_NS

    rows = rows_of(
        make_decoder().sentry_metrics([(7, received_ns, item.kind, item.context, item.payload)], [])
    )

    names = ("name", "type", "value", "unit", "temporality", "is_monotonic")
    assert [shown(row, *names) for row in rows.tables["metrics"]] == [
        ("bets", "counter", 2.0, "bet", "delta", True),
        ("queue.depth", "gauge", 7.5, "", "unspecified", False),
        ("odds.latency", "distribution", 12.5, "millisecond", "unspecified", False),
    ]
    first = rows.tables["metrics"][0]
    assert shown(first, "release", "environment", "service", "protocol") == (
        "shop@1.2.3",
        "test",
        "shop",
        "sentry_metric",
    )
    assert attributes_of(first)["market"] == "winner"
    assert rows.counts == [(0, "trace_metric", "accepted", "", 3)]


def test_a_measurement_belongs_to_the_span_it_was_made_in() -> None:
    row = metrics(metric(span_id=CHILD)).only("metrics")

    assert shown(row, "trace_id", "span_id", "time", "start_time") == (
        TRACE,
        CHILD,
        RECEIVED_NS - 99_750_000_000,
        0,
    )


@pytest.mark.parametrize(
    ("given", "name"),
    [("a.b_c1", "a.b_c1"), ("a b/c", "a_b_c"), ("größe", "gr__e"), ("-", "_")],
)
def test_names_are_cleaned(given: str, name: str) -> None:
    assert metrics(metric(name=given)).only("metrics")["name"] == name


@pytest.mark.parametrize(
    "fields",
    [
        pytest.param({"name": ""}, id="no name"),
        pytest.param({"name": 3}, id="name of a wrong type"),
        pytest.param({"type": "histogram"}, id="unknown type"),
        pytest.param({"value": None}, id="no value"),
        pytest.param({"value": "x"}, id="value of a wrong type"),
    ],
)
def test_one_that_means_nothing_harms_no_other(fields: Fields) -> None:
    rows = metrics(metric(), metric(**fields), metric(name="last"))

    assert [row["name"] for row in rows.tables["metrics"]] == ["bets", "last"]
    assert rows.counts == [
        (0, "trace_metric", "accepted", "", 2),
        (0, "trace_metric", "invalid", "missing_field", 1),
    ]


def test_points_of_one_name_and_equal_attributes_are_one_series() -> None:
    one = metric(attributes=typed(a="x", b=1))
    same = metric(attributes=typed(b=1, a="x"), value=7, trace_id="f" * 32)
    others = [
        metric(attributes=typed(a="x", b="1")),
        metric(attributes=typed(a="x")),
        metric(attributes=typed(a="x", b=1), unit="bet"),
        metric(attributes=typed(a="x", b=1), name="other"),
    ]

    series = [row["series_id"] for row in metrics(one, same, *others).tables["metrics"]]

    assert series[0] == series[1]
    assert len(set(series)) == 5


def test_the_order_of_measurements_is_no_part_of_their_series() -> None:
    things = [metric(attributes=typed(sentry__timestamp__sequence=number)) for number in (0, 1)]

    first, second = metrics(*things).tables["metrics"]

    assert first["series_id"] == second["series_id"]
    assert attributes_of(first) == {}


@pytest.mark.parametrize("payload", [b"[]", b'{"items":', b"\xff\xfe"])
def test_what_is_no_container_is_lost_and_counted(payload: bytes) -> None:
    rows = decode("sentry_metrics", "trace_metric", payload)

    assert rows.tables == {}
    assert rows.counts == [(0, "trace_metric", "invalid", "unreadable", 1)]
