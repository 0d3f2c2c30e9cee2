"""A bank watched by OpenTelemetry: prints its port, answers one request, ends.

The rest is said by OpenTelemetry's variables.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import SpanKind
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

PROVIDER = TracerProvider()
TRACER = PROVIDER.get_tracer("bank")


class Handler(BaseHTTPRequestHandler):
    """Says yes."""

    def do_GET(self) -> None:
        """Look at the account."""
        headers = {name.lower(): value for name, value in self.headers.items()}
        parent = TraceContextTextMapPropagator().extract(headers)
        attributes = {"http.request.method": "GET", "http.route": "/account"}
        with (
            TRACER.start_as_current_span("GET /account", parent, SpanKind.SERVER, attributes),
            TRACER.start_as_current_span("read account", attributes={"db.system.name": "sqlite"}),
        ):
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()


def main() -> None:
    PROVIDER.add_span_processor(BatchSpanProcessor(OTLPSpanExporter()))
    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        sys.stdout.write(json.dumps({"port": server.server_port}) + "\n")
        sys.stdout.flush()
        server.handle_request()
    PROVIDER.shutdown()


if __name__ == "__main__":
    main()
