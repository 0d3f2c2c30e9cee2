"""Logs of Sentry SDKs."""

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
    hex_of,
    make_decoder,
    resource_of,
    rows_of,
    shown,
    typed,
)
from vedette.model.json_value import JsonValue

SECOND_NS = 1_000_000_000
Fields: TypeAlias = dict[str, JsonValue]


def line(**fields: JsonValue) -> Fields:
    """Return the least that is a log line, and more."""
    least: Fields = {
        "timestamp": 1763985500.25,
        "trace_id": TRACE,
        "level": "info",
        "body": "hello",
    }
    return least | fields


def logs(*lines: JsonValue, kind: str = "log", **context: JsonValue) -> Rows:
    return decode("sentry_logs", kind, {"items": list(lines)}, context=context)


def test_what_sentry_sdk_sends_becomes_the_line_that_was_written() -> None:
    item = next(each for each in from_sentry_sdk("static") if each.kind == "log")
    received_ns = 1_900_000_000 * SECOND_NS

    rows = rows_of(
        make_decoder().sentry_logs([(7, received_ns, item.kind, item.context, item.payload)], [])
    )

    row = rows.only("logs")
    assert shown(row, "body", "template", "severity", "severity_number", "logger", "service") == (
        "settled 3 bets of u-1",
        "settled %s bets of %s",
        "warn",
        13,
        "shop.bets",
        "shop",
    )
    names = ("release", "environment", "platform", "origin", "protocol")
    assert shown(row, *names) == ("shop@1.2.3", "test", "python", "auto.log.stdlib", "sentry_log")
    assert hex_of(row["trace_id"]) != "0" * 32
    assert hex_of(row["span_id"]) != "0" * 16
    found = attributes_of(row)
    assert found["sentry.message.parameter.0"] == 3.0
    assert not any(name.startswith(("sentry.sdk.", "sentry.severity")) for name in found)
    assert resource_of(rows, row)["sentry.sdk.name"] == "sentry.python.fastapi"
    assert rows.counts == [
        (0, "log_item", "accepted", "", 1),
        (0, "log_byte", "accepted", "", len(item.payload)),
    ]


@pytest.mark.parametrize(
    ("fields", "span_id"),
    [
        pytest.param({"span_id": CHILD}, CHILD, id="python, go, java"),
        pytest.param(
            {"attributes": typed(sentry__trace__parent_span_id=CHILD)}, CHILD, id="javascript"
        ),
        pytest.param({"attributes": typed(parent_span_id=CHILD)}, CHILD, id="rust"),
        pytest.param({}, "0" * 16, id="no span"),
    ],
)
def test_the_active_span_is_found_where_each_sdk_puts_it(fields: Fields, span_id: str) -> None:
    row = logs(line(**fields)).only("logs")

    assert shown(row, "trace_id", "span_id") == (TRACE, span_id)
    assert attributes_of(row) == {}


def test_lines_of_one_time_keep_their_order() -> None:
    lines = [line(attributes=typed(sentry__timestamp__sequence=number)) for number in (2, 0, 1)]

    rows = logs(*lines).tables["logs"]

    assert [row["sequence"] for row in rows] == [2, 0, 1]
    assert len({hex_of(row["log_id"]) for row in rows}) == 3


def test_the_same_item_gives_the_same_ids_again() -> None:
    first, again = (logs(line()).only("logs") for _ in range(2))

    assert first["log_id"] == again["log_id"]


@pytest.mark.parametrize(
    ("fields", "number", "word"),
    [
        pytest.param({"level": "warning"}, 13, "warn", id="warning"),
        pytest.param({"level": "critical"}, 21, "fatal", id="critical"),
        pytest.param({"level": "ERROR"}, 17, "error", id="capitals"),
        pytest.param({"level": "notice"}, 0, "notice", id="own word"),
        pytest.param({"level": None, "severity_number": 18}, 18, "error", id="number alone"),
        pytest.param({"level": "error", "severity_number": 999}, 17, "error", id="no number"),
        pytest.param({"level": 3}, 9, "info", id="nothing"),
    ],
)
def test_severities_have_a_number_and_a_word(fields: Fields, number: int, word: str) -> None:
    row = logs(line(**fields)).only("logs")

    assert shown(row, "severity_number", "severity") == (number, word)


@pytest.mark.parametrize(
    ("body", "text"),
    [("", ""), (3, "3"), (True, "true"), ({"a": [1, None]}, '{"a":[1,null]}')],
)
def test_a_body_may_be_anything(body: JsonValue, text: str) -> None:
    assert logs(line(body=body)).only("logs")["body"] == text


def test_one_bad_line_harms_no_other() -> None:
    rows = logs(line(), None, {"timestamp": 1}, line(body="last"))

    assert [row["body"] for row in rows.tables["logs"]] == ["hello", "last"]
    assert rows.counts[:3] == [
        (0, "log_item", "accepted", "", 2),
        (0, "log_item", "invalid", "unreadable", 1),
        (0, "log_item", "invalid", "missing_field", 1),
    ]


def test_a_line_without_a_time_happened_when_it_was_received() -> None:
    assert logs(line(timestamp=None)).only("logs")["time"] == RECEIVED_NS


def test_an_unbelievable_time_is_moved_and_said_to_be() -> None:
    row = logs(line(timestamp="0001-01-01T00:00:00Z")).only("logs")

    assert row["time"] == RECEIVED_NS
    assert attributes_of(row) == {"vedette.time_moved": 0.0}


def test_the_single_line_of_early_betas_is_read() -> None:
    payload: Fields = {
        "severityText": "warn",
        "severityNumber": 13,
        "timeUnixNano": str(RECEIVED_NS - 1),
        "traceId": TRACE,
        "spanId": CHILD,
        "body": {"stringValue": "hello"},
        "attributes": [
            {"key": "a", "value": {"stringValue": "x"}},
            {"key": "n", "value": {"intValue": "3"}},
            {"key": "f", "value": {"doubleValue": 2.5}},
            {"key": "b", "value": {"boolValue": True}},
            {"key": "sentry.release", "value": {"stringValue": "r"}},
            {"value": {"stringValue": "no key"}},
        ],
    }

    rows = decode("sentry_logs", "otel_log", payload)

    row = rows.only("logs")
    assert shown(row, "body", "severity", "severity_number", "span_id", "release", "time") == (
        "hello",
        "warn",
        13,
        CHILD,
        "r",
        RECEIVED_NS - 1,
    )
    assert attributes_of(row) == {"a": "x", "n": 3.0, "f": 2.5, "b": True}
    assert rows.counts[0] == (0, "log_item", "accepted", "", 1)


def test_an_early_line_without_a_body_is_lost_and_counted() -> None:
    rows = decode("sentry_logs", "otel_log", {"traceId": TRACE})

    assert rows.counts == [(0, "log_item", "invalid", "missing_field", 1)]
