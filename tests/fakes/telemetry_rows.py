"""Rows of the telemetry tables for tests: say what matters, the rest is empty."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from tests.fakes.native_block import empty_value
from vedette.model.block import Block
from vedette.native import pack_block
from vedette.storage.telemetry.migrate import SQL_FOLDER

NOON_NS: Final = 1_767_268_800 * 1_000_000_000
"""1 January 2026, 12:00 UTC."""

SECOND_NS: Final = 1_000_000_000
DAY_NS: Final = 86_400 * SECOND_NS


_TABLE: Final = r"CREATE TABLE IF NOT EXISTS {}\n\((.*?)^\)"
_COLUMN: Final = re.compile(
    r"\s+(?P<name>[a-z_]+) (?P<type>[A-Z]\w+(?:\(.+?\))?)(?: CODEC\(.+\)| DEFAULT \S+)?,?"
)

_ADDED: Final = (
    r"ALTER TABLE {}\s+ADD COLUMN IF NOT EXISTS (?P<name>[a-z_]+) (?P<type>[A-Z]\w+(?:\(.+?\))?)"
)


@cache
def table_columns(table: str) -> Mapping[str, str]:
    """Return the columns of a table and their types, as the SQL files say them."""
    for path in sorted(SQL_FOLDER.glob("*.sql")):
        found = re.search(_TABLE.format(table), path.read_text("utf-8"), re.MULTILINE | re.DOTALL)
        if found:
            columns = (_COLUMN.fullmatch(line) for line in found[1].splitlines())
            made = {each["name"]: each["type"] for each in columns if each}
            return {**made, **_added_columns(table)}
    raise AssertionError(f"no file makes the table {table}")


def _added_columns(table: str) -> Mapping[str, str]:
    """Return the columns that later files gave to a table."""
    texts = (path.read_text("utf-8") for path in sorted(SQL_FOLDER.glob("*.sql")))
    added = (re.finditer(_ADDED.format(table), text) for text in texts)
    return {each["name"]: each["type"] for some in added for each in some}


def row_of(table: str, **given: object) -> dict[str, object]:
    """Return a whole row."""
    columns = table_columns(table)
    assert given.keys() <= columns.keys(), given.keys() - columns.keys()
    return {name: given.get(name, empty_value(kind)) for name, kind in columns.items()}


def block_of(table: str, rows: Sequence[Mapping[str, object]]) -> Block:
    """Return rows as a block."""
    columns = [
        (name, kind, [row[name] for row in rows]) for name, kind in table_columns(table).items()
    ]
    return Block(table, pack_block(columns), len(rows))


def a_span(number: int = 1, **given: object) -> dict[str, object]:
    """Return a span; `number` tells it and its trace from others."""
    return row_of(
        "spans",
        **{
            "project_id": 1,
            "trace_id": trace_id(number),
            "span_id": span_id(number),
            "start_time": NOON_NS,
            "received_at": NOON_NS // 1_000_000,
            "name": "a span",
            "sample_rate": 1.0,
            **given,
        },
    )


def an_error(number: int = 1, **given: object) -> dict[str, object]:
    """Return an error event."""
    return row_of(
        "errors",
        **{
            "project_id": 1,
            "event_id": trace_id(number),
            "time": NOON_NS // 1_000,
            "received_at": NOON_NS // 1_000_000,
            "title": "an error",
            **given,
        },
    )


def a_log(number: int = 1, **given: object) -> dict[str, object]:
    """Return a log line."""
    return row_of(
        "logs",
        **{"project_id": 1, "log_id": trace_id(number), "time": NOON_NS, "body": "a line", **given},
    )


def a_metric(**given: object) -> dict[str, object]:
    """Return a metric point."""
    return row_of("metrics", **{"project_id": 1, "time": NOON_NS, "name": "a metric", **given})


def a_resource(resource_id: int, **given: object) -> dict[str, object]:
    """Return a resource."""
    day = NOON_NS // DAY_NS
    return row_of(
        "resources", **{"project_id": 1, "resource_id": resource_id, "last_seen": day, **given}
    )


def trace_id(number: int) -> bytes:
    """Return the id of a trace, event or log line."""
    return number.to_bytes(16, "big")


def span_id(number: int) -> bytes:
    """Return the id of a span."""
    return number.to_bytes(8, "big")
