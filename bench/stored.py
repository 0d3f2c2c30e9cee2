"""Many spans stored: how soon the server starts, and how soon questions are answered under load."""

import random
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final
from urllib.parse import quote, urlencode

from bench.figures import Figure, Goal, at_most, quantile
from bench.load import LAG_BYTES_PACKED_MAX, Background, corpus, send, traces
from bench.process import wait_until_idle
from bench.run import Run
from bench.server import EVENTS, Server, new_folder, running

SPREAD_S: Final = 3600
RATE: Final = 10_000
LIVE_SEED: Final = 2
INDEX: Final = "VEDETTE_ATTRIBUTE_INDEX=on"


def stored(run: Run) -> list[Figure]:
    """Ask without an attribute index."""
    return _measure(run, "VEDETTE_ATTRIBUTE_INDEX=off", run.count(10_000, 100))


def stored_index(run: Run) -> list[Figure]:
    """Ask with the attribute index."""
    return _measure(run, INDEX, run.count(10_000, 100))


def _measure(run: Run, flag: str, requests: int) -> list[Figure]:
    flags = (flag,)
    name = f"{requests / 1000:g}M spans{', index' if flag == INDEX else ''}"
    folder = corpus(encoding="zstd", requests=requests, spread=SPREAD_S)
    with new_folder() as data:
        token = _fill(data, flags, folder, run)
        starts_s = [_start_s(data, flags, token) for _ in range(run.count(3, 1))]
        figures = [
            Figure(f"{name}: start until ready", quantile(starts_s, 0.5), "s", at_most(3, 1))
        ]
        with running(data, *flags, token=token) as server:
            figures += _ask(server, run, name, requests)
        return figures


def _fill(data: Path, flags: tuple[str, ...], folder: Path, run: Run) -> str:
    with running(data, *flags) as server:
        send(
            server.otlp,
            what="pack",
            corpus=folder,
            metrics=server.metrics,
            lag_bytes_max=LAG_BYTES_PACKED_MAX,
        )
        server.wait_until_digested()
        wait_until_idle(server.pid, wait_s_max=run.count(120, 3))
        return server.token


def _start_s(data: Path, flags: tuple[str, ...], token: str) -> float:
    with running(data, *flags, token=token) as server:
        return server.start_s


def _ask(server: Server, run: Run, name: str, requests: int) -> list[Figure]:
    """Ask every question many times, each with other values, while spans arrive."""
    figures: list[Figure] = []
    rounds = run.count(60, 6)
    load = Background(server.otlp, seconds=run.seconds(120, 6), rate=RATE, seed=LIVE_SEED)
    with load:
        time.sleep(1)
        for kind, goals, paths in _questions(requests, rounds):
            waits_ms = [_timed_ms(server, path) for path in paths]
            for share, goal in zip((0.5, 0.95), goals, strict=True):
                title = f"{name}, 10k/s arriving: {kind} p{share * 100:.0f}"
                figures.append(Figure(title, quantile(waits_ms, share), "ms", goal))
    return figures


def _timed_ms(server: Server, path: str) -> float:
    began = time.monotonic()
    if server.ask(path) is None:
        raise SystemExit(f"{path}: there is no such thing")
    return (time.monotonic() - began) * 1000


def _questions(
    requests: int, rounds: int
) -> Iterator[tuple[str, tuple[Goal | None, Goal | None], list[str]]]:
    """Yield each question's name, its goals for p50 and p95, and the paths to ask."""
    dice = random.Random(1)
    known = [dice.choice(traces(first=dice.randrange(requests), count=1)) for _ in range(rounds)]
    ids = [each["trace_id"] for each in known]
    yield "trace by id, warming", (None, None), [f"/api/v1/traces/{each}" for each in ids[:5]]
    yield "trace by id", (at_most(8), at_most(30)), [f"/api/v1/traces/{each}" for each in ids]
    nested = "/api/0/organizations/default/trace/{}/?statsPeriod=1d"
    yield "trace by id, nested", (None, None), [nested.format(each) for each in ids]
    few = max(4, rounds // 4)
    yield "latest 20 spans", (None, None), [_list("")] * few
    routes = ["/api/cart", "/api/checkout", "/api/login", "/api/search"]
    yield (
        "latest 20 of a route",
        (None, None),
        [_list(f"http.route:{routes[number % 4]}") for number in range(few)],
    )
    yield (
        "latest 20 with a common attribute",
        (None, None),
        [_list(f"cloud.region:{('eu-west-1', 'us-east-1')[number % 2]}") for number in range(few)],
    )
    yield (
        "spans of a user",
        (None, None),
        [_list(f"user.id:{each['user']}") for each in known[:few]],
    )
    yield (
        "spans with a rare attribute",
        (None, None),
        [_list(f"order.id:{each['order']}") for each in known[:few]],
    )
    for kind, goals, path in _services():
        yield kind, goals, [path] * few
    yield "count and p95 by operation", (None, None), [_groups()] * few


def _services() -> Iterator[tuple[str, tuple[Goal | None, Goal | None], str]]:
    """Yield what is asked of figures that are kept per minute."""
    yield (
        "p95 per minute of a service over 24 h",
        (at_most(30), at_most(100)),
        "/api/v1/services/checkout?statsPeriod=24h&interval=60",
    )
    yield (
        "service map over 1 h",
        (at_most(60), at_most(200)),
        "/api/v1/service-map?statsPeriod=1h",
    )
    yield "services over 1 h", (None, None), "/api/v1/services?statsPeriod=1h"


def _list(query: str) -> str:
    fields = "&".join(
        f"field={quote(each)}"
        for each in ("id", "trace", "timestamp", "span.op", "span.description", "span.duration")
    )
    rest = urlencode(
        {
            "dataset": "spans",
            "sort": "-timestamp",
            "per_page": 20,
            "statsPeriod": "1d",
            "query": query,
        }
    )
    return f"{EVENTS}?{fields}&{rest}"


def _groups() -> str:
    fields = "&".join(
        f"field={quote(each)}" for each in ("span.op", "count()", "p95(span.duration)")
    )
    return f"{EVENTS}?{fields}&dataset=spans&sort=-count()&statsPeriod=1d"
