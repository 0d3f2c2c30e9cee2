"""Sentry items through the decoder, and back as rows that a test can look at."""

import json
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, cast

from tests.fakes.native_block import read_block
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.promoted import LOG_COLUMNS, METRIC_COLUMNS, SPAN_COLUMNS
from vedette.native import Decoded, Decoder

RECEIVED_NS = 1_763_985_600_000_000_000
"""Noon of 24 November 2025, UTC."""
RECEIVED = "2025-11-24T12:00:00Z"
DAY_NS = 86_400_000_000_000
TRACE = "0123456789abcdef0123456789abcdef"
ROOT = "00000000000000a0"
CHILD = "00000000000000a1"

Method = Literal["sentry_spans", "sentry_logs", "sentry_metrics"]
Row = dict[str, object]


@dataclass(frozen=True)
class Rows:
    """What a batch became."""

    tables: dict[str, list[Row]]
    counts: list[tuple[int, str, str, str, int]]
    blocks: list[tuple[str, bytes, int]] = field(repr=False)

    def only(self, table: str) -> Row:
        """Return the one row of a table."""
        (row,) = self.tables[table]
        return row

    def by_span(self) -> dict[str, Row]:
        """Return the spans by their ids in hex."""
        return {hex_of(row["span_id"]): row for row in self.tables["spans"]}


def make_decoder() -> Decoder:
    return Decoder(SPAN_COLUMNS, LOG_COLUMNS, METRIC_COLUMNS, 30 * DAY_NS, DAY_NS)


def decode(
    method: Method,
    kind: str,
    payload: JsonValue | bytes,
    *,
    context: JsonObject | None = None,
) -> Rows:
    """Decode one item of project 7."""
    body = payload if isinstance(payload, bytes) else json.dumps(payload).encode()
    item = (7, RECEIVED_NS, kind, json.dumps(context or {}).encode(), body)
    decoder = make_decoder()
    match method:
        case "sentry_spans":
            return rows_of(decoder.sentry_spans([item], []))
        case "sentry_logs":
            return rows_of(decoder.sentry_logs([item], []))
        case "sentry_metrics":
            return rows_of(decoder.sentry_metrics([item], []))


def rows_of(decoded: Decoded) -> Rows:
    blocks = decoded.blocks
    tables = {table: read_block(body).rows() for table, body, _ in blocks}
    return Rows(tables, decoded.counts, blocks)


def span_item(
    payload: JsonValue | bytes, kind: str = "span_container", **context: JsonValue
) -> Rows:
    return decode("sentry_spans", kind, payload, context=context)


def attributes_of(row: Row) -> dict[str, object]:
    """Return the attributes of all three types together."""
    maps = (cast("dict[str, object]", row[name]) for name in ("attr_str", "attr_num", "attr_bool"))
    return {key: value for each in maps for key, value in each.items()}


def resource_of(rows: Rows, row: Row) -> dict[str, object]:
    """Return what the sender of a row says of itself."""
    (resource,) = (
        each for each in rows.tables["resources"] if each["resource_id"] == row["resource_id"]
    )
    return attributes_of(resource)


def hex_of(value: object) -> str:
    assert isinstance(value, bytes)
    return value.hex()


def shown(row: Row, *names: str) -> tuple[object, ...]:
    """Return some columns; ids in hex."""
    values = (row[name] for name in names)
    return tuple(value.hex() if isinstance(value, bytes) else value for value in values)


def typed(**attributes: JsonValue) -> JsonObject:
    """Return attributes as containers write them; `__` in a name stands for a dot."""
    return {name.replace("__", "."): _typed(value) for name, value in attributes.items()}


def _typed(value: JsonValue) -> JsonValue:
    names = {bool: "boolean", int: "integer", float: "double", str: "string", list: "array"}
    return {"type": names[type(value)], "value": value}


@dataclass(frozen=True)
class SentItem:
    """An item as sentry-sdk sends it."""

    kind: str
    payload: bytes
    context: bytes


def from_sentry_sdk(trace_lifecycle: Literal["static", "stream"]) -> list[SentItem]:
    """Run a program under sentry-sdk; return what it would have sent."""
    program = Path(__file__).with_name("sentry_sdk_program.py")
    finished = subprocess.run(
        [sys.executable, str(program), trace_lifecycle],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    )
    return [_sent_item(json.loads(line)) for line in finished.stdout.splitlines()]


def _sent_item(line: dict[str, JsonValue]) -> SentItem:
    envelope = cast("JsonObject", line["envelope"])
    is_container = line["content_type"] == "application/vnd.sentry.items.span.v2+json"
    context = {"dsc": envelope.get("trace"), "sent_at": envelope.get("sent_at"), "service": "shop"}
    return SentItem(
        "span_container" if is_container else str(line["type"]),
        str(line["payload"]).encode(),
        json.dumps(context).encode(),
    )
