"""Errors that become issues: how fast they are digested, how soon seen, at what cost."""

import http.client
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from bench.figures import Figure, Goal, at_least, at_most, quantile
from bench.load import Background, send
from bench.process import MemoryWatch, cpu_s, wait_until_idle
from bench.run import Run
from bench.server import Server, new_server

ISSUES: Final = "/api/0/organizations/default/issues/"
FRAMES_OF_8_KB: Final = 10
FRAMES_OF_50_KB: Final = 71
LAG_BYTES_MAX: Final = 60_000_000
CALM_RATE: Final = 1_000
"""Half of what must be digested: what is waited for then is the way, not the queue."""

DIGESTED: Final = at_least(2_000, 5_000)
PROBE: Final = "probe of the benchmark"
PROBE_PAUSE_S: Final = 0.4


def one_issue(run: Run) -> list[Figure]:
    """Every event belongs to the same issue."""
    return _digested(run, "8 KB errors, 1 issue", frames=FRAMES_OF_8_KB, groups=1)


def few_issues(run: Run) -> list[Figure]:
    """Two hundred issues, in turn."""
    return _digested(run, "8 KB errors, 200 issues", frames=FRAMES_OF_8_KB, groups=200)


def new_issues(run: Run) -> list[Figure]:
    """Every event is an issue of its own."""
    return _digested(run, "8 KB errors, each an issue", frames=FRAMES_OF_8_KB, groups=0)


def large_errors(run: Run) -> list[Figure]:
    """Deep stacks."""
    name, goal = "50 KB errors, 200 issues", at_least(500)
    return _digested(run, name, frames=FRAMES_OF_50_KB, groups=200, goal=goal)


def _digested(
    run: Run, name: str, *, frames: int, groups: int, goal: Goal | None = None
) -> list[Figure]:
    seconds = run.seconds(20, 2)
    with new_server() as server:
        began, cpu_before = time.monotonic(), cpu_s(server.pid)
        with MemoryWatch(server.pid) as memory:
            sent = send(
                server.envelopes,
                header=server.sentry_header,
                metrics=server.metrics,
                lag_bytes_max=LAG_BYTES_MAX,
                what="errors",
                frames=frames,
                groups=groups,
                connections=16,
                seconds=seconds,
            )
            server.wait_until_digested()
            visible_s = time.monotonic() - began
        used_s = cpu_s(server.pid) - cpu_before
        stored = server.count("errors")
        wait_until_idle(server.pid, wait_s_max=run.count(60, 3))
        byte_count = sum(server.bytes_by_table().values())
        seen_s = _seen_after_s(server, run, frames=frames, groups=groups)
    return [
        Figure(
            f"{name}: sent to visible", stored / visible_s, "/s", goal or at_least(2_000, 5_000)
        ),
        Figure(f"{name}: CPU-s per million", used_s / stored * 1e6, "s"),
        Figure(f"{name}: peak resident", memory.peak_mb, "MB", at_most(700)),
        Figure(f"{name}: bytes of an event as sent", sent.bytes / sent.items, "B"),
        Figure(f"{name}: bytes of an event on disk", byte_count / stored, "B", at_most(2_048)),
        Figure(f"{name}: lost", sent.items - stored, "", at_most(0)),
        Figure(f"{name}, at half the load: seen p95", quantile(seen_s, 0.95), "s", at_most(1.5)),
    ]


def _seen_after_s(server: Server, run: Run, *, frames: int, groups: int) -> list[float]:
    """Send errors of our own under half the load; return how long each took to be counted."""
    seconds = run.seconds(15, 3)
    rate = CALM_RATE if frames == FRAMES_OF_8_KB else CALM_RATE // 4
    load = Background(
        server.envelopes,
        header=server.sentry_header,
        seconds=seconds,
        what="errors",
        frames=frames,
        groups=groups,
        connections=8,
        rate=rate,
        seed=2,
    )
    waits_s: list[float] = []
    end = time.monotonic() + seconds - 1
    with load, _probe(server) as probe:
        while time.monotonic() < end:
            waits_s.append(probe())
            time.sleep(PROBE_PAUSE_S)
    return waits_s


@contextmanager
def _probe(server: Server) -> Iterator[Callable[[], float]]:
    """Give a function that sends one error and waits until its issue counts it."""
    connection = http.client.HTTPConnection(urlsplit(server.url).netloc)
    name, _, value = server.sentry_header.partition(": ")
    counted = 0

    def probe() -> float:
        nonlocal counted
        event_id, sent_at = secrets.token_hex(16), time.monotonic()
        event = {
            "event_id": event_id,
            "message": "probe of the benchmark",
            "timestamp": time.time(),
        }
        lines = ({"event_id": event_id}, {"type": "event"}, event)
        body = "\n".join(json.dumps(each) for each in lines)
        connection.request("POST", "/api/1/envelope/", body, {name: value})
        connection.getresponse().read()
        counted += 1
        while _probe_count(server) < counted:
            time.sleep(0.02)
        return time.monotonic() - sent_at

    yield probe
    connection.close()


def _probe_count(server: Server) -> int:
    found = server.get(ISSUES, query=PROBE, statsPeriod="24h", limit=1)
    return int(found[0]["count"]) if found else 0
