"""One PostgreSQL server and one browser for the whole test session."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import psycopg
import pytest
from tests.private_postgres import PrivatePostgres, find_programs

from waymark.postgres.migrate import migrate_traces

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@pytest.fixture(scope="session")
def postgres_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePostgres]:
    programs = find_programs()
    if programs is None:
        pytest.skip("the PostgreSQL server programs (initdb, pg_ctl) are not installed")
    server = PrivatePostgres(programs)
    server.start()
    yield server
    server.remove()


@pytest.fixture
def database(postgres_server: PrivatePostgres) -> Iterator[psycopg.Connection]:
    """A fresh database with the schema, as its owner; `connection.info.dsn` names it."""
    url = postgres_server.create_database()
    with psycopg.connect(url, autocommit=True) as connection:
        migrate_traces(connection)
        yield connection


@pytest.fixture
def database_url(database: psycopg.Connection, postgres_server: PrivatePostgres) -> str:
    return postgres_server.url(database.info.dbname)


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a condition; fails after ten seconds instead of guessing how long things take."""

    def wait(is_met: Callable[[], bool], timeout_s: float = 10.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not is_met():
            assert time.monotonic() < deadline, "the condition was not met in time"
            time.sleep(0.005)

    return wait
