"""Loads of other forms, sent as fast as they become readable."""

import time
from typing import Final

from bench.figures import Figure, Goal, at_least, at_most
from bench.load import LAG_BYTES_MAX, LAG_BYTES_PACKED_MAX, corpus, send
from bench.process import MemoryWatch, cpu_s, wait_until_idle
from bench.run import Run
from bench.server import Server, new_server

GRPC_REQUESTS_PER_S_MAX: Final = 250


def small_requests(run: Run) -> list[Figure]:
    """Requests of 10 spans on 64 connections."""
    with new_server() as server:
        return _measure(
            server,
            "requests of 10 spans",
            at_least(50_000, 80_000),
            url=server.otlp,
            per_request=10,
            connections=64,
            seconds=run.seconds(30, 2),
        )


def grpc_gzip(run: Run) -> list[Figure]:
    """OTLP over gRPC, packed with gzip as the Collector does by default."""
    seconds = run.seconds(60, 2)
    folder = corpus(
        encoding="gzip", requests=int(seconds * GRPC_REQUESTS_PER_S_MAX), spread=int(seconds)
    )
    with new_server() as server:
        return _measure(
            server,
            "gRPC with gzip",
            at_least(80_000, 120_000),
            url=server.facts["otlp_grpc"],
            protocol="grpc",
            what="pack",
            corpus=folder,
            lag_bytes_max=LAG_BYTES_PACKED_MAX,
            connections=2,
            streams=5,
            seconds=seconds,
        )


def sentry_transactions(run: Run) -> list[Figure]:
    """Sentry transactions of 30 spans."""
    with new_server() as server:
        return _measure(
            server,
            "Sentry transactions of 30 spans",
            at_least(60_000, 100_000),
            url=server.envelopes,
            header=server.sentry_header,
            what="transactions",
            connections=16,
            seconds=run.seconds(30, 2),
        )


def sentry_errors(run: Run) -> list[Figure]:
    """Sentry errors on 64 connections: how fast they are accepted, and how fast readable."""
    with new_server() as server:
        began, cpu_before = time.monotonic(), cpu_s(server.pid)
        sent = send(
            server.envelopes,
            header=server.sentry_header,
            what="errors",
            connections=64,
            seconds=run.seconds(15, 2),
        )
        server.wait_until_digested()
        readable_s = time.monotonic() - began
        lost = sent.items - server.count("errors")
        used_s = wait_until_idle(server.pid, wait_s_max=run.count(60, 3)) - cpu_before
    name = "Sentry errors"
    return [
        Figure(f"{name}: accepted durably", sent.items_per_s, "/s", at_least(10_000, 25_000)),
        Figure(f"{name}: answer p50", sent.p50_ms, "ms"),
        Figure(f"{name}: answer p99", sent.p99_ms, "ms", at_most(75, 10)),
        Figure(f"{name}: sent to readable", sent.items / readable_s, "/s"),
        Figure(f"{name}: CPU-s per million", used_s / sent.items * 1e6, "s"),
        Figure(f"{name}: CPU-s per million of the sender", sent.cpu_s / sent.items * 1e6, "s"),
        Figure(f"{name}: lost", lost, "", at_most(0)),
    ]


def _measure(server: Server, name: str, goal: Goal, *, url: str, **options: object) -> list[Figure]:
    began, cpu_before = time.monotonic(), cpu_s(server.pid)
    with MemoryWatch(server.pid) as memory:
        sent = send(url, metrics=server.metrics, **({"lag_bytes_max": LAG_BYTES_MAX} | options))
        server.wait_until_digested()
        readable_s = time.monotonic() - began
    used_s = cpu_s(server.pid) - cpu_before
    spans = server.count("spans")
    return [
        Figure(f"{name}: spans/s, sent to readable", spans / readable_s, "/s", goal),
        Figure(f"{name}: CPU-s per million", used_s / spans * 1e6, "s"),
        Figure(f"{name}: CPU-s per million of the sender", sent.cpu_s / spans * 1e6, "s"),
        Figure(f"{name}: answer p99", sent.p99_ms, "ms"),
        Figure(f"{name}: peak resident", memory.peak_mb, "MB"),
        Figure(f"{name}: spans lost", sent.items - spans, "", at_most(0)),
    ]
