"""What is kept: a ratio, the caller's decision, and always what failed here."""

from __future__ import annotations

import pytest
from opentelemetry import trace
from opentelemetry.trace import SpanKind, TraceFlags
from tests.memory_exporter import recorded

import waymark
from waymark import sampling

UNSAMPLED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"}
SAMPLED = {"traceparent": "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"}


def test_an_unsampled_trace_that_goes_well_is_not_kept() -> None:
    with recorded(sample_ratio=0.0) as memory:
        with memory.tracer.with_span("outer"), memory.tracer.with_span("inner"):
            pass

        assert memory.spans() == []


def test_an_unsampled_trace_that_fails_is_kept_whole() -> None:
    with recorded(sample_ratio=0.0) as memory:
        with memory.tracer.with_span("outer"):
            with memory.tracer.with_span("before"):
                pass
            with pytest.raises(KeyError), memory.tracer.with_span("inner"):
                raise KeyError("ticket")

        assert [span.name for span in memory.spans()] == ["before", "inner", "outer"]


def test_callees_still_see_it_as_unsampled() -> None:
    with recorded(sample_ratio=0.0) as memory, memory.tracer.with_span("outer"):
        headers: dict[str, str] = {}
        waymark.inject(headers)

        assert int(headers["traceparent"][-2:], 16) & TraceFlags.SAMPLED == 0


def test_keeping_errors_can_be_switched_off() -> None:
    with recorded(sample_ratio=0.0, is_error_always_kept=False) as memory:
        with memory.tracer.with_span("outer") as span:
            span.set_error("failed")

        assert memory.spans() == []


@pytest.mark.parametrize(("headers", "is_kept"), [(SAMPLED, True), (UNSAMPLED, False)])
@pytest.mark.parametrize("ratio", [0.0, 1.0])
def test_the_caller_decides_whatever_our_ratio(
    headers: dict[str, str],
    is_kept: bool,  # noqa: FBT001 - one column of the table
    ratio: float,
) -> None:
    with recorded(sample_ratio=ratio) as memory:
        caller = waymark.extract_trace_context(headers)
        with memory.tracer.span("serve").kind(SpanKind.SERVER).child_of(caller).scope():
            pass

        assert bool(memory.spans()) is is_kept


def test_a_ratio_keeps_about_its_share() -> None:
    with recorded(sample_ratio=0.25) as memory:
        for _ in range(2_000):
            with memory.tracer.with_span("root"):
                pass

        # Thirteen standard deviations to either side.
        assert 250 < len(memory.spans()) < 750


def test_what_is_held_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "HELD_SPAN_COUNT_MAX", 3)
    with recorded(sample_ratio=0.0) as memory:
        with memory.tracer.with_span("outer") as outer:
            for number in range(10):
                with memory.tracer.with_span(f"step {number}"):
                    pass
            outer.set_error("failed in the end")

        assert [span.name for span in memory.spans()] == ["step 8", "step 9", "outer"]


def test_the_oldest_trace_is_let_go_when_too_many_are_open(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sampling, "HELD_TRACE_COUNT_MAX", 2)
    with recorded(sample_ratio=0.0) as memory:
        roots = [memory.tracer.span(f"root {number}").start() for number in range(3)]
        for root in roots:
            parent = trace.set_span_in_context(root.otel)
            with memory.tracer.span("step").child_of(parent).scope():
                pass
        for root in roots:
            root.set_error("failed")
            root.end()

        names = [span.name for span in memory.spans()]
        assert names == ["root 0", "step", "root 1", "step", "root 2"]
