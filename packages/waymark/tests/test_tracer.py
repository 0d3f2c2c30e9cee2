"""Spans in one line: what they carry, how they nest, what becomes of errors."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, StatusCode
from tests.memory_exporter import recorded

import waymark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.memory_exporter import Recorded


@pytest.fixture
def memory() -> Iterator[Recorded]:
    with recorded() as running:
        yield running


def test_a_span_carries_what_was_set_on_it(memory: Recorded) -> None:
    with memory.tracer.with_span("orders.create", {"order.id": 7}) as span:
        span.set_attribute("seats", 2).add_event("order.created", {"total": 10}).set_ok()

    stored = memory.span("orders.create")
    assert dict(stored.attributes or {}) == {"order.id": 7, "seats": 2}
    assert [(event.name, dict(event.attributes or {})) for event in stored.events] == [
        ("order.created", {"total": 10})
    ]
    assert stored.status.status_code is StatusCode.OK
    assert stored.resource.attributes["service.name"] == "shop"


def test_inner_spans_are_children_of_outer_ones(memory: Recorded) -> None:
    with memory.tracer.with_span("outer") as outer:
        with memory.tracer.with_span("inner") as inner:
            assert memory.tracer.current().span_id == inner.span_id
        assert memory.tracer.current().span_id == outer.span_id

    parent = memory.span("inner").parent
    assert parent is not None
    assert parent.span_id == outer.context.span_id
    assert inner.trace_id == outer.trace_id


def test_plain_opentelemetry_joins_in(memory: Recorded) -> None:
    plain = memory.tracing.provider.get_tracer("plain")
    with memory.tracer.with_span("ours") as ours, plain.start_as_current_span("theirs"):
        assert trace.get_current_span().get_span_context().trace_id == ours.context.trace_id

    parent = memory.span("theirs").parent
    assert parent is not None
    assert parent.span_id == ours.context.span_id


def test_an_exception_is_recorded_and_goes_on(memory: Recorded) -> None:
    with pytest.raises(KeyError), memory.tracer.with_span("lookup"):
        raise KeyError("ticket")

    stored = memory.span("lookup")
    assert stored.status.status_code is StatusCode.ERROR
    assert stored.status.description == "KeyError: 'ticket'"
    (event,) = stored.events
    assert event.name == "exception"
    assert (event.attributes or {})["exception.type"] == "KeyError"


def test_an_error_can_be_told_without_an_exception(memory: Recorded) -> None:
    with memory.tracer.with_span("scan") as span:
        span.set_error("ticket was used before")

    stored = memory.span("scan")
    assert stored.status.description == "ticket was used before"
    assert not stored.events


def test_stopped_work_is_not_failed_work(memory: Recorded) -> None:
    with pytest.raises(KeyboardInterrupt), memory.tracer.with_span("long"):
        raise KeyboardInterrupt

    assert memory.span("long").status.status_code is StatusCode.UNSET


def test_a_decorated_function_has_a_span_for_every_call(memory: Recorded) -> None:
    @memory.tracer.with_span("price")
    def price(seats: int) -> int:
        """Say what it costs."""
        return seats * 10

    assert (price(2), price(seats=3)) == (20, 30)
    assert price.__doc__ == "Say what it costs."
    assert [span.name for span in memory.spans()] == ["price", "price"]


def test_coroutines_running_together_keep_their_own_children(memory: Recorded) -> None:
    @memory.tracer.with_span("outer")
    async def work(number: int) -> str:
        async with memory.tracer.with_span(f"inner {number}"):
            await asyncio.sleep(0)
        return memory.tracer.current().span_id

    async def both() -> tuple[str, str]:
        return await asyncio.gather(work(1), work(2))

    outer_ids = asyncio.run(both())

    for number, outer_id in enumerate(outer_ids, start=1):
        parent = memory.span(f"inner {number}").parent
        assert parent is not None
        assert f"{parent.span_id:016x}" == outer_id


def test_a_recursive_function_nests(memory: Recorded) -> None:
    @memory.tracer.with_span("down")
    def down(steps: int) -> None:
        if steps:
            down(steps - 1)

    down(2)

    parents = [span.parent and span.parent.span_id for span in memory.spans()]
    ids = [span.context.span_id for span in memory.spans() if span.context]
    assert parents == [*ids[1:], None]


def test_a_generator_cannot_be_decorated(memory: Recorded) -> None:
    def numbers() -> Iterator[int]:
        yield 1

    with pytest.raises(TypeError, match="generator"):
        memory.tracer.with_span("numbers")(numbers)


def test_a_builder_gives_kind_parent_and_links(memory: Recorded) -> None:
    with memory.tracer.with_span("order") as order:
        carried = order.traceparent
    caller = waymark.extract_trace_context({"traceparent": carried})
    other = trace.SpanContext(1, 2, is_remote=True)
    nobody = trace.SpanContext(0, 0, is_remote=True)

    builder = memory.tracer.span("POST /scan").kind(SpanKind.SERVER).child_of(caller)
    with (
        builder.attributes({"gate": 3}).link(other, {"why": "ticket"}).link(nobody).scope() as span
    ):
        assert span.trace_id == order.trace_id

    stored = memory.span("POST /scan")
    assert stored.kind is SpanKind.SERVER
    assert [(link.context, dict(link.attributes or {})) for link in stored.links] == [
        (other, {"why": "ticket"})
    ]
    assert dict(stored.attributes or {}) == {"gate": 3}


def test_a_builder_can_be_used_twice(memory: Recorded) -> None:
    builder = memory.tracer.span("again")

    first, second = builder.start(), builder.start()
    first.end()
    second.end()

    assert first.span_id != second.span_id
    assert len(memory.spans()) == 2


def test_without_a_current_span_everything_is_ignored(memory: Recorded) -> None:
    memory.tracer.current().set_attribute("a", 1).add_event("b").set_error("c")

    assert memory.spans() == []
