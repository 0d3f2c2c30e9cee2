"""Whole traces and single spans, on every adapter."""

import json

import pytest

from tests.fakes.telemetry_rows import (
    DAY_NS,
    NOON_NS,
    SECOND_NS,
    a_resource,
    a_span,
    block_of,
    span_id,
    trace_id,
)
from vedette.model.answer import PackedTrace
from vedette.model.question import SpanQuestion, TraceQuestion
from vedette.native import trace_columns
from vedette.storage.telemetry.port import TRACE_COLUMNS, QuestionRefused, Telemetry

TRACE = trace_id(1).hex()


def put_trace(telemetry: Telemetry, *rows: dict[str, object]) -> None:
    whole = [{**row, "trace_id": trace_id(1)} for row in rows]
    telemetry.put([block_of("spans", whole)], token="trace")


def span_ids(telemetry: Telemetry, question: TraceQuestion) -> list[int]:
    answer = telemetry.trace(question)
    assert answer.names == TRACE_COLUMNS
    return [int(str(value), 16) for value in answer.columns[TRACE_COLUMNS.index("span_id")]]


def test_a_trace_has_all_its_spans_oldest_first(telemetry: Telemetry) -> None:
    put_trace(
        telemetry,
        a_span(3, start_time=NOON_NS + 30 * SECOND_NS),
        a_span(1, start_time=NOON_NS),
        a_span(2, start_time=NOON_NS + 10 * SECOND_NS, duration_ns=3_600 * SECOND_NS),
    )
    telemetry.put([block_of("spans", [a_span(9, trace_id=trace_id(9))])], token="other")

    assert span_ids(telemetry, TraceQuestion(TRACE, (1,))) == [1, 2, 3]


def test_a_trace_may_last_for_days_and_come_late(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1, start_time=NOON_NS - 12 * DAY_NS), a_span(3))
    late = a_span(2, trace_id=trace_id(1), start_time=NOON_NS - DAY_NS)
    telemetry.put([block_of("spans", [late])], token="late")

    assert span_ids(telemetry, TraceQuestion(TRACE, (1,))) == [1, 2, 3]


def test_a_span_that_came_twice_is_given_once(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1), a_span(2))
    telemetry.put([block_of("spans", [a_span(1), a_span(1)])], token="again")

    assert span_ids(telemetry, TraceQuestion(TRACE, (1,))) == [1, 2]


def test_an_unknown_trace_has_no_spans(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1))

    for unknown in (trace_id(2).hex(), "", "no id", TRACE[:-1], TRACE + "0", "'" * 32):
        assert span_ids(telemetry, TraceQuestion(unknown, (1,))) == []


def test_a_trace_is_found_whatever_the_case_of_its_id(telemetry: Telemetry) -> None:
    wanted = bytes.fromhex("ab" * 16)
    telemetry.put([block_of("spans", [a_span(5, trace_id=wanted)])], token="a")

    assert span_ids(telemetry, TraceQuestion("AB" * 16, (1,))) == [5]


def test_only_spans_of_the_asked_projects_are_seen(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1), a_span(2, project_id=2), a_span(3, project_id=3))

    assert span_ids(telemetry, TraceQuestion(TRACE, (1, 3))) == [1, 3]
    assert span_ids(telemetry, TraceQuestion(TRACE, ())) == []
    assert span_ids(telemetry, TraceQuestion(TRACE, (7,))) == []


def test_a_trace_that_is_cut_says_so(telemetry: Telemetry) -> None:
    put_trace(telemetry, *(a_span(n, start_time=NOON_NS + n) for n in range(5)))

    cut = telemetry.trace(TraceQuestion(TRACE, (1,), span_count_max=4))
    whole = telemetry.trace(TraceQuestion(TRACE, (1,), span_count_max=5))

    assert (cut.row_count, cut.was_cut) == (4, True)
    assert (whole.row_count, whole.was_cut) == (5, False)


def test_more_spans_than_can_be_read_are_refused(telemetry: Telemetry) -> None:
    for count in (0, 1_000_001):
        with pytest.raises(QuestionRefused, match="spans"):
            telemetry.trace(TraceQuestion(TRACE, (1,), span_count_max=count))


def test_each_span_of_a_trace_is_shown_by_the_names_of_the_port(telemetry: Telemetry) -> None:
    put_trace(
        telemetry,
        a_span(1, kind="client", status="error", parent_span_id=span_id(8), duration_ns=7),
    )

    (row,) = telemetry.trace(TraceQuestion(TRACE, (1,))).rows()

    assert row["span_id"] == span_id(1).hex()
    assert row["parent_span_id"] == span_id(8).hex()
    assert row["segment_id"] == "0" * 16
    assert (row["start_time"], row["duration_ns"]) == (NOON_NS, 7)
    assert (row["kind"], row["status"], row["is_segment"]) == ("client", "error", False)


def test_one_span_is_shown_with_everything_that_was_kept(telemetry: Telemetry) -> None:
    put_trace(
        telemetry,
        a_span(
            1,
            resource_id=5,
            http_status=404,
            http_method="GET",
            user_id="u",
            attr_str={"a": "b"},
            attr_num={"n": 1.5},
            attr_bool={"t": True},
            event_times=[NOON_NS + 1],
            event_names=["exception"],
            event_attributes=['{"exception.type":"E"}'],
            link_trace_ids=[trace_id(4)],
            link_span_ids=[span_id(4)],
            link_attributes=[""],
        ),
        a_span(2),
    )
    telemetry.put(
        [block_of("resources", [a_resource(5, attr_str={"host": "h"}, attr_num={"cpus": 2.0})])],
        token="a",
    )

    (row,) = telemetry.span(SpanQuestion(TRACE, span_id(1).hex(), (1,))).rows()

    assert row["attributes"] == {
        "a": "b",
        "n": 1.5,
        "t": True,
        "http.request.method": "GET",
        "http.response.status_code": 404,
        "user.id": "u",
    }
    assert row["resource_attributes"] == {"host": "h", "cpus": 2.0}
    assert row["events"] == [
        {"time": NOON_NS + 1, "name": "exception", "attributes": {"exception.type": "E"}}
    ]
    assert row["links"] == [
        {"trace_id": trace_id(4).hex(), "span_id": span_id(4).hex(), "attributes": {}}
    ]
    assert tuple(row)[: len(TRACE_COLUMNS)] == TRACE_COLUMNS


def test_an_unknown_span_has_no_row(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1))

    for trace, span, projects in (
        (TRACE, span_id(2).hex(), (1,)),
        (TRACE, "x", (1,)),
        (trace_id(2).hex(), span_id(1).hex(), (1,)),
        (TRACE, span_id(1).hex(), (2,)),
        (TRACE, span_id(1).hex(), ()),
    ):
        answer = telemetry.span(SpanQuestion(trace, span, projects))
        assert answer.row_count == 0
        assert "attributes" in answer.names


def test_a_resource_of_another_project_is_not_shown(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1, resource_id=5))
    foreign = a_resource(5, project_id=2, attr_str={"secret": "s"})
    telemetry.put([block_of("resources", [foreign])], token="a")

    (row,) = telemetry.span(SpanQuestion(TRACE, span_id(1).hex(), (1,))).rows()

    assert row["resource_attributes"] == {}


def test_the_packed_form_has_the_same_spans(telemetry: Telemetry) -> None:
    many = [
        a_span(number, start_time=NOON_NS + number, name=f"n{number}") for number in range(1, 20)
    ]
    put_trace(telemetry, *many)
    again = [{**row, "trace_id": trace_id(1)} for row in many[:3]]
    telemetry.put([block_of("spans", again)], token="again")

    packed = telemetry.packed_trace(TraceQuestion(TRACE, (1,)))

    (shown, start_ns, _, _), (body, _) = trace_columns(packed.rows)
    columns = json.loads(body)
    whole = telemetry.trace(TraceQuestion(TRACE, (1,)))
    place = whole.names.index
    assert packed.total == 0
    assert shown == whole.row_count
    assert columns["spanId"] == list(whole.columns[place("span_id")])
    for column, name in (("name", "name"), ("status", "status"), ("kind", "kind")):
        values, indexes = columns[column]["values"], columns[column]["indexes"]
        assert [values[index] for index in indexes] == list(whole.columns[place(name)])
    assert [start_ns + each for each in columns["startNs"]] == list(
        whole.columns[place("start_time")]
    )


def test_a_packed_trace_that_is_cut_has_the_earliest_spans_and_the_one_that_is_wanted(
    telemetry: Telemetry,
) -> None:
    put_trace(telemetry, *(a_span(number, start_time=NOON_NS + number) for number in range(1, 9)))

    packed = telemetry.packed_trace(
        TraceQuestion(TRACE, (1,), span_count_max=3, span_id=span_id(7).hex())
    )

    columns = json.loads(trace_columns(packed.rows)[1][0])
    assert columns["spanId"] == [span_id(number).hex() for number in (1, 2, 3, 7)]
    assert packed.total == 8


def test_an_unknown_or_foreign_packed_trace_is_empty(telemetry: Telemetry) -> None:
    put_trace(telemetry, a_span(1))

    for question in (TraceQuestion("f" * 32, (1,)), TraceQuestion(TRACE, (2,))):
        assert telemetry.packed_trace(question) == PackedTrace(b"")
