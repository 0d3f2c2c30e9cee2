"""Bring a database to the tables this version knows, and refuse one that is ahead of it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, column, func, inspect, select, table
from sqlalchemy.exc import DBAPIError

from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import MetadataError, MetadataTooNew

REVISIONS: Final = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""Every migration, oldest first; a test holds it against the folder.

Reading this tuple instead of the folder is what keeps Alembic out of an ordinary start.
"""

REVISION_TABLE: Final = "schema_revision"


@dataclass(frozen=True, slots=True)
class History:
    """The way that the tables came."""

    revisions: tuple[str, ...]
    folder: Path


HISTORY: Final = History(REVISIONS, Path(__file__).parent / "migrations")

_POSTGRES_LOCK: Final = 0x5645_4445_5454_45
"""The advisory lock of those that migrate: "VEDETTE" in ASCII."""


def bring_up_to_date(database: Database, history: History = HISTORY) -> None:
    """Run the migrations that the database lacks, all in one transaction, or none.

    Raises:
        MetadataTooNew: It was migrated by a newer version of Vedette.
        MetadataError: It cannot be read or written.
    """
    with database.reading() as connection:
        if _is_current(connection, history):
            return
    with database.writing() as connection:
        if not database.is_sqlite:
            connection.execute(select(func.pg_advisory_xact_lock(_POSTGRES_LOCK)))
        # Another process may have migrated while this one waited for its turn.
        if not _is_current(connection, history):
            _migrate(connection, history)


def _is_current(connection: Connection, history: History) -> bool:
    if not inspect(connection).has_table(REVISION_TABLE):
        return False
    revision_table = table(REVISION_TABLE, column("version_num"))
    revision = connection.execute(select(revision_table.c.version_num)).scalar_one_or_none()
    if revision is not None and revision not in history.revisions:
        raise MetadataTooNew(
            f"the metadata is at revision {revision}, this version of Vedette knows it up to"
            f" {history.revisions[-1]}: start the newer version, or restore a backup"
        )
    return bool(revision == history.revisions[-1])


def _migrate(connection: Connection, history: History) -> None:
    # Imported here alone: Alembic takes longer to load than an up-to-date database to open.
    from alembic import command  # noqa: PLC0415 - see the line above
    from alembic.config import Config  # noqa: PLC0415 - see the line above

    config = Config()
    config.set_main_option("script_location", str(history.folder))
    config.attributes["connection"] = connection
    try:
        command.upgrade(config, history.revisions[-1])
    except DBAPIError as error:
        raise MetadataError(f"the metadata cannot be migrated: {error.orig}") from error
