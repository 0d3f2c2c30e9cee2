"""Stand between the application and a store: bounded, counted, retried, never in the way.

OpenTelemetry's batch processor is bounded too, but it does not tell what it lost and gives a batch
one chance. Here `offered = exported + dropped + waiting`, always, and an outage is waited out.

    offer ──▶ fresh spans ──packer thread──▶ packed chunks ──storer thread──▶ store

Spans are packed soon because tens of thousands of waiting Python objects slow the whole program
down: the garbage collector visits them again and again. Bytes it does not visit.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Generic, Protocol, TypeVar

from opentelemetry import context as otel_context
from opentelemetry.sdk.trace.export import SpanExportResult

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.sdk.trace.export import SpanExporter

logger = logging.getLogger(__name__)

Packed = TypeVar("Packed")

CHUNK_COUNT_MAX: Final = 20
"""Spans packed in one go, some 0.1 ms: so long may the application wait for the interpreter. So few
objects also do not wake the garbage collector, which 50 did 120 times a second."""

CHUNK_PAUSE_S: Final = 50e-6
"""Between chunks the packer really sleeps, or it would take the interpreter back at once."""

SUPPRESS_INSTRUMENTATION: Final = "suppress_instrumentation"
"""OpenTelemetry's own key: a store's calls must not make spans of their own."""


class SpanStore(Protocol[Packed]):
    """Where a queue puts its spans."""

    def pack(self, spans: Sequence[ReadableSpan]) -> Packed:
        """Turn spans into the form in which they wait; quick, for it holds the interpreter."""

    def store(self, chunks: Sequence[Packed]) -> bool:
        """Keep all chunks or none; false when it is worth another try. May take its time."""

    def close(self) -> None:
        """Let go of connections."""


@dataclass(frozen=True, slots=True)
class QueueSettings:
    """Every bound of a queue, with the reason for its default."""

    span_count_max: int = 50_000
    """About 30 MB packed: five seconds of a very busy program, an hour of a quiet one."""
    batch_count_max: int = 2_000
    """Large enough to make the round trip cheap, small enough to be repeated without harm."""
    delay_s: float = 0.5
    """How long a span may wait for company; what a person watching a page does not notice."""
    retry_delay_s_first: float = 0.1
    retry_delay_s_max: float = 5.0
    """A store that comes back is found within five seconds."""
    attempt_count_max: int = 1_000
    """At five seconds each more than an hour; then the batch itself is taken to be the fault."""
    stop_timeout_s: float = 5.0
    """A program that ends may be held up this long, not longer."""


@dataclass(frozen=True, slots=True)
class QueueCounts:
    """What became of the spans; `offered` is the sum of the others."""

    offered: int
    exported: int
    dropped_full: int
    dropped_refused: int
    dropped_stopped: int
    waiting: int

    @property
    def dropped(self) -> int:
        """All spans that are lost, whatever the reason."""
        return self.dropped_full + self.dropped_refused + self.dropped_stopped


class SpanQueue(Generic[Packed]):
    """One bounded queue and two threads for one store.

    `offer` never blocks and never raises. The queue keeps the oldest spans when it is full, so that
    an outage shows how it began.
    """

    def __init__(self, store: SpanStore[Packed], settings: QueueSettings | None = None) -> None:
        self._store = store
        self._settings = settings or QueueSettings()
        self._room = self._settings.span_count_max
        self._lock = threading.Lock()
        self._settled = threading.Condition(self._lock)
        self._fresh: deque[ReadableSpan] = deque()
        self._packed: deque[tuple[Packed, int]] = deque()
        self._taken = self._held = self._packed_count = self._flush_goal = 0
        self._exported = self._dropped_full = self._dropped_refused = self._dropped_stopped = 0
        self._stopping = threading.Event()
        self._has_fresh, self._has_packed = threading.Event(), threading.Event()
        self._threads = [
            threading.Thread(target=self._pack_always, name="waymark-pack", daemon=True),
            threading.Thread(target=self._store_always, name="waymark-store", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def offer(self, span: ReadableSpan) -> None:
        """Take a finished span, or count it as dropped."""
        # No lock: this runs in the application's threads, once for every span. A deque's append is
        # atomic, and threads that pass the bound together pass it by at most their number.
        fresh_count = len(self._fresh)
        if fresh_count + self._held >= self._room:
            self._drop_newcomer()
            return
        self._fresh.append(span)
        if fresh_count >= CHUNK_COUNT_MAX and not self._has_fresh.is_set():
            self._has_fresh.set()

    def counts(self) -> QueueCounts:
        """The sums so far, consistent with each other."""
        with self._lock:
            waiting = len(self._fresh) + self._held
            return QueueCounts(
                offered=self._count_settled() + waiting,
                exported=self._exported,
                dropped_full=self._dropped_full,
                dropped_refused=self._dropped_refused,
                dropped_stopped=self._dropped_stopped,
                waiting=waiting,
            )

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until everything offered before this call is settled; false when time ran out."""
        with self._settled:
            # Newcomers may be dropped at once and so be settled before those that wait:
            # so the goal is in spans taken, not in spans offered.
            goal = self._taken + len(self._fresh)
            self._flush_goal = max(self._flush_goal, goal)
            self._has_fresh.set()
            return self._settled.wait_for(lambda: self._taken - self._held >= goal, timeout_s)

    def stop(self) -> None:
        """Store what waits within `stop_timeout_s`, count the rest as dropped, end the threads."""
        self.flush(self._settings.stop_timeout_s)
        self._stopping.set()
        self._room = 0
        self._has_fresh.set()
        self._has_packed.set()
        for thread in self._threads:
            thread.join(self._settings.stop_timeout_s)
        with self._settled:
            self._dropped_stopped += len(self._fresh) + self._held
            self._fresh.clear()
            self._held = 0
            self._settled.notify_all()
        self._store.close()

    def _drop_newcomer(self) -> None:
        with self._lock:
            if self._stopping.is_set():
                self._dropped_stopped += 1
            else:
                self._dropped_full += 1

    def _count_settled(self) -> int:
        return self._exported + self._dropped_full + self._dropped_refused + self._dropped_stopped

    def _pack_always(self) -> None:
        while not self._stopping.is_set():
            self._has_fresh.wait(self._settings.delay_s / 2)
            self._has_fresh.clear()
            while self._pack_one_chunk():
                time.sleep(CHUNK_PAUSE_S)

    def _pack_one_chunk(self) -> bool:
        """False when there is nothing left to pack."""
        with self._lock:
            count = min(len(self._fresh), CHUNK_COUNT_MAX)
            spans = [self._fresh.popleft() for _ in range(count)]
            self._taken += count
            self._held += count
            if not spans:
                self._call_storer()
                return False
        try:
            packed = self._store.pack(spans)
        except Exception:  # whatever a span holds, this thread must go on for the others
            logger.exception("spans not packable", extra={"span_count": count})
            self._settle(count, is_exported=False)
            return True
        with self._lock:
            self._packed.append((packed, count))
            self._packed_count += count
            self._call_storer()
        return True

    def _call_storer(self) -> None:
        is_flushing = self._flush_goal > self._taken - self._held
        if is_flushing or self._packed_count >= self._settings.batch_count_max:
            self._has_packed.set()

    def _store_always(self) -> None:
        otel_context.attach(otel_context.set_value(SUPPRESS_INSTRUMENTATION, value=True))
        while not self._stopping.is_set():
            self._has_packed.wait(self._settings.delay_s / 2)
            self._has_packed.clear()
            # Only what waits now: storing newcomers at once would make batches of one.
            unsettled = self._packed_count
            while unsettled > 0 and not self._stopping.is_set():
                unsettled -= self._store_one_batch()

    def _store_one_batch(self) -> int:
        chunks: list[Packed] = []
        count = 0
        with self._lock:
            while self._packed and count < self._settings.batch_count_max:
                chunk, chunk_count = self._packed.popleft()
                chunks.append(chunk)
                count += chunk_count
            self._packed_count -= count
        is_exported = self._try_until_settled(chunks)
        if is_exported is not None:
            self._settle(count, is_exported=is_exported)
        return count

    def _try_until_settled(self, chunks: Sequence[Packed]) -> bool | None:
        """True: stored. False: given up. None: the program stops before it was decided."""
        delay_s = self._settings.retry_delay_s_first
        for _attempt in range(self._settings.attempt_count_max):
            if self._is_stored(chunks):
                return True
            if self._stopping.wait(delay_s):
                return None
            delay_s = min(delay_s * 2, self._settings.retry_delay_s_max)
        logger.warning("spans refused for good", extra={"chunk_count": len(chunks)})
        return False

    def _is_stored(self, chunks: Sequence[Packed]) -> bool:
        try:
            return self._store.store(chunks)
        except Exception:  # a store's fault must never end this thread
            logger.exception("span store failed")
            return False

    def _settle(self, count: int, *, is_exported: bool) -> None:
        with self._settled:
            if self._held < count:
                return  # `stop` has counted them as dropped while they were under way
            self._held -= count
            if is_exported:
                self._exported += count
            else:
                self._dropped_refused += count
            self._settled.notify_all()


class ExporterStore:
    """Any OpenTelemetry exporter as a store; its spans wait as they are."""

    def __init__(self, exporter: SpanExporter) -> None:
        self._exporter = exporter

    def pack(self, spans: Sequence[ReadableSpan]) -> Sequence[ReadableSpan]:
        """The spans themselves: exporters take nothing else."""
        return spans

    def store(self, chunks: Sequence[Sequence[ReadableSpan]]) -> bool:
        """Export all chunks in one call."""
        spans = [span for chunk in chunks for span in chunk]
        return self._exporter.export(spans) is SpanExportResult.SUCCESS

    def close(self) -> None:
        """Shut the exporter down."""
        self._exporter.shutdown()
