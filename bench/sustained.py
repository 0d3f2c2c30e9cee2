"""Spans sent as fast as they become readable, for two minutes: rate, CPU, memory, disk."""

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.figures import Figure, Goal, at_least, at_most
from bench.load import LAG_BYTES_MAX, LAG_BYTES_PACKED_MAX, Sent, corpus, send
from bench.process import MemoryWatch, cpu_s, machine_busy_s, wait_until_idle
from bench.run import Run
from bench.server import Server, new_folder, running

REQUESTS_PER_S_MAX: Final = 280
"""So many bodies are packed beforehand for each second, as none is sent twice."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What differs between the sustained loads."""

    name: str
    flags: tuple[str, ...]
    encoding: str
    rate: Goal | None = None
    cpu: Goal | None = None
    disk: Goal | None = None
    memory: Goal | None = None


PLAIN: Final = Kind(
    "sustained, no index",
    ("VEDETTE_ATTRIBUTE_INDEX=off",),
    "plain",
    at_least(150_000, 200_000),
    at_most(11, 9),
    at_most(80, 65),
    at_most(1200),
)
ZSTD: Final = Kind("sustained, no index, zstd", ("VEDETTE_ATTRIBUTE_INDEX=off",), "zstd")
INDEX: Final = Kind(
    "sustained, index",
    ("VEDETTE_ATTRIBUTE_INDEX=on",),
    "plain",
    at_least(80_000, 100_000),
    at_most(20, 17),
    at_most(115, 95),
    at_most(1200),
)


def plain(run: Run) -> list[Figure]:
    """Bodies as they are, no attribute index."""
    return _measure(PLAIN, run)


def zstd(run: Run) -> list[Figure]:
    """Bodies packed with zstd, no attribute index."""
    return _measure(ZSTD, run)


def index(run: Run) -> list[Figure]:
    """Bodies as they are, with the attribute index."""
    return _measure(INDEX, run)


def _measure(kind: Kind, run: Run) -> list[Figure]:
    options = _bodies(kind, run)
    with new_folder() as data:
        with running(data, *kind.flags) as server:
            figures, spans, server_cpu_s = _send(kind, server, run, options)
        merge_cpu_s, merged_bytes = _merge_all(data)
        million = spans / 1e6
        return [
            *figures,
            Figure(
                f"{kind.name}: CPU-s per million, every row merged to one part a day",
                (server_cpu_s + merge_cpu_s) / million,
                "s",
                kind.cpu,
            ),
            Figure(f"{kind.name}: bytes per span, so merged", merged_bytes / spans, "B", kind.disk),
        ]


def _bodies(kind: Kind, run: Run) -> dict[str, object]:
    if kind.encoding == "plain":
        return {"what": "spans", "lag_bytes_max": LAG_BYTES_MAX}
    seconds = run.seconds(120, 3)
    folder = corpus(
        encoding=kind.encoding,
        requests=int(seconds * REQUESTS_PER_S_MAX),
        spread=int(seconds),
    )
    return {"what": "pack", "corpus": folder, "lag_bytes_max": LAG_BYTES_PACKED_MAX}


def _send(
    kind: Kind, server: Server, run: Run, options: dict[str, object]
) -> tuple[list[Figure], int, float]:
    cpu_before, busy_before, began = cpu_s(server.pid), machine_busy_s(), time.monotonic()
    with MemoryWatch(server.pid) as memory:
        sent = send(
            server.otlp,
            seconds=run.seconds(120, 3),
            metrics=server.metrics,
            **options,
        )
        server.wait_until_digested()
        readable_s = time.monotonic() - began
        cpu_sent, busy = cpu_s(server.pid) - cpu_before, machine_busy_s() - busy_before
        spans = server.count("spans")
        _must_be_all(sent, spans)
    settled_cpu_s = wait_until_idle(server.pid, wait_s_max=run.count(120, 3)) - cpu_before
    disk = sum(server.bytes_by_table().values())
    million = spans / 1e6
    name = kind.name
    return (
        [
            Figure(f"{name}: spans/s, sent to readable", spans / readable_s, "/s", kind.rate),
            Figure(
                f"{name}: spans/s that the CPU allows undisturbed",
                _allowed(spans, cpu_sent, sent),
                "/s",
            ),
            Figure(f"{name}: CPU-s per million while sending", cpu_sent / million, "s"),
            Figure(
                f"{name}: CPU-s per million, until idle", settled_cpu_s / million, "s", kind.cpu
            ),
            Figure(f"{name}: CPU-s per million of the sender", sent.cpu_s / million, "s"),
            Figure(f"{name}: CPU-s of others meanwhile", busy - cpu_sent - sent.cpu_s, "s"),
            Figure(f"{name}: answer p50", sent.p50_ms, "ms"),
            Figure(f"{name}: answer p99", sent.p99_ms, "ms"),
            Figure(f"{name}: peak resident", memory.peak_mb, "MB", kind.memory),
            Figure(f"{name}: peak anonymous", memory.peak_anonymous_mb, "MB"),
            Figure(f"{name}: bytes per span, live parts once idle", disk / spans, "B"),
        ],
        spans,
        settled_cpu_s,
    )


def _allowed(spans: int, cpu_sent: float, sent: Sent) -> float:
    """Return the rate at which server and sender together would fill all cores: derived."""
    return spans * (os.cpu_count() or 1) / (cpu_sent + sent.cpu_s)


def _must_be_all(sent: Sent, spans: int) -> None:
    if spans != sent.items or sent.failed:
        raise SystemExit(f"sent {sent.items}, readable {spans}, failed {sent.failed}: {sent}")


def _merge_all(data: Path) -> tuple[float, int]:
    """Merge each day to one part in a process of its own; return its CPU seconds and the bytes."""
    command = [sys.executable, "-m", "bench.final_merge", str(data)]
    answer = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    cpu, size = answer.split()
    return float(cpu), int(size)
