"""The tree on the console."""

from __future__ import annotations

import io
import re

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.trace import SpanKind

from waymark.console import ConsoleTree
from waymark.tracer import Tracer


def printed(stream: io.StringIO) -> str:
    """What was printed, with durations and runs of spaces made alike."""
    return re.sub(r" +", " ", re.sub(r"[0-9]+\.[0-9] ms", "N ms", stream.getvalue()))


def tracer_on(stream: io.StringIO) -> tuple[Tracer, TracerProvider]:
    resource = Resource({"service.name": "shop"})
    provider = TracerProvider(resource=resource, shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(ConsoleTree(stream)))
    return Tracer(provider.get_tracer("test")), provider


def test_a_trace_is_printed_as_a_tree_when_its_root_ends() -> None:
    stream = io.StringIO()
    tracer, _ = tracer_on(stream)

    with tracer.with_span("POST /orders", kind=SpanKind.SERVER):
        with tracer.with_span("create-order"), tracer.with_span("insert"):
            pass
        with tracer.with_span("send-email") as span:
            span.set_error("mail server is gone")
        assert stream.getvalue() == ""

    assert printed(stream) == (
        "POST /orders N ms server shop\n"
        "├─ create-order N ms\n"
        "│ └─ insert N ms\n"
        "└─ send-email N ms ERROR mail server is gone\n"
    )


def test_what_has_not_ended_is_printed_at_the_end() -> None:
    stream = io.StringIO()
    tracer, provider = tracer_on(stream)
    with tracer.with_span("root"):
        with tracer.with_span("child"):
            pass
        provider.shutdown()

    assert printed(stream) == "child N ms shop\n"
