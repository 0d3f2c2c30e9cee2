"""What services do, whom they call, and lists of traces, on every adapter."""

import dataclasses
from typing import Any

import pytest

from tests.fakes.telemetry_rows import (
    NOON_NS,
    SECOND_NS,
    a_span,
    block_of,
    span_id,
    trace_id,
)
from vedette.model.answer import Answer
from vedette.model.question import TimeRange
from vedette.model.service_question import (
    CallsQuestion,
    LinksQuestion,
    OperationGroup,
    OperationsQuestion,
    TraceSummariesQuestion,
)
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

HOUR = TimeRange(NOON_NS, NOON_NS + 3_600 * SECOND_NS)
ALL = OperationsQuestion((1,), HOUR)
MILLISECOND_NS = 1_000_000


def put(telemetry: Telemetry, *spans: dict[str, object], token: str = "spans") -> None:
    telemetry.put([block_of("spans", spans)], token=token)


def entry(number: int, service: str = "shop", **given: object) -> dict[str, object]:
    return a_span(number, service=service, kind="server", is_segment=True, **given)


def rows(answer: Answer, *names: str) -> list[tuple[Any, ...]]:
    return [tuple(row[name] for name in names) for row in answer.rows()]


def test_operations_are_counted_with_what_was_sampled_away(telemetry: Telemetry) -> None:
    put(
        telemetry,
        entry(1, name="GET /user/17", duration_ns=10 * MILLISECOND_NS),
        entry(2, name="GET /user/4", duration_ns=30 * MILLISECOND_NS, sample_rate=0.25),
        entry(3, name="GET /user/5", duration_ns=20 * MILLISECOND_NS, status="error"),
        entry(4, "stock", name="take"),
        a_span(5, service="shop", name="inner"),
    )

    answer = telemetry.operations(
        dataclasses.replace(ALL, group_by=(OperationGroup.SERVICE, OperationGroup.OPERATION))
    )

    assert rows(answer, "service", "operation", "span_count", "count", "error_count") == [
        ("shop", "GET /user/*", 3, 6, 1),
        ("stock", "take", 1, 1, 0),
    ]
    first = answer.rows()[0]
    assert first["duration_sum"] == 150 * MILLISECOND_NS
    assert first["duration_max"] == 30 * MILLISECOND_NS
    assert first["p95"] == pytest.approx(30 * MILLISECOND_NS, rel=0.01)
    assert first["slowest_trace"] == trace_id(2).hex()
    assert first["error_trace"] == trace_id(3).hex()
    assert answer.rows()[1]["error_trace"] == ""


def test_a_block_that_is_put_again_counts_nothing_twice(telemetry: Telemetry) -> None:
    spans = [
        entry(1),
        a_span(
            2,
            kind="client",
            link_trace_ids=[trace_id(1)],
            link_span_ids=[span_id(1)],
            link_attributes=["{}"],
        ),
    ]
    put(telemetry, *spans)
    put(telemetry, *spans)

    assert rows(telemetry.operations(ALL), "span_count") == [(1,)]
    links = telemetry.links(LinksQuestion((trace_id(1).hex(),), (1,)))
    assert links.row_count == 1


def test_operations_are_asked_by_service_environment_kind_and_time(telemetry: Telemetry) -> None:
    put(
        telemetry,
        entry(1, environment="live"),
        entry(2, environment="live", start_time=NOON_NS + 90 * SECOND_NS),
        entry(3, environment="test"),
        entry(4, "stock"),
        entry(5, project_id=2),
        entry(6, start_time=NOON_NS - SECOND_NS),
        a_span(7, service="shop", op="db.query", kind="client"),
    )
    shop = dataclasses.replace(ALL, service="shop")

    series = telemetry.operations(
        dataclasses.replace(shop, environments=("live",), group_by=(), interval_s=60)
    )
    inner = telemetry.operations(
        dataclasses.replace(
            shop, is_entry=False, op_prefix="db", group_by=(OperationGroup.KIND, OperationGroup.OP)
        )
    )

    assert rows(series, "time", "count") == [(NOON_NS, 1), (NOON_NS + 60 * SECOND_NS, 1)]
    assert rows(inner, "kind", "op", "count") == [("client", "db.query", 1)]
    assert rows(telemetry.operations(ALL), "service", "count") == [("shop", 3), ("stock", 1)]
    assert telemetry.operations(dataclasses.replace(ALL, project_ids=())).row_count == 0
    nothing = dataclasses.replace(ALL, group_by=(), service="nobody")
    assert telemetry.operations(nothing).row_count == 0


def test_operations_are_entries_and_calls_not_what_a_service_does_within(
    telemetry: Telemetry,
) -> None:
    put(
        telemetry,
        entry(1, name="enter"),
        a_span(2, name="compute", kind="internal"),
        a_span(3, name="render"),
        a_span(4, name="publish", kind="producer"),
        a_span(5, name="select", db_system="sqlite", description="SELECT 1"),
        a_span(6, name="enqueue", messaging_destination="orders"),
        a_span(7, name="ask", peer_service="stock"),
        a_span(8, name="fetch", op="http.client"),
    )

    answer = telemetry.operations(
        dataclasses.replace(ALL, is_entry=None, group_by=(OperationGroup.OPERATION,))
    )

    names = sorted(operation for (operation,) in rows(answer, "operation"))
    assert names == ["SELECT ?", "ask", "enqueue", "enter", "fetch", "publish"]


def test_more_groups_than_asked_for_are_cut_and_said_so(telemetry: Telemetry) -> None:
    put(telemetry, entry(1), entry(2, "stock"), entry(3, "stock"))

    answer = telemetry.operations(dataclasses.replace(ALL, row_count_max=1))

    assert rows(answer, "service") == [("stock",)]
    assert answer.was_cut


@pytest.mark.parametrize("wrong", [{"interval_s": 90}, {"interval_s": 1}, {"row_count_max": 0}])
def test_operations_that_ask_for_too_much_are_refused(
    telemetry: Telemetry, wrong: dict[str, int]
) -> None:
    with pytest.raises(QuestionRefused):
        telemetry.operations(dataclasses.replace(ALL, **wrong))  # type: ignore[arg-type] # whole numbers


def call(
    number: int, *, at_s: int = 0, called_at_s: int = 0, **given: object
) -> list[dict[str, object]]:
    """Return both ends of a call from `web` to `shop`."""
    arrived_ms = NOON_NS // MILLISECOND_NS
    caller = a_span(
        number,
        service="web",
        kind="client",
        server_address="shop.internal",
        received_at=arrived_ms + at_s * 1000,
    )
    called = a_span(
        number + 1000,
        trace_id=trace_id(number),
        parent_span_id=span_id(number),
        is_segment=True,
        kind="server",
        service="shop",
        received_at=arrived_ms + called_at_s * 1000,
        **given,
    )
    return [caller, called]


def settle(telemetry: Telemetry) -> None:
    while telemetry.settle_calls(arrived_before_ns=NOON_NS + 3_600 * SECOND_NS):
        pass


def test_a_call_is_one_edge_from_caller_to_called(telemetry: Telemetry) -> None:
    put(
        telemetry,
        *call(1, duration_ns=5 * MILLISECOND_NS),
        *call(2, duration_ns=9 * MILLISECOND_NS, status="error"),
        # The batches of two services come in some seconds apart, in either order.
        *call(3, at_s=12, called_at_s=25, duration_ns=5 * MILLISECOND_NS),
        *call(4, at_s=40, called_at_s=30, duration_ns=5 * MILLISECOND_NS, sample_rate=0.5),
    )

    settle(telemetry)

    answer = telemetry.calls(CallsQuestion((1,), HOUR))
    assert rows(answer, "caller", "kind", "called", "call_count", "count", "error_count") == [
        ("web", "service", "shop", 4, 5, 1)
    ]
    assert answer.rows()[0]["p95"] == pytest.approx(9 * MILLISECOND_NS, rel=0.05)


def test_what_sends_no_telemetry_is_named_by_its_callers(telemetry: Telemetry) -> None:
    client: dict[str, object] = {"service": "shop", "kind": "client"}
    put(
        telemetry,
        a_span(1, **client, db_system="postgresql", server_address="db1"),
        a_span(2, **client, server_address="api.bank.example"),
        a_span(3, **client, attr_str={"url.full": "https://mail.example/send?x=1"}),
        a_span(4, **client, rpc_service="rates.Rates"),
        a_span(5, service="shop", kind="producer", messaging_destination="orders"),
        a_span(6, service="shop", kind="internal"),
        entry(7),
    )

    settle(telemetry)

    answer = telemetry.calls(CallsQuestion((1,), HOUR))
    assert rows(answer, "caller", "kind", "called") == [
        ("", "service", "shop"),
        ("shop", "database", "postgresql db1"),
        ("shop", "http", "api.bank.example"),
        ("shop", "http", "mail.example"),
        ("shop", "queue", "orders"),
        ("shop", "rpc", "rates.Rates"),
    ]


def test_a_consumer_is_called_by_the_producer_that_it_links_to(telemetry: Telemetry) -> None:
    producer = a_span(1, service="shop", kind="producer", messaging_destination="orders")
    consumer = entry(2, "packing") | {
        "kind": "consumer",
        "messaging_destination": "orders",
        "link_trace_ids": [trace_id(1)],
        "link_span_ids": [span_id(1)],
        "link_attributes": ["{}"],
    }
    put(telemetry, producer, consumer)

    settle(telemetry)

    answer = telemetry.calls(CallsQuestion((1,), HOUR))
    assert rows(answer, "caller", "kind", "called") == [("shop", "queue", "packing")]


def test_calls_are_settled_once_and_only_when_both_ends_had_their_time(
    telemetry: Telemetry,
) -> None:
    put(telemetry, *call(1))

    assert telemetry.settle_calls(arrived_before_ns=NOON_NS + 30 * SECOND_NS) == 0
    assert telemetry.settle_calls(arrived_before_ns=NOON_NS + 31 * SECOND_NS) == 1
    assert telemetry.settle_calls(arrived_before_ns=NOON_NS + 31 * SECOND_NS) == 0
    assert telemetry.calls_settled_until_ns() == NOON_NS
    assert rows(telemetry.calls(CallsQuestion((1,), HOUR)), "count") == [(1,)]


def test_calls_of_projects_that_may_not_be_seen_are_not_shown(telemetry: Telemetry) -> None:
    put(telemetry, *call(1), *call(2, project_id=2))

    settle(telemetry)

    assert rows(telemetry.calls(CallsQuestion((1,), HOUR)), "called", "count") == [("shop", 1)]
    assert rows(telemetry.calls(CallsQuestion((1, 2), HOUR)), "count") == [(2,)]
    assert telemetry.calls(CallsQuestion((), HOUR)).row_count == 0


def linked(number: int, to: int) -> dict[str, object]:
    return a_span(
        number,
        start_time=NOON_NS + number,
        kind="consumer",
        name=f"receive {number}",
        link_trace_ids=[trace_id(to)],
        link_span_ids=[span_id(to)],
        link_attributes=['{"why":"batch"}'],
    )


def test_links_are_seen_from_both_sides(telemetry: Telemetry) -> None:
    put(telemetry, a_span(1), linked(2, to=1), linked(3, to=2), linked(9, to=8))

    answer = telemetry.links(LinksQuestion((trace_id(2).hex(),), (1,)))

    names = ("span_id", "other_trace_id", "other_span_id", "is_before", "name", "attributes")
    assert rows(answer, *names) == [
        (span_id(2).hex(), trace_id(1).hex(), span_id(1).hex(), 1, "receive 2", '{"why":"batch"}'),
        (span_id(2).hex(), trace_id(3).hex(), span_id(3).hex(), 0, "receive 3", '{"why":"batch"}'),
    ]
    assert telemetry.links(LinksQuestion((trace_id(2).hex(),), (2,))).row_count == 0
    assert telemetry.links(LinksQuestion(("no id",), (1,))).row_count == 0


def test_traces_are_summed_up_each_by_its_root(telemetry: Telemetry) -> None:
    in_one: dict[str, object] = {"trace_id": trace_id(1)}
    put(
        telemetry,
        a_span(1, **in_one, start_time=NOON_NS + 5, name="early", parent_span_id=span_id(99)),
        a_span(2, **in_one, start_time=NOON_NS + 10, name="root", service="web", duration_ns=100),
        a_span(
            3,
            **in_one,
            start_time=NOON_NS + 50,
            parent_span_id=span_id(2),
            service="shop",
            status="error",
            duration_ns=500,
        ),
        a_span(4, parent_span_id=span_id(77), name="orphan", service="web"),
    )
    put(
        telemetry,
        a_span(2, **in_one, start_time=NOON_NS + 10, name="root", service="web", duration_ns=100),
        token="again",
    )

    wanted = (trace_id(1).hex(), trace_id(4).hex(), trace_id(50).hex())
    answer = telemetry.trace_summaries(TraceSummariesQuestion(wanted, (1,)))

    names = ("trace_id", "start", "end", "span_count", "error_count", "services", "root_name")
    assert sorted(rows(answer, *names, "has_root", "root_duration_ns")) == [
        (
            trace_id(1).hex(),
            NOON_NS + 5,
            NOON_NS + 550,
            3,
            1,
            ["", "shop", "web"],
            "root",
            1,
            100,
        ),
        (trace_id(4).hex(), NOON_NS, NOON_NS, 1, 0, ["web"], "orphan", 0, 0),
    ]
    assert telemetry.trace_summaries(TraceSummariesQuestion(wanted, (2,))).row_count == 0


def test_too_many_traces_are_refused(telemetry: Telemetry) -> None:
    many = tuple(trace_id(number).hex() for number in range(1, 202))

    with pytest.raises(QuestionRefused):
        telemetry.links(LinksQuestion(many, (1,)))
    with pytest.raises(QuestionRefused):
        telemetry.trace_summaries(TraceSummariesQuestion(many, (1,)))
