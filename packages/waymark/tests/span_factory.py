"""Finished spans with everything given, for tests of what is stored."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

if TYPE_CHECKING:
    from opentelemetry.sdk.trace import Event
    from opentelemetry.trace import Link
    from opentelemetry.util.types import AttributeValue

NOW_NS = 1_790_000_000_123_456_789
SECOND_NS = 1_000_000_000
SHOP = Resource({"service.name": "shop", "service.version": "1.0"})


def context_of(trace_id: int, span_id: int, *, is_remote: bool = False) -> SpanContext:
    return SpanContext(trace_id, span_id, is_remote=is_remote, trace_flags=TraceFlags(1))


def finished_span(
    name: str = "work",
    *,
    trace_id: int = 1,
    span_id: int = 1,
    parent: SpanContext | None = None,
    kind: SpanKind = SpanKind.INTERNAL,
    start_ns: int = NOW_NS,
    duration_ns: int = 1_500_000,
    status: Status | None = None,
    attributes: dict[str, AttributeValue] | None = None,
    events: list[Event] | None = None,
    links: list[Link] | None = None,
    resource: Resource = SHOP,
) -> ReadableSpan:
    return ReadableSpan(
        name,
        context=context_of(trace_id, span_id),
        parent=parent,
        kind=kind,
        start_time=start_ns,
        end_time=start_ns + duration_ns,
        status=status or Status(StatusCode.UNSET),
        attributes=attributes or {},
        events=events or [],
        links=links or [],
        resource=resource,
    )
