"""The questions of whoever explores, over a day of stored spans, while spans arrive."""

import random
import time
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from bench.figures import Figure, Goal, at_most, quantile
from bench.load import LAG_BYTES_PACKED_MAX, Background, corpus, send, traces
from bench.process import wait_until_idle
from bench.run import Run
from bench.server import EVENTS, Server, new_folder, running

SPREAD_S: Final = 86_400
RATE: Final = 10_000
LIVE_SEED: Final = 2
ORGANIZATION: Final = "/api/0/organizations/default"
_SERVICES: Final = ("frontend", "gateway", "checkout", "cart")
_ROUTES: Final = ("/api/cart", "/api/checkout", "/api/login", "/api/search")


def explore(run: Run) -> list[Figure]:
    """Ask every question many times, each with other values."""
    requests = run.count(10_000, 100)
    folder = corpus(encoding="zstd", requests=requests, spread=SPREAD_S)
    with new_folder() as data, running(data) as server:
        send(
            server.otlp,
            what="pack",
            corpus=folder,
            metrics=server.metrics,
            lag_bytes_max=LAG_BYTES_PACKED_MAX,
        )
        server.wait_until_digested()
        wait_until_idle(server.pid, wait_s_max=run.count(120, 3))
        return _ask(server, run, requests)


def _ask(server: Server, run: Run, requests: int) -> list[Figure]:
    figures: list[Figure] = []
    name = f"{requests / 1000:g}M spans over 24 h, 10k/s arriving"
    load = Background(server.otlp, seconds=run.seconds(120, 6), rate=RATE, seed=LIVE_SEED)
    with load:
        time.sleep(1)
        for kind, goals, paths in _questions(requests, run.count(40, 4)):
            waits_ms = []
            for path in paths:
                began = time.monotonic()
                if server.ask(path) is None:
                    raise SystemExit(f"{path}: there is no such thing")
                waits_ms.append((time.monotonic() - began) * 1000)
            for share, goal in zip((0.5, 0.95), goals, strict=True):
                title = f"{name}: {kind} p{share * 100:.0f}"
                figures.append(Figure(title, quantile(waits_ms, share), "ms", goal))
    assert load.sent is not None
    figures.append(Figure(f"{name}: sending, answer p99", load.sent.p99_ms, "ms"))
    return figures


def _questions(
    requests: int, rounds: int
) -> Iterator[tuple[str, tuple[Goal | None, Goal | None], list[str]]]:
    """Yield each question's name, its goals for p50 and p95, and the paths to ask."""
    dice = random.Random(1)
    known = [dice.choice(traces(first=dice.randrange(requests), count=1)) for _ in range(rounds)]
    yield (
        "latest 20 by service and attribute",
        (at_most(40), at_most(150)),
        [
            _rows(f"service:{_SERVICES[n % 4]} http.route:{_ROUTES[n // 4 % 4]}")
            for n in range(rounds)
        ],
    )
    yield (
        "rare attribute value, no service",
        (at_most(150), at_most(500)),
        [_rows(f"order.id:{each['order']}") for each in known],
    )
    few = max(4, rounds // 4)
    keys = ("tenant.id", "cloud.region", "network.protocol.version", "url.scheme")
    yield (
        "p95 by any attribute over 1 h",
        (at_most(250), at_most(800)),
        [
            _path(EVENTS, field=[keys[n % 4], "count()", "p95(span.duration)"], sort="-count()")
            for n in range(few)
        ],
    )
    yield (
        "chart of p95 of the five largest operations over 1 h",
        (None, None),
        [
            _path(
                f"{ORGANIZATION}/events-timeseries/",
                yAxis=["p95(span.duration)"],
                groupBy=["span.op"],
                topEvents=5,
            )
        ]
        * few,
    )
    yield (
        "what differs in slow spans over 1 h",
        (None, None),
        [_path("/api/v1/differs", selection="span.duration:>500ms")] * few,
    )
    yield "heatmap of durations over 1 h", (None, None), [_path("/api/v1/heatmap")] * few


def _rows(query: str) -> str:
    fields = ["id", "trace", "timestamp", "span.op", "span.description", "span.duration"]
    return _path(
        EVENTS, field=fields, query=query, sort="-timestamp", per_page=20, statsPeriod="24h"
    )


def _path(path: str, **parameters: object) -> str:
    words = {"dataset": "spans", "statsPeriod": "1h", **parameters}
    return f"{path}?{urlencode(words, doseq=True)}"
