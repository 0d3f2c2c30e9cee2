"""The queue's promises: bounded, counted to the last span, patient, out of the way."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from opentelemetry import context as otel_context
from opentelemetry.sdk.trace import ReadableSpan

from waymark.span_queue import CHUNK_COUNT_MAX, QueueCounts, QueueSettings, SpanQueue

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

QUICK = QueueSettings(delay_s=0.01, retry_delay_s_first=0.001, retry_delay_s_max=0.002)
SPAN = ReadableSpan("work")


class ListStore:
    """A store that keeps spans in a list and can be told to fail, or to wait at the door."""

    def __init__(self, failures: int = 0, *, is_open: bool = True) -> None:
        self.kept: list[ReadableSpan] = []
        self.calls = 0
        self.is_closed = False
        self.was_suppressed = False
        self.entered = threading.Event()
        self.door = threading.Event()
        self._failures = failures
        if is_open:
            self.door.set()

    def pack(self, spans: Sequence[ReadableSpan]) -> list[ReadableSpan]:
        if any(span.name == "unpackable" for span in spans):
            raise ValueError("unpackable")
        return list(spans)

    def store(self, chunks: Sequence[list[ReadableSpan]]) -> bool:
        self.calls += 1
        self.was_suppressed = bool(otel_context.get_value("suppress_instrumentation"))
        self.entered.set()
        self.door.wait()
        if self.calls <= self._failures:
            if self.calls % 2:
                raise OSError("gone")
            return False
        self.kept.extend(span for chunk in chunks for span in chunk)
        return True

    def close(self) -> None:
        self.is_closed = True


def test_what_is_offered_is_stored_in_order() -> None:
    store = ListStore()
    queue = SpanQueue(store, QUICK)
    spans = [ReadableSpan(f"span {number}") for number in range(CHUNK_COUNT_MAX * 3 + 1)]

    for span in spans:
        queue.offer(span)

    assert queue.flush()
    assert store.kept == spans
    assert queue.counts() == QueueCounts(len(spans), len(spans), 0, 0, 0, 0)
    queue.stop()
    assert store.is_closed


def test_spans_go_out_without_being_asked_for(wait_until: Callable[..., None]) -> None:
    store = ListStore()
    queue = SpanQueue(store, QUICK)

    queue.offer(SPAN)

    wait_until(lambda: store.kept == [SPAN])
    queue.stop()


@pytest.mark.parametrize("failures", [1, 2, 5])
def test_a_store_that_fails_for_a_while_loses_nothing(failures: int) -> None:
    store = ListStore(failures)
    queue = SpanQueue(store, QUICK)

    for _ in range(10):
        queue.offer(SPAN)

    assert queue.flush()
    assert len(store.kept) == 10
    assert store.calls > failures
    assert queue.counts().dropped == 0
    queue.stop()


def test_a_batch_that_is_never_taken_is_counted_and_the_next_one_goes_on() -> None:
    store = ListStore(failures=3)
    queue = SpanQueue(
        store, QueueSettings(delay_s=0.01, retry_delay_s_first=0.001, attempt_count_max=3)
    )

    queue.offer(SPAN)
    assert queue.flush()
    queue.offer(SPAN)
    assert queue.flush()

    assert queue.counts() == QueueCounts(2, 1, 0, 1, 0, 0)
    queue.stop()


def test_a_full_queue_drops_newcomers_counts_them_and_does_not_block() -> None:
    store = ListStore(is_open=False)
    queue = SpanQueue(store, QueueSettings(span_count_max=100, delay_s=0.01))

    for _ in range(250):
        queue.offer(SPAN)

    counts = queue.counts()
    assert (counts.offered, counts.waiting, counts.dropped_full) == (250, 100, 150)
    store.door.set()
    assert queue.flush()
    assert queue.counts() == QueueCounts(250, 100, 150, 0, 0, 0)
    queue.stop()


def test_one_span_that_cannot_be_packed_does_not_stop_the_others() -> None:
    store = ListStore()
    queue = SpanQueue(store, QUICK)

    queue.offer(ReadableSpan("unpackable"))
    assert queue.flush()
    queue.offer(SPAN)
    assert queue.flush()

    assert store.kept == [SPAN]
    assert queue.counts().dropped_refused == 1
    queue.stop()


def test_stopping_counts_what_could_not_get_out() -> None:
    store = ListStore(is_open=False)
    queue = SpanQueue(store, QueueSettings(delay_s=0.01, stop_timeout_s=0.05))
    queue.offer(SPAN)
    assert store.entered.wait(5)
    queue.offer(SPAN)

    queue.stop()
    queue.offer(SPAN)

    assert queue.counts() == QueueCounts(3, 0, 0, 0, 3, 0)
    store.door.set()


def test_a_flush_that_cannot_be_done_in_time_says_so() -> None:
    store = ListStore(is_open=False)
    queue = SpanQueue(store, QUICK)
    queue.offer(SPAN)

    assert not queue.flush(timeout_s=0.05)

    store.door.set()
    assert queue.flush()
    queue.stop()


def test_the_store_s_own_calls_make_no_spans() -> None:
    store = ListStore()
    queue = SpanQueue(store, QUICK)
    queue.offer(SPAN)

    assert queue.flush()

    assert store.was_suppressed
    queue.stop()


def test_many_threads_offer_and_every_span_is_accounted_for() -> None:
    store = ListStore()
    queue = SpanQueue(store, QueueSettings(span_count_max=500, delay_s=0.01))

    def offer_many() -> None:
        for _ in range(2_000):
            queue.offer(SPAN)

    threads = [threading.Thread(target=offer_many) for _ in range(4)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert queue.flush()
    counts = queue.counts()
    assert counts.offered == 8_000
    assert counts.exported == len(store.kept) == 8_000 - counts.dropped_full
    queue.stop()


@settings(max_examples=25, deadline=None)
@given(
    offers=st.integers(0, 200),
    failures=st.integers(0, 4),
    room=st.integers(1, 200),
    attempts=st.integers(1, 3),
)
def test_offered_is_always_the_sum_of_what_became_of_it(
    offers: int, failures: int, room: int, attempts: int
) -> None:
    store = ListStore(failures)
    bounds = QueueSettings(
        span_count_max=room, delay_s=0.002, retry_delay_s_first=0.0005, attempt_count_max=attempts
    )
    queue = SpanQueue(store, bounds)
    for _ in range(offers):
        queue.offer(SPAN)
    queue.stop()

    counts = queue.counts()

    assert counts.offered == offers
    assert counts.offered == counts.exported + counts.dropped + counts.waiting
    assert counts.exported == len(store.kept)
    assert counts.waiting == 0
