"""A `Tracing` whose spans can be looked at: OpenTelemetry's own in-memory exporter behind it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

import waymark

if TYPE_CHECKING:
    from collections.abc import Iterator

    from opentelemetry.sdk.trace import ReadableSpan


class Recorded:
    """Running tracing and, after a flush, what it exported."""

    def __init__(self, tracing: waymark.Tracing, exporter: InMemorySpanExporter) -> None:
        self.tracing = tracing
        self.tracer = tracing.tracer
        self._exporter = exporter

    def spans(self) -> list[ReadableSpan]:
        assert self.tracing.flush(10)
        return list(self._exporter.get_finished_spans())

    def span(self, name: str) -> ReadableSpan:
        (found,) = [one for one in self.spans() if one.name == name]
        return found


@contextmanager
def recorded(*, sample_ratio: float = 1.0, is_error_always_kept: bool = True) -> Iterator[Recorded]:
    exporter = InMemorySpanExporter()
    settings = waymark.Settings(
        "shop",
        exporters={"memory": exporter},
        sample_ratio=sample_ratio,
        is_error_always_kept=is_error_always_kept,
    )
    with waymark.start(settings) as tracing:
        yield Recorded(tracing, exporter)
