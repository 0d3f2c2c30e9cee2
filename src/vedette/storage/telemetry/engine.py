"""The engine in this process: one folder, a few connections, every statement bounded.

The engine may exist once in a process and must not see a fork after it was imported. A connection
runs one statement at a time, so that each thread borrows one for as long as it needs it.
"""

import contextlib
import importlib.metadata
import itertools
import logging
import queue
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeAlias

from vedette.base.errand import current_errand
from vedette.storage.telemetry.engine_errors import (
    failure_of_insert,
    failure_of_opening,
    failure_of_question,
)
from vedette.storage.telemetry.port import QuestionGivenUp, StoreUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from chdb.state.sqlitelike import Connection

logger = logging.getLogger(__name__)

MIB: Final = 1024 * 1024

CONNECTION_COUNT_MAX: Final = 16
"""Each is cheap; more statements at once would only share the same two or four cores."""

CONNECTION_WAIT_S: Final = 10.0
PARAMETER_BYTES_MAX: Final = 4 * MIB
"""All parameters of one statement together."""

Parameter: TypeAlias = str | int | float | bool | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class EngineLimits:
    """What the engine may take. Its own defaults are meant for a machine of its own."""

    memory_bytes_max: int = 1536 * MIB
    mark_cache_bytes: int = 64 * MIB
    query_memory_bytes_max: int = 512 * MIB
    query_s_max: int = 30
    query_row_count_max: int = 2_000_000_000
    merge_thread_count: int = 2


class Engine:
    """Open while it lives; `close` lets go of the folder."""

    def __init__(self, folder: Path, limits: EngineLimits) -> None:
        # Imported when it is needed: loading the engine takes a second and 200 MB.
        from chdb.state.sqlitelike import connect  # noqa: PLC0415 - see above

        self._connect = connect
        self._address = _address(folder, limits)
        self._bounds = _bounds(limits)
        self._idle: queue.LifoQueue[Connection] = queue.LifoQueue()
        self._lock = threading.Lock()
        self._numbers = itertools.count(1)
        self._count = 0
        self._is_closed = False
        # One stays open throughout: with the last one the engine itself goes away.
        self._idle.put(self._open())

    def ask(
        self,
        sql: str,
        parameters: "Mapping[str, Parameter] | None" = None,
        *,
        settings: str = "",
        form: str = "JSONCompactColumns",
    ) -> bytes:
        """Return the answer to a question, in the engine's format `form`.

        Raises:
            TelemetryError: There is no answer; the text is for the asker if it is QuestionRefused.
        """
        bounds = f"{self._bounds}, {settings}" if settings else self._bounds
        errand = current_errand()
        if errand is None:
            return self._run(f"{sql}\nSETTINGS {bounds}", parameters or {}, form)
        if errand.is_given_up:
            raise QuestionGivenUp("nobody waits for the answer any more")
        name = f"question-{next(self._numbers)}"
        with errand.ended_by(lambda: self._end(name)):
            tagged = f"{sql}\nSETTINGS {bounds}, log_comment='{name}'"
            return self._run(tagged, parameters or {}, form)

    def order(self, sql: str, parameters: "Mapping[str, Parameter] | None" = None) -> None:
        """Run a statement that gives no answer.

        Raises:
            TelemetryError: It failed.
        """
        self._run(sql, parameters or {}, "Null")

    def insert(self, table: str, body: bytes, *, token: str) -> None:
        """Insert a Native block; one with a token that the table knows is not inserted again.

        Raises:
            StoreUnreachable: It is not known what was stored.
            StoreRefused: The block cannot be stored.
        """
        sql = f"INSERT INTO {table} SETTINGS insert_deduplication_token={_quoted(token)}, {_INSERT}"
        with self._connection() as connection:
            try:
                with connection.send_insert(sql, "Native") as stream:
                    stream.append(body)
                    stream.finish()
            except Exception as error:  # the engine's border: it raises whatever it likes
                raise failure_of_insert(error, table=table) from error

    def close(self) -> None:
        """Let go of the folder once the statements that run have ended. May be called twice."""
        with self._lock:
            self._is_closed = True
            open_count, self._count = self._count, 0
        for _ in range(open_count):
            try:
                self._idle.get(timeout=CONNECTION_WAIT_S).close()
            except queue.Empty:
                return

    def _end(self, name: str) -> None:
        """End the statement of this name; if there is none, there is nothing to do."""
        kill = "KILL QUERY WHERE Settings['log_comment'] = {name:String} ASYNC"
        self._run(kill, {"name": name}, "Null")

    def _run(self, sql: str, parameters: "Mapping[str, Parameter]", form: str) -> bytes:
        texts = {name: _text_of(value) for name, value in parameters.items()}
        with self._connection() as connection:
            try:
                answer: bytes = connection.query(sql, form, params=texts).bytes()
            except Exception as error:  # the engine's border: it raises whatever it likes
                raise failure_of_question(error) from error
        return answer

    @contextlib.contextmanager
    def _connection(self) -> "Iterator[Connection]":
        connection = self._borrow()
        try:
            yield connection
        except BaseException:
            # What a failed statement had begun to write would stand before the next answer.
            self._idle.put(self._instead_of(connection))
            raise
        self._idle.put(connection)

    def _instead_of(self, spoiled: "Connection") -> "Connection":
        """Return a new connection; if there is none to be had, the old one."""
        try:
            connection = self._connect(self._address)
        except Exception:  # the engine's border: it raises whatever it likes
            logger.warning("a connection that failed could not be replaced", exc_info=True)
            return spoiled
        # Only now: with the last connection the engine itself would go away.
        spoiled.close()
        return connection

    def _borrow(self) -> "Connection":
        if self._is_closed:
            raise StoreUnreachable("the telemetry engine is closed")
        with contextlib.suppress(queue.Empty):
            return self._checked(self._idle.get_nowait())
        with self._lock:
            if self._count < CONNECTION_COUNT_MAX:
                return self._open()
        try:
            return self._checked(self._idle.get(timeout=CONNECTION_WAIT_S))
        except queue.Empty:
            raise StoreUnreachable("the telemetry engine is busy: try again later") from None

    def _checked(self, connection: "Connection") -> "Connection":
        if self._is_closed:
            self._idle.put(connection)
            raise StoreUnreachable("the telemetry engine is closed")
        return connection

    def _open(self) -> "Connection":
        try:
            connection = self._connect(self._address)
        except Exception as error:  # the engine's border: it raises whatever it likes
            raise failure_of_opening(error) from error
        self._count += 1
        return connection


def installed_version() -> str:
    """Return the version of the engine that is installed, without loading it."""
    return importlib.metadata.version("chdb-core")


_INSERT: Final = (
    "async_insert=0"
    # The view that fills `traces` must know tokens too, or a repeated block would count twice.
    ", deduplicate_blocks_in_dependent_materialized_views=1"
    # A block may span as many days as senders kept things back.
    ", max_partitions_per_insert_block=0"
    # A column that the table does not have is a mistake that must be seen.
    ", input_format_skip_unknown_fields=0"
    # One block is one insert, whatever its size.
    ", max_insert_block_size=10000000, min_insert_block_size_rows=0, min_insert_block_size_bytes=0"
    ", max_threads=1"
)


def _address(folder: Path, limits: EngineLimits) -> str:
    path = str(folder.absolute())
    if "?" in path:
        raise StoreUnreachable(f"the data folder's path must not contain a question mark: {path}")
    server = {
        # Reopening a folder whose tables load in the background is a race.
        "async_load_databases": 0,
        "max_server_memory_usage": limits.memory_bytes_max,
        "mark_cache_size": limits.mark_cache_bytes,
        "primary_index_cache_size": 64 * MIB,
        "index_mark_cache_size": 16 * MIB,
        "uncompressed_cache_size": 0,
        "index_uncompressed_cache_size": 0,
        "query_condition_cache_size": 16 * MIB,
        "compiled_expression_cache_size": 16 * MIB,
        "text_index_tokens_cache_size": 32 * MIB,
        "text_index_header_cache_size": 32 * MIB,
        "text_index_postings_cache_size": 32 * MIB,
        "mmap_cache_size": 0,
        "background_pool_size": limits.merge_thread_count,
        "background_merges_mutations_concurrency_ratio": 1,
        "background_schedule_pool_initial_size": 2,
        "max_thread_pool_free_size": 16,
        "prepare_system_log_tables_on_startup": 0,
    }
    return f"{path}?" + "&".join(f"{name}={value}" for name, value in server.items())


def _bounds(limits: EngineLimits) -> str:
    return (
        f"max_execution_time={limits.query_s_max}, timeout_overflow_mode='throw'"
        f", max_memory_usage={limits.query_memory_bytes_max}"
        f", max_rows_to_read={limits.query_row_count_max}, read_overflow_mode='throw'"
        # Bytes that are no text (a sender's mistake) must not break the answer around them.
        ", output_format_json_validate_utf8=1"
        ", output_format_json_quote_64bit_integers=0, output_format_json_quote_denormals=0"
    )


def _text_of(value: Parameter) -> str:
    """Return a parameter as the engine reads it: escaped text."""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float):
        return repr(value)
    if isinstance(value, tuple):
        items = (_quoted(each) if isinstance(each, str) else str(each) for each in value)
        return f"[{','.join(items)}]"
    return _escaped(value)


def _escaped(text: str) -> str:
    """Return a text as the engine reads texts: lone surrogates, which are no text, become `?`."""
    clean = text.encode("utf-8", "replace").decode("utf-8")
    return clean.translate(_ESCAPES)


def _quoted(text: str) -> str:
    return "'" + _escaped(text).replace("'", "\\'") + "'"


_ESCAPES: Final = str.maketrans(
    {"\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\0": "\\0", "\b": "\\b", "\f": "\\f"}
)
