"""A program that sentry-sdk watches; what the SDK would send is printed, one item per line.

Run as `python sentry_sdk_program.py static|stream`.
"""

import json
import logging
import sys
from typing import Literal

import sentry_sdk
from sentry_sdk.envelope import Envelope
from sentry_sdk.transport import Transport
from typing_extensions import override


class PrintingTransport(Transport):
    """Prints what it is given."""

    @override
    def capture_envelope(self, envelope: Envelope) -> None:
        for item in envelope.items:
            line = {
                "envelope": envelope.headers,
                "type": item.headers.get("type"),
                "content_type": item.headers.get("content_type"),
                "payload": item.get_bytes().decode("utf-8"),
            }
            sys.stdout.write(json.dumps(line) + "\n")


def main(trace_lifecycle: Literal["static", "stream"]) -> None:
    sentry_sdk.init(
        dsn="http://0123456789abcdef0123456789abcdef@localhost/1",
        transport=PrintingTransport,
        release="shop@1.2.3",
        environment="test",
        server_name="host-1",
        traces_sample_rate=1.0,
        enable_logs=True,
        _experiments={"enable_logs": True, "trace_lifecycle": trace_lifecycle},
    )
    sentry_sdk.set_user({"id": "u-1", "email": "someone@example.test"})
    sentry_sdk.set_tag("tenant", "t-17")
    if trace_lifecycle == "stream":
        with sentry_sdk.traces.start_span(
            name="GET /odds", attributes={"sentry.op": "http.server"}
        ):
            _work_streaming()
    else:
        with sentry_sdk.start_transaction(op="http.server", name="GET /odds", source="route"):
            _work()
    sentry_sdk.metrics.count("bets", 2, unit="bet", attributes={"market": "winner"})
    sentry_sdk.metrics.gauge("queue.depth", 7.5)
    sentry_sdk.metrics.distribution("odds.latency", 12.5, unit="millisecond")
    sentry_sdk.flush()


def _work() -> None:
    with sentry_sdk.start_span(op="db", name="SELECT * FROM odds WHERE id = %s") as span:
        span.set_data("db.system", "postgresql")
        span.set_tag("shard", "3")
        span.set_status("ok")
    with sentry_sdk.start_span(op="http.client", name="GET http://wallet/17") as span:
        span.set_data("http.response.status_code", 503)
        span.set_http_status(503)
    logging.getLogger("shop.bets").warning("settled %s bets of %s", 3, "u-1")


def _work_streaming() -> None:
    with sentry_sdk.traces.start_span(name="SELECT odds", attributes={"sentry.op": "db"}) as span:
        span.set_attribute("db.system.name", "postgresql")
        span.set_attribute("rows", 3)
    logging.getLogger("shop.bets").warning("settled %s bets of %s", 3, "u-1")


if __name__ == "__main__":
    main("stream" if sys.argv[1] == "stream" else "static")
