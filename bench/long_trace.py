"""One trace of a million spans: how soon it is there as columns, and how many bytes that takes."""

import gzip
import http.client
import json
import secrets
import time
from typing import Final
from urllib.parse import urlsplit

from bench.figures import Figure, at_most, quantile
from bench.run import Run
from bench.server import Server, new_server

SPANS_PER_REQUEST: Final = 5_000
CHILDREN: Final = 8
"""Of each span that has any: a tree as wide as it is deep."""
SERVICES: Final = ("gateway", "shop", "stock", "bank")


def long_trace(run: Run) -> list[Figure]:
    """Send the trace, then ask for it, packed as a browser asks."""
    count = run.count(1_000_000, 20_000)
    trace_id = secrets.token_hex(16)
    with new_server() as server:
        _send(server, trace_id, count)
        server.wait_until_digested()
        waits_s, packed_bytes = [], 0
        for _ in range(run.count(5, 2)):
            began = time.monotonic()
            packed_bytes = _ask(server, trace_id, count)
            waits_s.append(time.monotonic() - began)
    name = f"a trace of {count:,} spans as columns"
    return [
        Figure(f"{name}: p50", quantile(waits_s, 0.5), "s", at_most(2.5)),
        Figure(f"{name}: on the wire", packed_bytes / 1e6, "MB", at_most(40)),
    ]


def _ask(server: Server, trace_id: str, count: int) -> int:
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc, timeout=120)
    headers = {"authorization": f"Bearer {server.token}", "accept-encoding": "gzip, zstd"}
    connection.request("GET", f"/api/v1/traces/{trace_id}", headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    if answer.status != http.client.OK or not answer.headers["content-encoding"]:
        raise SystemExit(f"the trace was answered with {answer.status}: {body[:200]!r}")
    if answer.headers["content-encoding"] == "gzip":
        shown = json.loads(gzip.decompress(body))["shown"]
        if shown != count:
            raise SystemExit(f"{shown} of {count} spans are shown")
    return len(body)


def _send(server: Server, trace_id: str, count: int) -> None:
    connection = http.client.HTTPConnection(urlsplit(server.otlp).netloc, timeout=120)
    start_ns = time.time_ns() - 60 * 10**9
    for first in range(0, count, SPANS_PER_REQUEST):
        numbers = range(first, min(count, first + SPANS_PER_REQUEST))
        body = gzip.compress(_request(trace_id, numbers, start_ns).encode(), 1)
        headers = {"content-type": "application/json", "content-encoding": "gzip"}
        connection.request("POST", "/v1/traces", body, headers)
        answer = connection.getresponse()
        answer.read()
        if answer.status != http.client.OK:
            raise SystemExit(f"spans were answered with {answer.status}")
    connection.close()


def _request(trace_id: str, numbers: range, start_ns: int) -> str:
    resource_spans = [
        {
            "resource": {
                "attributes": [{"key": "service.name", "value": {"stringValue": service}}]
            },
            "scopeSpans": [
                {
                    "spans": [
                        _span(trace_id, number, start_ns)
                        for number in numbers
                        if number % len(SERVICES) == place
                    ]
                }
            ],
        }
        for place, service in enumerate(SERVICES)
    ]
    return json.dumps({"resourceSpans": resource_spans})


def _span(trace_id: str, number: int, start_ns: int) -> dict[str, object]:
    parent = {"parentSpanId": f"{(number - 1) // CHILDREN + 1:016x}"} if number else {}
    begin_ns = start_ns + number * 20_000
    return {
        "traceId": trace_id,
        "spanId": f"{number + 1:016x}",
        **parent,
        "name": f"step {number % 50}",
        "kind": 1 + number % 3,
        "startTimeUnixNano": str(begin_ns),
        "endTimeUnixNano": str(begin_ns + 1_000_000 + number % 977 * 1_000),
    }
