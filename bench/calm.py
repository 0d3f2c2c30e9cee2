"""Idle, then 10,000 spans a second: memory, and how soon what is sent can be read."""

import http.client
import json
import secrets
import time
from typing import Final
from urllib.parse import urlsplit

from bench.figures import Figure, at_most, quantile
from bench.load import Background
from bench.process import MemoryWatch, cpu_s, resident_mb
from bench.run import Run
from bench.server import Server, new_server

RATE: Final = 10_000
SETTLE_S: Final = 4.0
PAUSE_S: Final = 0.35
READABLE_WITHIN_S: Final = 30.0


def calm(run: Run) -> list[Figure]:
    """Measure idle, then under the calm load, with a trace of our own sent again and again."""
    seconds = run.seconds(60, 3)
    with new_server() as server:
        time.sleep(SETTLE_S if not run.is_short else 1)
        idle_mb, idle_anonymous_mb = resident_mb(server.pid)
        idle_before = cpu_s(server.pid)
        idle_s = run.count(10, 1)
        time.sleep(idle_s)
        idle_share = (cpu_s(server.pid) - idle_before) / idle_s
        cpu_before = cpu_s(server.pid)
        with MemoryWatch(server.pid) as memory:
            load = Background(server.otlp, seconds=seconds, rate=RATE, connections=4)
            with load:
                waits_s = _probe(server, seconds)
        cores = (cpu_s(server.pid) - cpu_before) / seconds
    assert load.sent is not None
    return [
        Figure("idle: resident", idle_mb, "MB", at_most(350)),
        Figure("idle: anonymous", idle_anonymous_mb, "MB"),
        Figure("idle: cores used", idle_share, ""),
        Figure("10k spans/s: peak resident", memory.peak_mb, "MB", at_most(600)),
        Figure("10k spans/s: peak anonymous", memory.peak_anonymous_mb, "MB"),
        Figure("10k spans/s: cores used", cores, ""),
        Figure("10k spans/s: answer p99", load.sent.p99_ms, "ms"),
        Figure("10k spans/s: sent to readable p50", quantile(waits_s, 0.5), "s"),
        Figure("10k spans/s: sent to readable p95", quantile(waits_s, 0.95), "s", at_most(1, 0.5)),
    ]


def _probe(server: Server, seconds: float) -> list[float]:
    """Send a small trace, ask for it until it is there, and again; return the waits."""
    waits_s: list[float] = []
    end = time.monotonic() + seconds - 1
    connection = http.client.HTTPConnection(urlsplit(server.otlp).netloc)
    while time.monotonic() < end:
        trace_id, sent_at = secrets.token_hex(16), time.monotonic()
        connection.request(
            "POST", "/v1/traces", _request(trace_id), {"content-type": "application/json"}
        )
        connection.getresponse().read()
        while server.ask(f"/api/v1/traces/{trace_id}") is None:
            if time.monotonic() - sent_at > READABLE_WITHIN_S:
                raise SystemExit(f"trace {trace_id} was not readable within {READABLE_WITHIN_S} s")
            time.sleep(0.01)
        waits_s.append(time.monotonic() - sent_at)
        time.sleep(PAUSE_S)
    connection.close()
    return waits_s


def _request(trace_id: str) -> str:
    now_ns = time.time_ns()
    span = {
        "traceId": trace_id,
        "spanId": secrets.token_hex(8),
        "name": "probe",
        "kind": 1,
        "startTimeUnixNano": str(now_ns - 1_000_000),
        "endTimeUnixNano": str(now_ns),
    }
    service = {"key": "service.name", "value": {"stringValue": "probe"}}
    resource_spans = {
        "resource": {"attributes": [service]},
        "scopeSpans": [{"spans": [span]}],
    }
    return json.dumps({"resourceSpans": [resource_spans]})
