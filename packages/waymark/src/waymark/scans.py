"""Spans of a ticket scan with one set of names and attributes, whoever scans.

with scan_spans(tracer, ticket_id="T1", scanner_id="gate-3", event_id="open-air") as scan:
    with scan.lookup():
        ...
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from enum import StrEnum, unique
from typing import TYPE_CHECKING

from opentelemetry.trace import SpanKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.context import Context
    from opentelemetry.util.types import AttributeValue

    from waymark.tracer import Span, SpanScope, Tracer


@unique
class ScanMethod(StrEnum):
    """How the code came in."""

    TYPED = "typed"
    UPLOADED = "uploaded"
    CAMERA = "camera"
    API = "api"


class ScanSpans:
    """The steps of one scan, each a child span of `span` that repeats the scan's attributes."""

    def __init__(self, tracer: Tracer, span: Span, attributes: dict[str, AttributeValue]) -> None:
        self.span = span
        self._tracer = tracer
        self._attributes = attributes

    def lookup(self) -> SpanScope:
        """Find the ticket."""
        return self._step("scan.lookup-ticket")

    def status_update(self) -> SpanScope:
        """Mark the ticket as used."""
        return self._step("scan.update-status")

    def log_insert(self) -> SpanScope:
        """Write the scan down."""
        return self._step("scan.insert-log")

    def event_publish(self) -> SpanScope:
        """Tell others."""
        return self._step("scan.publish-event", kind=SpanKind.PRODUCER)

    def _step(self, name: str, kind: SpanKind = SpanKind.INTERNAL) -> SpanScope:
        return self._tracer.with_span(name, self._attributes, kind=kind)


@contextmanager
def scan_spans(  # noqa: PLR0913 - the attributes of a scan, all named at the call
    tracer: Tracer,
    *,
    ticket_id: str,
    scanner_id: str,
    event_id: str,
    scan_method: ScanMethod = ScanMethod.TYPED,
    parent: Context | None = None,
    clock_ns: Callable[[], int] = time.perf_counter_ns,
) -> Iterator[ScanSpans]:
    """Open the span of a whole scan; `duration_ms` is set when it ends."""
    attributes: dict[str, AttributeValue] = {
        "ticket_id": ticket_id,
        "scanner_id": scanner_id,
        "event_id": event_id,
        "scan_method": scan_method.value,
    }
    begun_ns = clock_ns()
    with tracer.with_span("scan", attributes, parent=parent) as span:
        try:
            yield ScanSpans(tracer, span, attributes)
        finally:
            span.set_attribute("duration_ms", (clock_ns() - begun_ns) / 1_000_000)
