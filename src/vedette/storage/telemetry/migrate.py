"""Bring the tables of a folder to what this version wants, once."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from vedette.storage.telemetry.decode import decode_column, decode_columns
from vedette.storage.telemetry.engine import Engine, installed_version
from vedette.storage.telemetry.port import EngineMismatch

SQL_FOLDER: Final = Path(__file__).parent / "sql"
VERSION_FILE: Final = "engine_version"
TOKEN_COUNT_MAX: Final = 2_000
"""Tokens that a table remembers, one per block and day in it. Repeated are only the last ranges
before a crash, a handful of blocks, each of them of at most about forty days."""

TABLE_SETTINGS: Final = ", ".join(
    (
        f"non_replicated_deduplication_window={TOKEN_COUNT_MAX}",
        "fsync_after_insert=1",
        "fsync_part_directory=1",
        # What a merge wrote is on the disk before what it was made of goes.
        "min_compressed_bytes_to_fsync_after_merge=1",
        "min_bytes_for_wide_part=33554432",
        "index_granularity=8192",
    )
)

INDEX_NAME: Final = "attributes_text"
INDEXED_TABLE: Final = "spans"

_MARK: Final = re.compile(
    r"^\s*-- attribute index$\n(.*?)^\s*-- attribute index$\n", re.MULTILINE | re.DOTALL
)
_COMMENT: Final = re.compile(r"^\s*--.*$\n?", re.MULTILINE)
_VIEW: Final = re.compile(r"CREATE MATERIALIZED VIEW IF NOT EXISTS (\w+)")
_INDEX: Final = re.compile(rf"\bINDEX {INDEX_NAME} (?P<definition>.+)")


@dataclass(frozen=True, slots=True)
class _Applied:
    names: frozenset[str]
    engine_version: str


def engine_version_of(folder: Path) -> str:
    """Return the version of the engine that wrote the folder; if none did, of the installed one."""
    path = folder / VERSION_FILE
    return path.read_text("utf-8").strip() if path.exists() else installed_version()


def refuse_newer_engine(folder: Path) -> None:
    """Return if the installed engine may open the folder.

    Raises:
        EngineMismatch: The folder was written by a newer engine.
    """
    written, installed = engine_version_of(folder), installed_version()
    if _ordered(written) > _ordered(installed):
        raise EngineMismatch(
            f"the telemetry in {folder} was written by engine {written}, which is newer than the"
            f" installed {installed}: install the newer version of Vedette again, or give another"
            " data folder"
        )


def migrate(engine: Engine, folder: Path, *, has_attribute_index: bool) -> None:
    """Create and change whatever is missing. Costs a few milliseconds when nothing is."""
    applied = _read_applied(engine)
    files = sorted(SQL_FOLDER.glob("*.sql"))
    for path in files:
        if path.stem in applied.names:
            continue
        for statement in statements(path, has_attribute_index=has_attribute_index):
            engine.order(statement)
        _remember(engine, path.stem)
    if applied.names and applied.engine_version != installed_version():
        # How the engine stores a view's query may differ between its versions.
        _recreate_views(engine, files)
        _remember(engine, "")
    _switch_index(engine, is_on=has_attribute_index)
    (folder / VERSION_FILE).write_text(installed_version() + "\n", "utf-8")


def statements(path: Path, *, has_attribute_index: bool) -> list[str]:
    """Return the statements of a file as the engine wants them."""
    text = _MARK.sub(r"\1" if has_attribute_index else "", path.read_text("utf-8"))
    text = _COMMENT.sub("", text).replace("{{ tables }}", TABLE_SETTINGS)
    return [each.strip() for each in re.split(r";\s*$", text, flags=re.MULTILINE) if each.strip()]


def index_definition() -> str:
    """Return what the attribute index is made of, as the table's file says it."""
    for path in sorted(SQL_FOLDER.glob("*.sql")):
        found = _INDEX.search(path.read_text("utf-8"))
        if found:
            return found["definition"]
    raise AssertionError(f"no file defines the index {INDEX_NAME}")


def view_query(view: str, *, where: str) -> str:
    """Return the query by which a view makes rows, over those rows of its source that are so."""
    for statement in _views(sorted(SQL_FOLDER.glob("*.sql"))):
        found = _VIEW.search(statement)
        if found is not None and found[1] == view:
            query = statement.partition(" AS\n")[2]
            assert query.count("\nWHERE ") == 1, "the view's own condition gets one more"
            return query.replace("\nWHERE ", f"\nWHERE {where} AND ")
    raise AssertionError(f"no file makes the view {view}")


def _ordered(version: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", version))


def _read_applied(engine: Engine) -> _Applied:
    engine.order(
        "CREATE TABLE IF NOT EXISTS migrations"
        " (number UInt32, name String, engine_version String, applied_at DateTime DEFAULT now())"
        " ENGINE = MergeTree ORDER BY number SETTINGS fsync_after_insert=1, fsync_part_directory=1"
    )
    answer = engine.ask("SELECT name, engine_version FROM migrations ORDER BY number")
    names, versions = decode_columns(answer, 2)
    return _Applied(frozenset(map(str, names)), str(versions[-1]) if versions else "")


def _remember(engine: Engine, name: str) -> None:
    """Note that a file was applied; without a name, only that this engine was here."""
    engine.order(
        "INSERT INTO migrations (number, name, engine_version)"
        f" SELECT max(number) + 1, '{name}', '{installed_version()}' FROM migrations"
        " SETTINGS async_insert=0"
    )


def _recreate_views(engine: Engine, files: list[Path]) -> None:
    for statement in _views(files):
        found = _VIEW.search(statement)
        assert found is not None
        engine.order(f"DROP VIEW IF EXISTS {found[1]}")
        engine.order(statement)


def _views(files: list[Path]) -> Iterator[str]:
    for path in files:
        for statement in statements(path, has_attribute_index=False):
            if _VIEW.search(statement):
                yield statement


def _switch_index(engine: Engine, *, is_on: bool) -> None:
    """Add or drop the index where it differs: parts that exist are not rewritten for it."""
    answer = engine.ask(
        "SELECT count() FROM system.data_skipping_indices"
        " WHERE database = currentDatabase() AND table = {table:String} AND name = {name:String}",
        {"table": INDEXED_TABLE, "name": INDEX_NAME},
    )
    is_there = bool(decode_column(answer)[0])
    if is_on and not is_there:
        engine.order(f"ALTER TABLE {INDEXED_TABLE} ADD INDEX {INDEX_NAME} {index_definition()}")
    elif is_there and not is_on:
        engine.order(f"ALTER TABLE {INDEXED_TABLE} DROP INDEX {INDEX_NAME}")
