"""OTLP requests as the packages of OpenTelemetry make them."""

from typing import Final

from google.protobuf.message import Message
from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import (
    AnyValue,
    ArrayValue,
    InstrumentationScope,
    KeyValue,
    KeyValueList,
)
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord, ResourceLogs, ScopeLogs
from opentelemetry.proto.metrics.v1.metrics_pb2 import Metric, ResourceMetrics, ScopeMetrics
from opentelemetry.proto.resource.v1.resource_pb2 import Resource
from opentelemetry.proto.trace.v1.trace_pb2 import ResourceSpans, ScopeSpans, Span

RECEIVED_NS: Final = 1_790_000_000_000_000_000
"""When every body of these tests came."""

START_NS: Final = RECEIVED_NS - 5_000_000_000

Plain = str | int | float | bool | bytes | list["Plain"] | dict[str, "Plain"] | None


def any_value(value: Plain) -> AnyValue:  # noqa: PLR0911 - one line per type
    """Return the message of a value."""
    match value:
        case None:
            return AnyValue()
        case bool():
            return AnyValue(bool_value=value)
        case int():
            return AnyValue(int_value=value)
        case float():
            return AnyValue(double_value=value)
        case bytes():
            return AnyValue(bytes_value=value)
        case str():
            return AnyValue(string_value=value)
        case list():
            return AnyValue(array_value=ArrayValue(values=[any_value(item) for item in value]))
        case dict():
            return AnyValue(kvlist_value=KeyValueList(values=pairs(value)))


def pairs(values: dict[str, Plain]) -> list[KeyValue]:
    """Return the messages of some attributes."""
    return [KeyValue(key=key, value=any_value(value)) for key, value in values.items()]


def resource(**more: Plain) -> Resource:
    """Return a resource; dots in names are written as double underscores."""
    return Resource(
        attributes=pairs({name.replace("__", "."): value for name, value in more.items()})
    )


SHOP: Final = resource(
    service__name="shop",
    service__version="1.2.3",
    deployment__environment="staging",
    telemetry__sdk__language="nodejs",
    host__name="a1",
)

SCOPE: Final = InstrumentationScope(name="shop.http", version="0.1")


def span(number: int, *, parent: int = 0, kind: int = Span.SPAN_KIND_INTERNAL) -> Span:
    """Return a span whose id is made of its number."""
    return Span(
        trace_id=b"t" * 16,
        span_id=bytes([number] * 8),
        parent_span_id=bytes([parent] * 8) if parent else b"",
        name=f"work {number}",
        kind=Span.SpanKind.Name(kind),
        start_time_unix_nano=START_NS,
        end_time_unix_nano=START_NS + 1_000 * number,
    )


def traces(*spans: Span, made_by: Resource = SHOP) -> bytes:
    """Return a request with these spans in one scope of one resource."""
    scope_spans = ScopeSpans(scope=SCOPE, spans=spans)
    group = ResourceSpans(resource=made_by, scope_spans=[scope_spans])
    return written(ExportTraceServiceRequest(resource_spans=[group]))


def logs(*records: LogRecord) -> bytes:
    """Return a request with these records in one scope of one resource."""
    group = ResourceLogs(resource=SHOP, scope_logs=[ScopeLogs(scope=SCOPE, log_records=records)])
    return written(ExportLogsServiceRequest(resource_logs=[group]))


def metrics(*sent: Metric) -> bytes:
    """Return a request with these metrics in one scope of one resource."""
    group = ResourceMetrics(resource=SHOP, scope_metrics=[ScopeMetrics(scope=SCOPE, metrics=sent)])
    return written(ExportMetricsServiceRequest(resource_metrics=[group]))


def written(message: Message) -> bytes:
    """Return the bytes of a message."""
    body: bytes = message.SerializeToString()
    return body
