"""Set tracing up once: name the service, choose the exporters, stop cleanly."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self, TypeAlias

from opentelemetry import propagate, trace
from opentelemetry.baggage.propagation import W3CBaggagePropagator
from opentelemetry.propagators.composite import CompositePropagator
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBased, TraceIdRatioBased

from waymark.console import ConsoleTree
from waymark.propagation import StrictPropagator
from waymark.sampling import KeepErrorsSampler, SpanSorter
from waymark.span_queue import ExporterStore, QueueSettings, SpanQueue
from waymark.tracer import Tracer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from opentelemetry.sdk.trace.export import SpanExporter
    from opentelemetry.sdk.trace.sampling import Sampler
    from opentelemetry.util.types import AttributeValue

    from waymark.span_queue import QueueCounts
    from waymark.trace_state import OwnEntry


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that can be chosen; `service_name` alone is a working start."""

    service_name: str
    resource: Mapping[str, AttributeValue] = field(default_factory=dict)
    """More resource attributes, such as `service.version` or `deployment.environment.name`."""
    postgres_url: str | None = None
    """Store spans in this PostgreSQL database (needs `waymark[postgres]`)."""
    otlp_url: str | None = None
    """Send spans to this OTLP endpoint, such as `http://127.0.0.1:4318` (needs `waymark[otlp]`)."""
    otlp_headers: Mapping[str, str] = field(default_factory=dict)
    exporters: Mapping[str, SpanExporter] = field(default_factory=dict)
    """Further exporters of your own, by the name under which their counts are shown."""
    is_console_on: bool = False
    """Print each finished trace as a tree, for development."""
    sample_ratio: float = 1.0
    is_error_always_kept: bool = True
    """Keep what failed here even when its trace was not sampled."""
    queue: QueueSettings = field(default_factory=QueueSettings)
    own_entry: OwnEntry | None = None
    """Our entry in `tracestate`."""
    is_global: bool = False
    """Also make this OpenTelemetry's global provider and propagator, for instrumentations."""


Queue: TypeAlias = SpanQueue[bytes] | SpanQueue[Sequence[ReadableSpan]]


def start(settings: Settings) -> Tracing:
    """Start the exporters and return the handle to open spans with."""
    return Tracing(settings)


class Tracing:
    """Running tracing. Close it, or use it as a context manager, so that the last spans get out."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.propagator = StrictPropagator(settings.own_entry)
        self._queues = _queues(settings)
        self.provider = TracerProvider(
            resource=Resource.create({**settings.resource, "service.name": settings.service_name}),
            sampler=_sampler(settings),
            shutdown_on_exit=False,
        )
        self.provider.add_span_processor(SpanSorter(list(self._queues.values())))
        if settings.is_console_on:
            self.provider.add_span_processor(SimpleSpanProcessor(ConsoleTree(sys.stderr)))
        if settings.is_global:
            self._become_global()
        self.tracer = self.tracer_for(settings.service_name)

    def tracer_for(self, name: str) -> Tracer:
        """A tracer for one part of the program."""
        return Tracer(self.provider.get_tracer(name))

    def offer(self, span: ReadableSpan) -> None:
        """Export a span that ended elsewhere, such as in a browser."""
        for queue in self._queues.values():
            queue.offer(span)

    def counts(self) -> dict[str, QueueCounts]:
        """What became of the spans, by exporter."""
        return {name: queue.counts() for name, queue in self._queues.items()}

    def flush(self, timeout_s: float = 5.0) -> bool:
        """Wait until every span that ended so far is settled."""
        return self.provider.force_flush(round(timeout_s * 1_000))

    def close(self) -> None:
        """Export what waits, then stop."""
        self.provider.shutdown()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def _become_global(self) -> None:
        trace.set_tracer_provider(self.provider)
        propagate.set_global_textmap(CompositePropagator([self.propagator, W3CBaggagePropagator()]))


def _sampler(settings: Settings) -> Sampler:
    if settings.is_error_always_kept:
        return KeepErrorsSampler(settings.sample_ratio)
    return ParentBased(TraceIdRatioBased(settings.sample_ratio))


def _queues(settings: Settings) -> dict[str, Queue]:
    """The imports are here because each of them needs an extra that others can do without."""
    queues: dict[str, Queue] = {
        name: SpanQueue(ExporterStore(exporter), settings.queue)
        for name, exporter in settings.exporters.items()
    }
    if settings.postgres_url is not None:
        from waymark.postgres.exporter import PostgresSpanExporter  # noqa: PLC0415 - an extra

        queues["postgres"] = SpanQueue(PostgresSpanExporter(settings.postgres_url), settings.queue)
    if settings.otlp_url is not None:
        from waymark.otlp import otlp_exporter  # noqa: PLC0415 - an extra

        exporter = otlp_exporter(settings.otlp_url, settings.otlp_headers)
        queues["otlp"] = SpanQueue(ExporterStore(exporter), settings.queue)
    return queues
