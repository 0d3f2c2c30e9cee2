"""Spans over OTLP arrive at a real HTTP server as any backend would read them."""

from __future__ import annotations

import gzip
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from typing_extensions import override

import waymark

if TYPE_CHECKING:
    from collections.abc import Iterator


class Backend(ThreadingHTTPServer):
    """Keeps what was posted; answers 503 as often as it is told to."""

    def __init__(self, refusals: int) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.refusals_left = refusals
        self.received: list[tuple[str, str | None, bytes]] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        backend = self.server
        assert isinstance(backend, Backend)
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.headers.get("content-encoding") == "gzip":
            body = gzip.decompress(body)
        if backend.refusals_left > 0:
            backend.refusals_left -= 1
            self.send_response(400)
        else:
            backend.received.append((self.path, self.headers.get("x-vedette-key"), body))
            self.send_response(200)
        self.send_header("content-length", "0")
        self.end_headers()

    @override
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output quiet."""


@contextmanager
def backend(refusals: int = 0) -> Iterator[Backend]:
    server = Backend(refusals)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_span_arrives_with_its_resource_and_the_headers_given() -> None:
    with backend() as server:
        settings = waymark.Settings(
            "shop", otlp_url=server.url + "/", otlp_headers={"x-vedette-key": "secret"}
        )
        with waymark.start(settings) as tracing:
            with tracing.tracer.with_span("orders.create", {"seats": 2}) as span:
                pass
            assert tracing.flush()

    ((path, key, body),) = server.received
    assert (path, key) == ("/v1/traces", "secret")
    (resource_spans,) = ExportTraceServiceRequest.FromString(body).resource_spans
    attributes = {one.key: one.value.string_value for one in resource_spans.resource.attributes}
    assert attributes["service.name"] == "shop"
    (stored,) = resource_spans.scope_spans[0].spans
    assert (stored.name, stored.trace_id.hex()) == ("orders.create", span.trace_id)


def test_a_backend_that_refuses_for_a_while_gets_the_spans_later() -> None:
    quick = waymark.QueueSettings(delay_s=0.01, retry_delay_s_first=0.01)
    with backend(refusals=2) as server:
        settings = waymark.Settings("shop", otlp_url=server.url, queue=quick)
        with waymark.start(settings) as tracing:
            with tracing.tracer.with_span("orders.create"):
                pass
            assert tracing.flush()
            assert tracing.counts()["otlp"].exported == 1

    assert len(server.received) == 1
