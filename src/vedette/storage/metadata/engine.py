"""Turn a URL into a database: an embedded SQLite file, or PostgreSQL."""

import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager, nullcontext, suppress
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DatabaseError,
    IntegrityError,
    InterfaceError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as NoConnectionLeft
from sqlalchemy.pool import ConnectionPoolEntry

from vedette.storage.metadata.port import (
    AlreadyThere,
    MetadataError,
    MetadataUnreachable,
    OwnerMissing,
)

CONNECTION_COUNT_MAX: Final = 16
"""Callers beyond it wait: a laptop's PostgreSQL allows 100 connections for everybody."""

WAIT_S_MAX: Final = 10
"""How long a caller waits for a connection, a lock or another writer before it hears so."""

_UNIQUE_BROKEN: Final = frozenset(
    {"SQLITE_CONSTRAINT_UNIQUE", "SQLITE_CONSTRAINT_PRIMARYKEY", "23505"}
)
_OWNER_BROKEN: Final = frozenset({"SQLITE_CONSTRAINT_FOREIGNKEY", "23503"})


class Database:
    """Transactions on one database; errors come out in the port's words."""

    def __init__(self, engine: Engine) -> None:
        self.is_sqlite: Final = engine.dialect.name == "sqlite"
        self._engine = engine
        self._write_engine = engine.execution_options(is_write=True)
        # SQLite has one writer. Threads queue here, fairly and at once; its own busy handler,
        # which sleeps between tries, is left for the writers in other processes.
        self._writer = threading.Lock() if self.is_sqlite else nullcontext()
        self.change_count = 0
        """How many transactions were committed here that changed what is remembered elsewhere."""

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """Give a transaction that sees one state and changes nothing."""
        with _in_words_of_the_port(), self._engine.connect() as connection:
            yield connection

    @contextmanager
    def writing(
        self, *, taken: str = "", owner: str = "", is_routine: bool = False
    ) -> Iterator[Connection]:
        """Give a transaction that is committed, durably, when the block ends without an error.

        Args:
            taken: What AlreadyThere says when a unique value is there already.
            owner: What OwnerMissing says when the row's owner is not there.
            is_routine: The digester's own bookkeeping: nobody, and no project, comes or goes.
        """
        with (
            _in_words_of_the_port(taken=taken, owner=owner),
            self._writer,
            self._write_engine.begin() as connection,
        ):
            yield connection
        if not is_routine:
            self.change_count += 1

    def close(self) -> None:
        """Close every connection; a later call opens new ones."""
        self._engine.dispose()


def open_database(url: str) -> Database:
    """Return the database at `sqlite:////path/to/file` or `postgresql://user:password@host/name`.

    Nothing is asked of a PostgreSQL yet; a SQLite file is made, readable by its owner alone.

    Raises:
        ValueError: The URL names no database of these two kinds.
        MetadataUnreachable: The file cannot be made.
    """
    try:
        parsed = make_url(url)
    except (ArgumentError, ValueError):
        # The text of these errors repeats the URL, and with it perhaps a password.
        raise ValueError("the URL of the metadata database cannot be read") from None
    match parsed.get_backend_name():
        case "sqlite":
            return Database(_sqlite_engine(parsed))
        case "postgresql" | "postgres":
            return Database(_postgres_engine(parsed))
        case other:
            raise ValueError(f"the URL of the metadata names {other}, not sqlite or postgresql")


def _sqlite_engine(url: URL) -> Engine:
    if not url.database or url.database == ":memory:":
        raise ValueError("the URL of a SQLite database must name a file")
    _make_private(Path(url.database))
    engine = create_engine(
        url.set(drivername="sqlite+pysqlite"),
        pool_size=CONNECTION_COUNT_MAX,
        max_overflow=0,
        pool_timeout=WAIT_S_MAX,
        hide_parameters=True,
        connect_args={"timeout": WAIT_S_MAX},
    )
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _make_private(path: Path) -> None:
    """Make sure that the file is there and only its owner can read it; side files follow suit.

    An existing file is never opened here: closing it again would drop the locks that SQLite holds
    on it elsewhere in this process. The folder is the caller's affair.
    """
    try:
        if not path.exists():
            _create(path)
        if path.stat().st_mode & 0o077:
            path.chmod(0o600)
    except OSError as error:
        raise MetadataUnreachable(f"{path} cannot be opened: {error.strerror}") from error
    except sqlite3.Error as error:
        raise MetadataUnreachable(f"{path} cannot be made: {error}") from error


def _create(path: Path) -> None:
    """Let the database appear at once with its mode and its journal.

    Switching a file to WAL fails, without any waiting, while another process has it open: so that
    is done before anybody can know of the file.
    """
    with tempfile.TemporaryDirectory(dir=path.parent) as folder:
        unknown = Path(folder) / path.name
        with closing(sqlite3.connect(unknown)) as connection:
            connection.execute("PRAGMA journal_mode = WAL")
        unknown.chmod(0o600)
        with suppress(FileExistsError):  # somebody else was first
            path.hardlink_to(unknown)


def _prepare_sqlite(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    # The driver would begin transactions by its own guess; _begin_sqlite does it instead.
    connection.isolation_level = None
    cursor = connection.cursor()
    try:
        cursor.execute("PRAGMA journal_mode = WAL")
        cursor.execute("PRAGMA synchronous = FULL")
        cursor.execute("PRAGMA foreign_keys = ON")
    finally:
        cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads first and writes later can meet another writer and fail at once,
    # without waiting; one that says so at its beginning waits its turn.
    is_write = connection.get_execution_options().get("is_write", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if is_write else "BEGIN")


def _postgres_engine(url: URL) -> Engine:
    engine = create_engine(
        url.set(drivername="postgresql+psycopg"),
        pool_size=2,
        max_overflow=CONNECTION_COUNT_MAX - 2,
        pool_timeout=WAIT_S_MAX,
        # One short question per use, so that a restarted database costs no failed call.
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={"connect_timeout": WAIT_S_MAX},
    )
    event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
    cursor = connection.cursor()
    try:
        # A server may be set to answer before it has synced; what we are told is kept must be.
        cursor.execute(
            "SELECT set_config('synchronous_commit', 'on', false)"
            " WHERE current_setting('synchronous_commit') = 'off'"
        )
        cursor.execute(f"SET lock_timeout = '{WAIT_S_MAX}s'")
    finally:
        cursor.close()
    connection.commit()


@contextmanager
def _in_words_of_the_port(*, taken: str = "", owner: str = "") -> Iterator[None]:
    try:
        yield
    except IntegrityError as error:
        raise _broken_rule(error, taken=taken, owner=owner) from None
    except NoConnectionLeft as error:
        raise MetadataUnreachable("all connections to the metadata are busy") from error
    except (OperationalError, InterfaceError) as error:
        raise MetadataUnreachable(f"the metadata database does not answer: {error.orig}") from error
    except DatabaseError as error:
        if type(error) is not DatabaseError:
            raise
        # What remains without a kind of its own is a file that is damaged or none of SQLite's.
        raise MetadataError(f"the metadata database cannot be used: {error.orig}") from error


def _broken_rule(error: IntegrityError, *, taken: str, owner: str) -> Exception:
    code = getattr(error.orig, "sqlite_errorname", None) or getattr(error.orig, "sqlstate", None)
    if taken and code in _UNIQUE_BROKEN:
        return AlreadyThere(taken)
    if owner and code in _OWNER_BROKEN:
        return OwnerMissing(owner)
    return error
