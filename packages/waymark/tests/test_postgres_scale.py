"""A million spans: every reading function answers from an index within 50 ms."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest

from waymark.postgres.migrate import migrate_traces

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.private_postgres import PrivatePostgres

pytestmark = [pytest.mark.postgres, pytest.mark.slow, pytest.mark.timeout(300)]

TRACE_COUNT = 100_000
SPANS_PER_TRACE = 10
ANSWER_MS_MAX = 50

# Ten spans per trace over ten days and five services; one trace in a hundred fails, one in fifty
# is slow. Trace ids are spread by a hash, as random ones are.
FILL = """
INSERT INTO traces (trace_id, span_id, parent_span_id, service_name, span_name, span_kind,
                    start_time, end_time, duration_ms, status, is_entry, attributes)
SELECT md5(trace::text), lpad(to_hex(trace * 16 + step), 16, '0'),
       CASE WHEN step > 0 THEN lpad(to_hex(trace * 16), 16, '0') END,
       'service-' || mod(trace, 5), 'step ' || step, 'INTERNAL', at, at + length * interval '1 ms',
       length, CASE WHEN step = 9 AND mod(trace, 100) = 0 THEN 'ERROR' ELSE 'OK' END, step = 0,
       jsonb_build_object('order.id', trace)
  FROM generate_series(1, %(traces)s) AS trace CROSS JOIN generate_series(0, %(steps)s - 1) AS step
       CROSS JOIN LATERAL (SELECT now() - trace * interval '8.64 s' AS at,
                       CASE WHEN mod(trace, 50) = 0 THEN 1500
                            ELSE 20 + mod(trace, 60) END AS length) AS t
"""

QUESTIONS = {
    "get_trace_tree": "SELECT * FROM get_trace_tree(md5('4711'))",
    "trace_summaries": "SELECT * FROM trace_summaries WHERE trace_id = md5('4711')",
    "get_slow_traces": "SELECT * FROM get_slow_traces(1000, 100)",
    "get_error_traces": "SELECT * FROM get_error_traces(100)",
    "list_traces": "SELECT * FROM list_traces()",
    "list_traces, service": "SELECT * FROM list_traces('service-3')",
    "list_traces, errors": "SELECT * FROM list_traces(NULL, 'errors')",
    "list_traces, slow": "SELECT * FROM list_traces(NULL, NULL, 1000)",
    "list_traces, trace id": "SELECT * FROM list_traces(search => md5('4711'))",
    "list_trace_services": "SELECT * FROM list_trace_services()",
}


@pytest.fixture(scope="module")
def million(postgres_server: PrivatePostgres) -> Iterator[psycopg.Connection]:
    url = postgres_server.create_database()
    with psycopg.connect(url, autocommit=True) as connection:
        migrate_traces(connection)
        connection.execute(
            "SELECT ensure_trace_partition(current_date - day) FROM generate_series(0, 10) AS day"
        )
        connection.execute(FILL, {"traces": TRACE_COUNT, "steps": SPANS_PER_TRACE})
        connection.execute("ANALYZE traces")
        yield connection


def test_there_are_a_million_rows(million: psycopg.Connection) -> None:
    assert million.execute("SELECT count(*) FROM traces").fetchone() == (1_000_000,)


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_function_answers_within_its_bound(million: psycopg.Connection, name: str) -> None:
    question = QUESTIONS[name].encode()
    durations_ms: list[float] = []
    for _round in range(5):
        begun = time.perf_counter()
        rows = million.execute(question).fetchall()
        durations_ms.append((time.perf_counter() - begun) * 1_000)
        assert rows

    # The best of five: the machine may have been busy, the plan is what is on trial.
    assert min(durations_ms) <= ANSWER_MS_MAX


@pytest.mark.parametrize("name", QUESTIONS)
def test_a_function_reads_through_indexes_only(million: psycopg.Connection, name: str) -> None:
    plans: list[str] = []
    million.add_notice_handler(lambda notice: plans.append(notice.message_primary or ""))
    million.execute("LOAD 'auto_explain'")
    million.execute("SET auto_explain.log_min_duration = 0")
    million.execute("SET auto_explain.log_nested_statements = on")
    million.execute("SET auto_explain.log_level = notice")
    try:
        million.execute(QUESTIONS[name].encode())
    finally:
        million.execute("RESET auto_explain.log_min_duration")

    plan = "\n".join(plans)
    assert "Index" in plan
    # The default partition is empty: there a sequential scan is the cheapest way.
    scanned = [line for line in plan.splitlines() if "Seq Scan on traces_2" in line]
    assert scanned == []
