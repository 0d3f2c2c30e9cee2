"""Measure what the PostgreSQL exporter costs an application, also while PostgreSQL is away.

A steady load of 1,000 requests a second with ten spans each runs in slices, turn by turn without
and with the exporter, so that whatever else the machine does falls on both alike. Then PostgreSQL
is stopped in the middle of the load and started again.

    uv run python benchmarks/exporter.py [--minutes 1] [--outage-seconds 60]
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

import psycopg

import waymark
from waymark.postgres.migrate import migrate_traces

sys.path.insert(0, str(Path(__file__).parent.parent))
from typing import TYPE_CHECKING

from tests.private_postgres import PrivatePostgres, find_programs

if TYPE_CHECKING:
    from opentelemetry.util.types import AttributeValue

REQUESTS_PER_SECOND = 1_000
SPANS_PER_REQUEST = 10
WORK_ROUNDS = 40
"""Makes a request of some 0.6 ms, so that one core is busy with them for 60 % of the time. A
request of nothing but spans would measure OpenTelemetry, not an application."""

SLICE_SECONDS = 5.0
PAYLOAD = {"order": list(range(40)), "name": "open air", "price": 12.5}
SPAN_ATTRIBUTES: dict[str, AttributeValue] = {
    "order.id": 7,
    "event.id": "open-air",
    "http.route": "/orders",
    "is.paid": True,
}


@dataclass
class Load:
    """What the requests of one mode have seen, in microseconds."""

    work_us: list[float] = field(default_factory=list)
    delay_us: list[float] = field(default_factory=list)
    cpu_us: float = 0.0
    """Of the application's thread alone: what a busy machine does not blur."""
    elapsed_s: float = 0.0

    def figures(self) -> dict[str, float]:
        """The numbers that are printed."""
        cuts = statistics.quantiles(self.work_us, n=100)
        return {
            "requests": len(self.work_us),
            "requests_per_second": round(len(self.work_us) / self.elapsed_s, 1),
            "request_cpu_us_mean": round(self.cpu_us / len(self.work_us), 1),
            "request_us_mean": round(statistics.fmean(self.work_us), 1),
            "request_us_p50": round(cuts[49], 1),
            "request_us_p95": round(cuts[94], 1),
            "request_us_p99": round(cuts[98], 1),
            "request_us_max": round(max(self.work_us), 1),
            "late_us_p99": round(statistics.quantiles(self.delay_us, n=100)[98], 1),
        }


def run_load(tracer: waymark.Tracer, load: Load, seconds: float) -> None:
    """Send requests at their times; one that comes late does not delay the plan of the others."""
    begun = time.perf_counter()
    cpu_begun_ns = time.thread_time_ns()
    for number in range(round(seconds * REQUESTS_PER_SECOND)):
        due = begun + number / REQUESTS_PER_SECOND
        if (early := due - time.perf_counter()) > 0:
            time.sleep(early)
        entered = time.perf_counter()
        handle_request(tracer)
        load.work_us.append((time.perf_counter() - entered) * 1e6)
        load.delay_us.append((entered - due) * 1e6)
    load.elapsed_s += time.perf_counter() - begun
    load.cpu_us += (time.thread_time_ns() - cpu_begun_ns) / 1_000


def handle_request(tracer: waymark.Tracer) -> None:
    """One request: some work, ten spans."""
    with tracer.with_span("POST /orders", SPAN_ATTRIBUTES):
        for _step in range(SPANS_PER_REQUEST - 1):
            with tracer.with_span("step", SPAN_ATTRIBUTES):
                json.loads(json.dumps(PAYLOAD))
        for _round in range(WORK_ROUNDS):
            json.loads(json.dumps(PAYLOAD))


def main() -> None:
    """Run all phases and print one JSON object."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--minutes", type=float, default=1.0)
    parser.add_argument("--outage-seconds", type=float, default=60.0)
    options = parser.parse_args()
    programs = find_programs()
    if programs is None:
        sys.exit("the PostgreSQL server programs are not installed")
    server = PrivatePostgres(programs)
    server.start()
    try:
        url = server.create_database()
        with psycopg.connect(url, autocommit=True) as connection:
            migrate_traces(connection)
            connection.execute("SELECT maintain_traces(14)")
        report = measure(server, url, options.minutes, options.outage_seconds)
        print(json.dumps(report, indent=2))
        folder = Path(__file__).parent / "results"
        folder.mkdir(exist_ok=True)
        (folder / "exporter.json").write_text(json.dumps(report, indent=2) + "\n")
    finally:
        server.remove()


def measure(
    server: PrivatePostgres, url: str, minutes: float, outage_seconds: float
) -> dict[str, object]:
    """Compare without and with the exporter, then take PostgreSQL away."""
    without, with_exporter, outage = Load(), Load(), Load()
    plain = waymark.start(waymark.Settings("bench"))
    tracing = waymark.start(waymark.Settings("bench", postgres_url=url))
    for _turn in range(round(minutes * 60 / SLICE_SECONDS)):
        run_load(plain.tracer, without, SLICE_SECONDS)
        run_load(tracing.tracer, with_exporter, SLICE_SECONDS)
    tracing.flush(30)
    steady = tracing.counts()["postgres"]

    running = threading.Thread(
        target=run_load, args=(tracing.tracer, outage, outage_seconds + 20.0), daemon=True
    )
    running.start()
    time.sleep(10)
    server.stop()
    time.sleep(outage_seconds)
    server.start()
    running.join()
    tracing.flush(60)
    after = tracing.counts()["postgres"]
    tracing.close()
    with psycopg.connect(url) as connection:
        stored = connection.execute("SELECT count(*) FROM traces").fetchone()
    before, after_it = without.figures(), with_exporter.figures()
    slower = {
        name: round((after_it[name] / before[name] - 1) * 100, 2)
        for name in ("request_cpu_us_mean", "request_us_p50", "request_us_p95", "request_us_mean")
    }
    per_span_us = (after_it["request_us_p50"] - before["request_us_p50"]) / SPANS_PER_REQUEST
    return {
        "spans_per_second": round(steady.offered / with_exporter.elapsed_s),
        "without_exporter": before,
        "with_exporter": after_it,
        "slower_percent": slower,
        "per_span_us_p50": round(per_span_us, 2),
        "steady": {"offered": steady.offered, "dropped": steady.dropped},
        "outage": {
            "seconds": outage_seconds,
            **outage.figures(),
            "offered": after.offered - steady.offered,
            "exported": after.exported - steady.exported,
            "dropped_full": after.dropped_full,
            "dropped_for_other_reasons": after.dropped - after.dropped_full,
        },
        "rows_stored": stored[0] if stored else 0,
        "exported": after.exported,
    }


if __name__ == "__main__":
    main()
