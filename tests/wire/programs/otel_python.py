"""The same shop watched by OpenTelemetry; prints the ids that the SDK gave.

Run as `python otel_python.py grpc|http/protobuf`; the rest is said by OpenTelemetry's variables.
"""

import json
import logging
import sys
import time
import warnings
from collections.abc import Iterable

from opentelemetry import metrics, trace
from opentelemetry.exporter.otlp.proto.grpc._log_exporter import OTLPLogExporter as GrpcLogs
from opentelemetry.exporter.otlp.proto.grpc.metric_exporter import OTLPMetricExporter as GrpcMetrics
from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter as GrpcSpans
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter as HttpLogs
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter as HttpMetrics
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter as HttpSpans
from opentelemetry.sdk._logs import LoggerProvider, LoggingHandler
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor, LogRecordExporter
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import MetricExporter, PeriodicExportingMetricReader
from opentelemetry.sdk.metrics.view import ExponentialBucketHistogramAggregation, View
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace import SpanKind, StatusCode

logger = logging.getLogger("shop.checkout")


class PaymentError(Exception):
    """What the story is about."""


def main(protocol: str) -> None:
    spans, logs, points = _exporters(protocol)
    resource = Resource.create()
    tracers = TracerProvider(resource=resource)
    tracers.add_span_processor(BatchSpanProcessor(spans))
    loggers = LoggerProvider(resource=resource)
    loggers.add_log_record_processor(BatchLogRecordProcessor(logs))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        logger.addHandler(LoggingHandler(logger_provider=loggers))
    exponential = ExponentialBucketHistogramAggregation()
    meters = MeterProvider(
        [PeriodicExportingMetricReader(points, export_interval_millis=600_000)],
        resource,
        views=[View(instrument_name="pay.size", aggregation=exponential)],
    )
    facts = _checkout(tracers.get_tracer("shop.tracer"), meters.get_meter("shop.meter"))
    for each in (tracers, loggers, meters):
        each.shutdown()
    sys.stdout.write(json.dumps(facts) + "\n")


def _exporters(protocol: str) -> tuple[SpanExporter, LogRecordExporter, MetricExporter]:
    if protocol == "grpc":
        return GrpcSpans(), GrpcLogs(), GrpcMetrics()
    return HttpSpans(), HttpLogs(), HttpMetrics()


def _checkout(tracer: trace.Tracer, meter: metrics.Meter) -> dict[str, str]:
    with tracer.start_as_current_span("checkout") as root:
        with tracer.start_as_current_span("pay", kind=SpanKind.CLIENT) as pay:
            pay.set_attribute("cart.size", 3)
            pay.set_attribute("cart.gift", value=True)
            pay.set_attribute("cart.goods", ["tea", "cup"])
            with tracer.start_as_current_span("SELECT price FROM goods") as query:
                query.set_attribute("db.system.name", "postgresql")
                time.sleep(0.005)
            pay.record_exception(PaymentError("card declined"))
            pay.set_status(StatusCode.ERROR, "card declined")
        logger.warning("order %s of %s goods", "o-9", 3, extra={"paid": False, "goods": 3})
        logger.error("bank north said no")
        _measure(meter)
        return {
            "trace_id": trace.format_trace_id(root.get_span_context().trace_id),
            "root": trace.format_span_id(root.get_span_context().span_id),
            "pay": trace.format_span_id(pay.get_span_context().span_id),
            "query": trace.format_span_id(query.get_span_context().span_id),
        }


def _measure(meter: metrics.Meter) -> None:
    def depth(_: metrics.CallbackOptions) -> Iterable[metrics.Observation]:
        yield metrics.Observation(7.5)

    meter.create_observable_gauge("queue.depth", [depth])
    meter.create_counter("orders", "{order}", "orders taken").add(2, {"shop": "north"})
    latency = meter.create_histogram("pay.latency", "ms")
    size = meter.create_histogram("pay.size", "By")
    for value in (2.5, 10.0):
        latency.record(value)
        size.record(value)


if __name__ == "__main__":
    main(*sys.argv[1:])
