"""Migrations, partitions, roles and reading functions on a real server."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from importlib.resources import files
from typing import TYPE_CHECKING, TypeAlias

import psycopg
import pytest
from opentelemetry.sdk.resources import Resource
from opentelemetry.trace import Status, StatusCode
from tests.span_factory import NOW_NS, SECOND_NS, context_of, finished_span

from waymark.postgres import command
from waymark.postgres.exporter import PostgresSpanExporter
from waymark.postgres.migrate import (
    Migration,
    MigrationChangedError,
    migrate,
    migrate_traces,
    read_migrations,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.trace import ReadableSpan
    from tests.private_postgres import PrivatePostgres

pytestmark = pytest.mark.postgres
Rows: TypeAlias = list[tuple[object, ...]]
MS = 1_000_000
GATE = Resource({"service.name": "gate"})
ERROR = Status(StatusCode.ERROR, "failed")


def ask(connection: psycopg.Connection, question: str, *values: object) -> Rows:
    return connection.execute(question.encode(), list(values)).fetchall()


def put(connection: psycopg.Connection, server: PrivatePostgres, *spans: ReadableSpan) -> None:
    exporter = PostgresSpanExporter(server.url(connection.info.dbname))
    exporter.export(spans)
    exporter.close()


def hex_id(trace_id: int) -> str:
    return f"{trace_id:032x}"


@pytest.fixture
def stored(database: psycopg.Connection, postgres_server: PrivatePostgres) -> psycopg.Connection:
    """Four traces: 1 fast, 2 slow, 3 failed, 4 over two services and days apart."""
    day_ns = 86_400 * SECOND_NS
    put(
        database,
        postgres_server,
        finished_span("quick", trace_id=1, span_id=1, duration_ns=50 * MS),
        finished_span(
            "slow", trace_id=2, span_id=2, duration_ns=2_000 * MS, start_ns=NOW_NS + SECOND_NS
        ),
        finished_span("bad", trace_id=3, span_id=3, duration_ns=300 * MS, start_ns=NOW_NS + 2 * MS),
        finished_span(
            "bad step", trace_id=3, span_id=4, parent=context_of(3, 3), status=ERROR,
            start_ns=NOW_NS + 3 * MS,
        ),
        finished_span(
            "order", trace_id=4, span_id=5, duration_ns=40 * MS, start_ns=NOW_NS - day_ns
        ),
        finished_span(
            "scan", trace_id=4, span_id=6, parent=context_of(4, 5, is_remote=True), resource=GATE,
            duration_ns=20 * MS, start_ns=NOW_NS + 2 * day_ns,
        ),
    )  # fmt: skip
    return database


def test_migrating_again_changes_nothing(database: psycopg.Connection) -> None:
    assert migrate_traces(database) == []


def test_an_edited_migration_is_noticed(database: psycopg.Connection) -> None:
    first, *others = read_migrations(files("waymark.postgres") / "migrations")
    edited = [Migration(first.name, first.sql + "-- edited"), *others]

    with pytest.raises(MigrationChangedError, match=r"001_traces\.sql"):
        migrate(database, collection="waymark", migrations=edited)


def test_a_failing_migration_leaves_nothing_of_itself(database: psycopg.Connection) -> None:
    good = Migration("001.sql", "CREATE TABLE kept (id int)")
    bad = Migration("002.sql", "CREATE TABLE lost (id int); SELECT no_such_function()")

    with pytest.raises(psycopg.errors.UndefinedFunction):
        migrate(database, collection="other", migrations=[good, bad])

    assert ask(database, "SELECT to_regclass('kept')::text, to_regclass('lost')::text") == [
        ("kept", None)
    ]


def test_a_summary_tells_a_journey_over_days_from_a_long_wait(stored: psycopg.Connection) -> None:
    (row,) = ask(
        stored,
        "SELECT duration_ms, elapsed_ms, span_count, service_count, service_names, root_name,"
        " has_error FROM trace_summaries WHERE trace_id = %s",
        hex_id(4),
    )

    assert row == (40.0, (3 * 86_400 + 0.02) * 1_000, 2, 2, ["gate", "shop"], "order", False)


def test_the_tree_is_in_the_order_of_a_waterfall(
    database: psycopg.Connection, postgres_server: PrivatePostgres
) -> None:
    def child(name: str, span_id: int, parent_id: int, at: int) -> ReadableSpan:
        return finished_span(
            name, span_id=span_id, parent=context_of(1, parent_id), start_ns=NOW_NS + at * MS
        )

    put(
        database, postgres_server,
        child("second", 3, 1, 5), child("first", 2, 1, 1), child("below second", 4, 3, 6),
        finished_span("root", span_id=1), child("orphan", 5, 99, 3),
        child("below orphan", 6, 5, 4),
    )  # fmt: skip

    tree = ask(
        database, "SELECT depth, span_name, is_parent_missing FROM get_trace_tree(%s)", hex_id(1)
    )

    assert tree == [
        (0, "root", False),
        (1, "first", False),
        (1, "second", False),
        (2, "below second", False),
        (0, "orphan", True),
        (1, "below orphan", False),
    ]


def test_spans_that_are_each_other_s_parents_are_listed_and_the_tree_ends(
    database: psycopg.Connection, postgres_server: PrivatePostgres
) -> None:
    put(
        database, postgres_server,
        finished_span("root", span_id=1),
        finished_span("a", span_id=2, parent=context_of(1, 3)),
        finished_span("b", span_id=3, parent=context_of(1, 2)),
        finished_span("own parent", span_id=4, parent=context_of(1, 4)),
    )  # fmt: skip

    tree = ask(database, "SELECT span_name FROM get_trace_tree(%s)", hex_id(1))

    assert sorted(tree) == [("a",), ("b",), ("own parent",), ("root",)]


def test_a_tree_is_cut_at_its_bound(stored: psycopg.Connection) -> None:
    assert len(ask(stored, "SELECT * FROM get_trace_tree(%s, 1)", hex_id(4))) == 1


def test_slow_traces_come_slowest_first_and_not_below_the_bound(stored: psycopg.Connection) -> None:
    assert ask(stored, "SELECT trace_id FROM get_slow_traces(100, 10)") == [
        (hex_id(2),),
        (hex_id(3),),
    ]
    assert ask(stored, "SELECT trace_id FROM get_slow_traces(0, 1)") == [(hex_id(2),)]


def test_error_traces_are_those_with_any_failed_span(stored: psycopg.Connection) -> None:
    assert ask(stored, "SELECT trace_id, error_count FROM get_error_traces(10)") == [(hex_id(3), 1)]


LIST = "SELECT trace_id FROM list_traces(%s, %s, %s, %s, %s, %s)"


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        pytest.param((None, None, None, None, None, 100), [4, 2, 3, 1], id="recently active first"),
        pytest.param((None, None, None, None, None, 2), [4, 2], id="limit"),
        pytest.param(("gate", None, None, None, None, 100), [4], id="service"),
        pytest.param(("shop", None, None, None, None, 100), [2, 3, 1, 4], id="the other service"),
        pytest.param((None, "errors", None, None, None, 100), [3], id="errors"),
        pytest.param(("gate", "errors", None, None, None, 100), [], id="errors of a service"),
        pytest.param((None, "success", None, None, None, 100), [4, 2, 1], id="success"),
        pytest.param((None, None, 1_000, None, None, 100), [2], id="slow"),
        pytest.param((None, None, None, 100, None, 100), [4, 1], id="fast"),
        pytest.param((None, None, None, None, hex_id(3).upper(), 100), [3], id="trace id"),
        pytest.param((None, None, None, None, hex_id(3)[:31], 100), [4, 2, 3, 1], id="beginning"),
        pytest.param((None, None, None, None, " GAT ", 100), [4], id="part of a service"),
        pytest.param((None, None, None, None, "%", 100), [], id="no wildcards"),
        pytest.param((None, None, None, None, "f" * 32, 100), [], id="an unknown trace id"),
        pytest.param(("gate", None, None, None, hex_id(2), 100), [], id="filters add up"),
    ],
)
def test_the_list_is_narrowed_by_every_filter(
    stored: psycopg.Connection, filters: Sequence[object], expected: list[int]
) -> None:
    assert ask(stored, LIST, *filters) == [(hex_id(trace_id),) for trace_id in expected]


def test_services_are_listed_once(stored: psycopg.Connection) -> None:
    assert ask(stored, "SELECT list_trace_services()") == [("gate",), ("shop",)]


def partition_of(connection: psycopg.Connection, span_id: int) -> object:
    return ask(
        connection, "SELECT tableoid::regclass::text FROM traces WHERE span_id = %s",
        f"{span_id:016x}",
    )[0][0]  # fmt: skip


def test_maintenance_makes_coming_partitions_drops_old_ones_and_moves_strays(
    database: psycopg.Connection, postgres_server: PrivatePostgres
) -> None:
    today = datetime.now(UTC).replace(hour=12)
    for span_id, days_ago in enumerate((0, 10, 40), start=1):
        at_ns = round((today - timedelta(days=days_ago)).timestamp()) * SECOND_NS
        put(database, postgres_server, finished_span(span_id=span_id, start_ns=at_ns))
    old_day = (today - timedelta(days=30)).date()
    ask(database, "SELECT ensure_trace_partition(%s)", old_day)
    assert partition_of(database, 1) == "traces_default"

    (made, dropped, rows_dropped) = ask(database, "SELECT * FROM maintain_traces(14)")[0]

    assert (made, dropped, rows_dropped) == (9, 1, 1)
    assert partition_of(database, 1) == f"traces_{today:%Y%m%d}"
    assert partition_of(database, 2) == "traces_default"
    assert ask(database, "SELECT count(*) FROM traces") == [(2,)]
    assert ask(database, "SELECT * FROM maintain_traces(14)") == [(0, 0, 0)]


def test_ids_are_unique_within_a_partition_as_well(
    database: psycopg.Connection, postgres_server: PrivatePostgres
) -> None:
    day = datetime.fromtimestamp(NOW_NS / SECOND_NS, UTC).date()
    ask(database, "SELECT ensure_trace_partition(%s)", day)

    put(database, postgres_server, finished_span("first"))
    put(database, postgres_server, finished_span("again", start_ns=NOW_NS + 1))

    assert ask(database, "SELECT span_name FROM traces") == [("first",)]


def test_nobody_asks_for_no_retention(database: psycopg.Connection) -> None:
    with pytest.raises(psycopg.errors.RaiseException):
        ask(database, "SELECT * FROM maintain_traces(0)")


ATTEMPTS = {
    "insert": "INSERT INTO traces (trace_id, span_id, service_name, span_name, span_kind,"
    " start_time, end_time, duration_ms, status, is_entry) VALUES (repeat('a', 32),"
    " repeat('b', 16), 's', 'n', 'SERVER', now(), now(), 0, 'OK', true)",
    "read": "SELECT count(*) FROM traces",
    "list": "SELECT * FROM list_traces()",
    "delete": "DELETE FROM traces",
    "update": "UPDATE traces SET status = 'OK'",
    "drop": "DROP TABLE traces",
    "maintain": "SELECT * FROM maintain_traces(14)",
    "partition": "SELECT ensure_trace_partition('2026-01-01')",
}


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        ("waymark_writer", {"insert"}),
        ("waymark_reader", {"read", "list"}),
        ("waymark_keeper", {"maintain"}),
    ],
)
def test_a_role_can_do_its_one_thing_and_nothing_else(
    database: psycopg.Connection, role: str, allowed: set[str]
) -> None:
    done: set[str] = set()
    for name, statement in ATTEMPTS.items():
        try:
            with database.transaction():
                database.execute(f"SET LOCAL ROLE {role}".encode())
                database.execute(statement.encode())
                done.add(name)
        except psycopg.errors.InsufficientPrivilege:
            continue

    assert done == allowed


def test_the_exporter_works_with_the_writer_s_rights_alone(
    database: psycopg.Connection, postgres_server: PrivatePostgres
) -> None:
    user = f"only_writes_{database.info.dbname}"
    database.execute(f"CREATE ROLE {user} LOGIN IN ROLE waymark_writer".encode())
    exporter = PostgresSpanExporter(postgres_server.url(database.info.dbname, user))

    exporter.export([finished_span()])
    exporter.close()

    assert ask(database, "SELECT span_name FROM traces") == [("work",)]


def test_the_command_migrates_and_maintains(
    postgres_server: PrivatePostgres, capsys: pytest.CaptureFixture[str]
) -> None:
    url = postgres_server.create_database()

    codes = [command.main(["--url", url, name]) for name in ("migrate", "migrate", "maintain")]

    assert codes == [0, 0, 0]
    printed = capsys.readouterr().out
    assert "applied: 001_traces.sql" in printed
    assert "nothing new" in printed
    assert "partitions made 9" in printed


def test_the_command_fails_with_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main(["--url", "postgresql://x@127.0.0.1:1/x", "migrate"]) == 1
    assert "migrate failed" in capsys.readouterr().err
