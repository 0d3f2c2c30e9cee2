"""The exporter against a real server: what a span becomes, what happens when the server goes."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from opentelemetry.sdk.trace import Event
from opentelemetry.sdk.trace.export import SpanExportResult
from opentelemetry.trace import Link, SpanKind, Status, StatusCode
from psycopg.rows import dict_row
from tests.private_postgres import PrivatePostgres, find_programs
from tests.span_factory import NOW_NS, SHOP, context_of, finished_span

import waymark
from waymark.postgres.exporter import PostgresSpanExporter
from waymark.postgres.migrate import migrate_traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from opentelemetry.util.types import AttributeValue
    from psycopg.rows import DictRow

pytestmark = pytest.mark.postgres


@pytest.fixture
def exporter(database_url: str) -> Iterator[PostgresSpanExporter]:
    opened = PostgresSpanExporter(database_url)
    yield opened
    opened.shutdown()


def rows(connection: psycopg.Connection) -> list[DictRow]:
    with connection.cursor(row_factory=dict_row) as cursor:
        return cursor.execute("SELECT * FROM traces ORDER BY id").fetchall()


def test_a_span_becomes_a_row_with_everything_it_had(
    database: psycopg.Connection, exporter: PostgresSpanExporter
) -> None:
    span = finished_span(
        "POST /orders",
        trace_id=0xAF,
        span_id=0xB,
        parent=context_of(0xAF, 0xA, is_remote=True),
        kind=SpanKind.SERVER,
        status=Status(StatusCode.ERROR, "sold out"),
        attributes={"seats": 2, "rows": ("a", "b"), "paid": True, "price": 12.5},
        events=[Event("order.refused", {"left": 1}, timestamp=NOW_NS + 1)],
        links=[Link(context_of(0xCC, 0xDD), {"why": "ticket"})],
    )

    assert exporter.export([span]) is SpanExportResult.SUCCESS

    (row,) = rows(database)
    assert {name: row[name] for name in row if name not in {"id", "created_at"}} == {
        "trace_id": f"{0xAF:032x}",
        "span_id": f"{0xB:016x}",
        "parent_span_id": f"{0xA:016x}",
        "service_name": "shop",
        "span_name": "POST /orders",
        "span_kind": "SERVER",
        "start_time": datetime(2026, 9, 21, 14, 13, 20, 123456, UTC),
        "end_time": datetime(2026, 9, 21, 14, 13, 20, 124956, UTC),
        "duration_ms": 1.5,
        "status": "ERROR",
        "status_message": "sold out",
        "attributes": {"seats": 2, "rows": ["a", "b"], "paid": True, "price": 12.5},
        "events": [
            {"name": "order.refused", "time_unix_ns": NOW_NS + 1, "attributes": {"left": 1}}
        ],
        "links": [
            {"trace_id": f"{0xCC:032x}", "span_id": f"{0xDD:016x}", "attributes": {"why": "ticket"}}
        ],
        "resource": dict(SHOP.attributes),
        "is_entry": True,
    }


def test_a_batch_sent_twice_is_stored_once(
    database: psycopg.Connection, exporter: PostgresSpanExporter
) -> None:
    spans = [finished_span(span_id=number) for number in range(1, 4)]

    exporter.export(spans)
    exporter.export([*spans, finished_span(span_id=9)])

    assert len(rows(database)) == 4


def test_only_spans_by_which_a_trace_enters_a_service_are_entries(
    database: psycopg.Connection, exporter: PostgresSpanExporter
) -> None:
    exporter.export(
        [
            finished_span("root", span_id=1),
            finished_span("remote child", span_id=2, parent=context_of(1, 1, is_remote=True)),
            finished_span("local child", span_id=3, parent=context_of(1, 2)),
        ]
    )

    assert [row["span_name"] for row in rows(database) if row["is_entry"]] == [
        "root",
        "remote child",
    ]


@pytest.mark.parametrize(
    ("attributes", "stored"),
    [
        pytest.param({"a\0": "b\0c"}, {"a\ufffd": "b\ufffdc"}, id="NUL"),
        pytest.param({"a": "\\u0000"}, {"a": "\\u0000"}, id="looks like NUL and is not"),
        pytest.param({"a": "\ud800"}, {"a": "?"}, id="half a surrogate pair"),
        pytest.param({"a": float("nan")}, {"a": None}, id="not a number"),
        pytest.param({"a": float("inf")}, {"a": None}, id="infinity"),
        pytest.param({"a": 2**70}, {"a": str(2**70)}, id="a very large integer"),
        pytest.param({"a": "tab\tnew\nline\\ \\N \r"}, {"a": "tab\tnew\nline\\ \\N \r"}, id="COPY"),
        pytest.param(
            {"a": 'quote" \u2028 \U0001f3ab'}, {"a": 'quote" \u2028 \U0001f3ab'}, id="JSON"
        ),
        pytest.param({"a": b"\xff\0"}, {"a": "b'\\xff\\x00'"}, id="bytes"),
    ],
)
def test_odd_values_do_not_stop_a_batch(
    database: psycopg.Connection,
    exporter: PostgresSpanExporter,
    attributes: dict[str, AttributeValue],
    stored: dict[str, object],
) -> None:
    result = exporter.export([finished_span(attributes=attributes)])

    assert result is SpanExportResult.SUCCESS
    assert [row["attributes"] for row in rows(database)] == [stored]


ANY_VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    name=st.text(),
    message=st.none() | st.text(),
    attributes=st.dictionaries(st.text(), ANY_VALUE),
    start_ns=st.integers(-(2**70), 2**70),
    duration_ns=st.integers(-(2**70), 2**70),
    span_id=st.integers(1, 2**64 - 1),
)
def test_any_span_is_stored(  # noqa: PLR0917 - the parts of a span
    exporter: PostgresSpanExporter,
    name: str,
    message: str | None,
    attributes: dict[str, AttributeValue],
    start_ns: int,
    duration_ns: int,
    span_id: int,
) -> None:
    span = finished_span(
        name,
        span_id=span_id,
        status=Status(StatusCode.ERROR, message),
        attributes=attributes,
        start_ns=start_ns,
        duration_ns=duration_ns,
    )

    assert exporter.export([span]) is SpanExportResult.SUCCESS


def test_a_database_that_is_not_there_is_a_failure_not_an_exception() -> None:
    exporter = PostgresSpanExporter("postgresql://nobody@127.0.0.1:1/none")

    assert exporter.export([finished_span()]) is SpanExportResult.FAILURE


def test_a_connection_cut_by_the_server_is_opened_again(
    database: psycopg.Connection, exporter: PostgresSpanExporter
) -> None:
    exporter.export([finished_span(span_id=1)])
    database.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'waymark'"
    )

    results = [exporter.export([finished_span(span_id=2)]) for _attempt in range(2)]

    assert results == [SpanExportResult.FAILURE, SpanExportResult.SUCCESS]
    assert len(rows(database)) == 2


def test_while_the_server_is_stopped_work_goes_on_and_afterwards_all_is_accounted_for(
    wait_until: Callable[..., None],
) -> None:
    programs = find_programs()
    if programs is None:
        pytest.skip("the PostgreSQL server programs (initdb, pg_ctl) are not installed")
    server = PrivatePostgres(programs)  # of its own, because it is stopped
    server.start()
    url = server.create_database()
    with psycopg.connect(url, autocommit=True) as connection:
        migrate_traces(connection)
    bounds = waymark.QueueSettings(span_count_max=300, delay_s=0.02, retry_delay_s_max=0.1)
    tracing = waymark.start(waymark.Settings("shop", postgres_url=url, queue=bounds))

    def work(times: int) -> None:
        for _ in range(times):
            with tracing.tracer.with_span("work"):
                pass

    work(100)
    assert tracing.flush()
    server.stop()
    work(1_000)
    during = tracing.counts()["postgres"]
    server.start()
    wait_until(lambda: tracing.counts()["postgres"].waiting == 0)
    work(100)
    tracing.close()

    after = tracing.counts()["postgres"]
    assert during.exported == 100
    assert during.dropped_full == 1_000 - 300
    assert after.offered == 1_200
    assert (after.exported, after.dropped) == (500, 700)
    with psycopg.connect(url) as connection:
        assert len(rows(connection)) == after.exported
    server.remove()
