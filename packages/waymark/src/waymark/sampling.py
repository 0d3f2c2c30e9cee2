"""Decide what is kept: a ratio of traces, the caller's decision, and always what failed.

OpenTelemetry has the first two. The third needs the end of a span, which a sampler never sees: the
sampler here lets unsampled spans be recorded, and the processor holds them until their local root
ends. Callers and callees still see the trace as unsampled; only the part that failed here is kept.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.trace import SpanProcessor
from opentelemetry.sdk.trace.sampling import (
    Decision,
    ParentBased,
    Sampler,
    SamplingResult,
    TraceIdRatioBased,
)
from opentelemetry.trace import StatusCode, TraceFlags
from typing_extensions import override

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import ReadableSpan
    from opentelemetry.trace import Link, SpanKind, TraceState
    from opentelemetry.util.types import Attributes

    from waymark.span_queue import SpanQueue

HELD_TRACE_COUNT_MAX: Final = 1_000
"""Requests running at the same time in one process; beyond it the oldest trace is let go."""

HELD_SPAN_COUNT_MAX: Final = 200
"""Spans of one unsampled trace; a failure has its story in the last of them."""


class KeepErrorsSampler(Sampler):
    """A parent-based ratio sampler whose refusals are recorded all the same."""

    def __init__(self, ratio: float) -> None:
        self._inner = ParentBased(TraceIdRatioBased(ratio))

    @override
    def should_sample(
        self,
        parent_context: Context | None,
        trace_id: int,
        name: str,
        kind: SpanKind | None = None,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        trace_state: TraceState | None = None,
    ) -> SamplingResult:
        """The inner decision, with "drop" turned into "record only"."""
        result = self._inner.should_sample(
            parent_context, trace_id, name, kind, attributes, links, trace_state
        )
        if result.decision is not Decision.DROP:
            return result
        return SamplingResult(Decision.RECORD_ONLY, attributes, result.trace_state)

    @override
    def get_description(self) -> str:
        """How OpenTelemetry names this sampler in its own messages."""
        return "KeepErrors"


class SpanSorter(SpanProcessor):
    """Send sampled spans on at once, unsampled ones only when their trace failed here."""

    def __init__(
        self, queues: Sequence[SpanQueue[bytes] | SpanQueue[Sequence[ReadableSpan]]]
    ) -> None:
        self._queues = tuple(queues)
        self._lock = threading.Lock()
        self._held: OrderedDict[int, list[ReadableSpan]] = OrderedDict()

    @override
    def on_end(self, span: ReadableSpan) -> None:
        """Called by the SDK in the application's thread: keep it short."""
        context = span.context
        if context is None:
            return
        if context.trace_flags & TraceFlags.SAMPLED:
            for queue in self._queues:
                queue.offer(span)
        else:
            self._hold(span, context.trace_id)

    @override
    def shutdown(self) -> None:
        """Stop every queue."""
        for queue in self._queues:
            queue.stop()

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Flush every queue; false when one of them did not make it."""
        flushed = [queue.flush(timeout_millis / 1_000) for queue in self._queues]
        return all(flushed)

    def _send_on(self, spans: Sequence[ReadableSpan]) -> None:
        for queue in self._queues:
            for span in spans:
                queue.offer(span)

    def _hold(self, span: ReadableSpan, trace_id: int) -> None:
        is_local_root = span.parent is None or span.parent.is_remote
        with self._lock:
            spans = self._held.setdefault(trace_id, [])
            spans.append(span)
            del spans[:-HELD_SPAN_COUNT_MAX]
            if is_local_root:
                del self._held[trace_id]
            elif len(self._held) > HELD_TRACE_COUNT_MAX:
                self._held.popitem(last=False)
        if is_local_root and any(one.status.status_code is StatusCode.ERROR for one in spans):
            self._send_on(spans)
