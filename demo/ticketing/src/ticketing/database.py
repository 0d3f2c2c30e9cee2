"""Connections to PostgreSQL: pools for the sites, migrations for the start."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Final, TypeAlias

import psycopg
from psycopg import AsyncConnection, sql
from psycopg.rows import DictRow, dict_row
from psycopg_pool import AsyncConnectionPool
from waymark.postgres.migrate import migrate, migrate_traces, read_migrations

if TYPE_CHECKING:
    from collections.abc import Mapping

Connection: TypeAlias = AsyncConnection[DictRow]
Pool: TypeAlias = AsyncConnectionPool[Connection]

CONNECTION_COUNT_MAX: Final = 8
"""Three sites share a server that allows a hundred."""

WAIT_S: Final = 3.0
"""A person waits this long for an answer or for an error page, not longer."""

TRACE_RETENTION_DAYS: Final = 14


def make_pool(url: str) -> Pool:
    """A pool that is still closed; a database that is away makes `PoolTimeout` after `WAIT_S`."""
    return AsyncConnectionPool(
        url,
        connection_class=AsyncConnection[DictRow],
        kwargs={"row_factory": dict_row, "autocommit": True, "connect_timeout": 3},
        check=AsyncConnectionPool.check_connection,
        min_size=1,
        max_size=CONNECTION_COUNT_MAX,
        timeout=WAIT_S,
        # The default waits for minutes after an outage; a demonstration is watched.
        reconnect_timeout=2.0,
        open=False,
    )


def migrate_shop(url: str, passwords: Mapping[str, str]) -> None:
    """Bring the shop database up to date and let its roles log in."""
    with psycopg.connect(url, autocommit=True) as connection:
        _migrate_folder(connection, "shop")
        _allow_login(connection, passwords)


def migrate_journal(url: str, passwords: Mapping[str, str]) -> None:
    """The same for the journal, whose partitions are made and dropped here as well."""
    with psycopg.connect(url, autocommit=True) as connection:
        migrate_traces(connection)
        _migrate_folder(connection, "journal")
        _allow_login(connection, passwords)
        connection.execute("SELECT maintain_traces(%s)", [TRACE_RETENTION_DAYS])


def _migrate_folder(connection: psycopg.Connection, name: str) -> None:
    folder = files("ticketing") / "schema" / name
    migrate(connection, collection=name, migrations=read_migrations(folder))


def _allow_login(connection: psycopg.Connection, passwords: Mapping[str, str]) -> None:
    for role, password in passwords.items():
        statement = sql.SQL("ALTER ROLE {} LOGIN PASSWORD {}")
        connection.execute(statement.format(sql.Identifier(role), sql.Literal(password)))
