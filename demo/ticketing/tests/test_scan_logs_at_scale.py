"""A million spans and a hundred thousand scans: the scans of a journey are found by index."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from ticketing.database import migrate_journal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ticketing.platform.layout import Layout

pytestmark = [pytest.mark.platform, pytest.mark.slow]

ANSWER_MS_MAX = 50
FILL_TRACES = """
INSERT INTO traces (trace_id, span_id, service_name, span_name, span_kind, start_time, end_time,
                    duration_ms, status, is_entry)
SELECT md5(trace::text), lpad(to_hex(trace * 16 + step), 16, '0'), 'gate-scanner', 'step',
       'INTERNAL', now() - trace * interval '8.64 s', now(), 20, 'OK', step = 0
  FROM generate_series(1, 100000) AS trace CROSS JOIN generate_series(0, 9) AS step"""
FILL_SCANS = """
INSERT INTO scan_logs (scan_id, ticket_id, event_id, scanner_id, scan_method, outcome, trace_id,
                       ticket_trace_id, duration_ms, scanned_at)
SELECT gen_random_uuid(), 'T' || trace, 'open-air', 'gate-1', 'camera', 'admitted',
       md5(trace::text), md5((trace + 1)::text), 5, now()
  FROM generate_series(1, 100000) AS trace"""
QUESTIONS = {
    "get_scan_logs_by_trace": "SELECT * FROM get_scan_logs_by_trace(md5('4711'))",
    "scan_logs_with_traces": "SELECT * FROM scan_logs_with_traces WHERE trace_id = md5('4711')",
}


@pytest.fixture(scope="module")
def full_journal(layout: Layout) -> Iterator[psycopg.Connection]:
    with psycopg.connect(layout.journal.url("postgres"), autocommit=True) as owner:
        owner.execute("CREATE DATABASE at_scale")
        url = layout.journal.url("at_scale")
        migrate_journal(url, {})
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(
                "SELECT ensure_trace_partition(current_date - day) FROM generate_series(0, 10) day"
            )
            connection.execute(FILL_TRACES)
            connection.execute(FILL_SCANS)
            connection.execute("ANALYZE")
            yield connection
        owner.execute("DROP DATABASE at_scale")


@pytest.mark.parametrize("name", QUESTIONS)
def test_scans_are_found_within_the_bound(full_journal: psycopg.Connection, name: str) -> None:
    durations_ms: list[float] = []
    for _round in range(5):
        begun = time.perf_counter()
        rows = full_journal.execute(QUESTIONS[name].encode()).fetchall()
        durations_ms.append((time.perf_counter() - begun) * 1_000)
        assert rows

    # The best of five: the machine may have been busy, the plan is what is on trial.
    assert min(durations_ms) <= ANSWER_MS_MAX


def test_both_sides_of_the_journey_are_read_by_index(full_journal: psycopg.Connection) -> None:
    question = (
        "EXPLAIN SELECT * FROM scan_logs_with_traces"
        " WHERE trace_id = md5('4711') OR ticket_trace_id = md5('4711')"
    )

    plan = "\n".join(line for (line,) in full_journal.execute(question.encode()).fetchall())

    assert "scan_logs_by_trace" in plan
    assert "scan_logs_by_ticket_trace" in plan
    assert "Seq Scan on scan_logs" not in plan
    assert "Seq Scan on traces_2" not in plan
