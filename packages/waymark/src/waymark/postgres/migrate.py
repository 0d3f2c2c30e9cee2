"""Bring a database to the newest schema: numbered SQL files, each once, each in a transaction."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.resources.abc import Traversable

    import psycopg

LOCK_KEY: Final = 0x77_61_79_6D
"""An advisory lock, so that services that start together do not migrate together."""

_CREATE_JOURNAL: Final = """
CREATE TABLE IF NOT EXISTS schema_migrations (
    collection text NOT NULL,
    name       text NOT NULL,
    sha256     text NOT NULL,
    applied_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (collection, name)
)"""


class MigrationChangedError(Exception):
    """A file that was applied has been edited since; write a new one instead."""


@dataclass(frozen=True, slots=True)
class Migration:
    """One SQL file."""

    name: str
    sql: str

    @property
    def sha256(self) -> str:
        """Tells whether the file is still what was applied."""
        return hashlib.sha256(self.sql.encode()).hexdigest()


def read_migrations(folder: Traversable) -> list[Migration]:
    """The `.sql` files of a folder in the order of their names."""
    found = [Migration(item.name, item.read_text("utf-8")) for item in folder.iterdir()]
    return sorted((one for one in found if one.name.endswith(".sql")), key=lambda one: one.name)


def migrate_traces(connection: psycopg.Connection) -> list[str]:
    """Apply waymark's own migrations; returns the names of those that were new."""
    folder = files("waymark.postgres") / "migrations"
    return migrate(connection, collection="waymark", migrations=read_migrations(folder))


def migrate(
    connection: psycopg.Connection, *, collection: str, migrations: Sequence[Migration]
) -> list[str]:
    """Apply what `collection` has not applied yet; other collections may share the database.

    The connection must be in autocommit mode. Raises `MigrationChangedError`, and whatever the
    database says about a statement; migrations before the failing one stay applied.
    """
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        connection.execute(_CREATE_JOURNAL)
    return [one.name for one in migrations if _apply_once(connection, collection, one)]


def _apply_once(connection: psycopg.Connection, collection: str, migration: Migration) -> bool:
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK_KEY])
        applied = connection.execute(
            "SELECT sha256 FROM schema_migrations WHERE collection = %s AND name = %s",
            [collection, migration.name],
        ).fetchone()
        if applied is None:
            # The text comes from files of the program, never from input.
            connection.execute(migration.sql.encode())
            connection.execute(
                "INSERT INTO schema_migrations (collection, name, sha256) VALUES (%s, %s, %s)",
                [collection, migration.name, migration.sha256],
            )
            return True
    if applied[0] != migration.sha256:
        raise MigrationChangedError(f"{collection}/{migration.name} was edited after it ran")
    return False
