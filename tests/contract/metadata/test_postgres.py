"""What a PostgreSQL can do to us that a file cannot."""

import psycopg
import pytest

from vedette.storage.metadata.store import open_metadata


def run(url: str, statement: str) -> list[tuple[object, ...]]:
    with psycopg.connect(url, autocommit=True) as connection:
        cursor = connection.execute(statement.encode())
        return cursor.fetchall() if cursor.description else []


def test_a_database_that_was_restarted_costs_no_failed_call(postgres_url: str) -> None:
    metadata = open_metadata(postgres_url)
    assert metadata.version() == 1

    ended = run(
        postgres_url,
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()",
    )

    assert ended == [(True,)]
    assert metadata.version() == 1
    metadata.close()


@pytest.mark.parametrize(
    ("setting", "in_force"), [("off", "on"), ("on", "on"), ("remote_apply", "remote_apply")]
)
def test_an_answer_means_synced_whatever_the_database_is_set_to(
    postgres_url: str, setting: str, in_force: str
) -> None:
    name = postgres_url.split("/")[3].split("?", maxsplit=1)[0]
    run(postgres_url, f"ALTER DATABASE {name} SET synchronous_commit = {setting}")

    metadata = open_metadata(postgres_url)

    with metadata._database.writing() as connection:
        said = connection.exec_driver_sql("SHOW synchronous_commit").scalar_one()
    assert said == in_force
    metadata.close()
