"""Error events on their way to their table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import orjson

from vedette.model.block import Block
from vedette.model.json_value import JsonObject
from vedette.storage.telemetry.pack import Row, WrittenTable

_WORD: Final = "LowCardinality(String)"

ERROR_ROWS: Final = WrittenTable(
    "errors",
    {
        "project_id": "UInt32",
        "event_id": "FixedString(16)",
        "time": "DateTime64(6, 'UTC')",
        "received_at": "DateTime64(3, 'UTC')",
        "journal_sequence": "UInt64",
        "type": _WORD,
        "level": _WORD,
        "platform": _WORD,
        "logger": _WORD,
        "title": "String",
        "message": "String",
        "culprit": "String",
        "exception_type": _WORD,
        "exception_value": "String",
        "handled": "Enum8('unknown' = 0, 'yes' = 1, 'no' = 2)",
        "transaction_name": _WORD,
        "service": _WORD,
        "environment": _WORD,
        "release": _WORD,
        "dist": _WORD,
        "server_name": _WORD,
        "sdk_name": _WORD,
        "sdk_version": _WORD,
        "trace_id": "FixedString(16)",
        "span_id": "FixedString(8)",
        "user_id": "String",
        "user_email": "String",
        "user_name": "String",
        "user_address": "String",
        "session_id": "String",
        "replay_id": "String",
        "profile_id": "String",
        "tags": f"Map({_WORD}, String)",
        "payload": "String",
    },
)

_SAME_NAME: Final = (
    "type",
    "level",
    "platform",
    "logger",
    "title",
    "message",
    "culprit",
    "exception_type",
    "exception_value",
    "handled",
    "environment",
    "release",
    "dist",
    "server_name",
    "sdk_name",
    "sdk_version",
    "user_id",
    "user_email",
    "user_name",
    "user_address",
    "replay_id",
    "profile_id",
)
"""Columns that stand in the event under the same name, as text."""


class StorableEvent(Protocol):
    """An event in our names and units, besides the texts of `_SAME_NAME`."""

    @property
    def event_id(self) -> str:
        """32 hex digits."""
        ...

    @property
    def time_ns(self) -> int:
        """When it happened."""
        ...

    @property
    def transaction(self) -> str:
        """Name of the transaction it happened in."""
        ...

    @property
    def trace_id(self) -> str:
        """32 hex digits, or nothing."""
        ...

    @property
    def span_id(self) -> str:
        """16 hex digits, or nothing."""
        ...

    @property
    def tags(self) -> Mapping[str, str]:
        """What the sender added for searching."""
        ...

    @property
    def body(self) -> JsonObject:
        """The whole event."""
        ...


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """An event with what its record says of it."""

    project_id: int
    received_ns: int
    journal_sequence: int
    service: str
    event: StorableEvent


def pack_errors(rows: Sequence[ErrorRow]) -> Block:
    """Return the events as a block of the table `errors`."""
    return ERROR_ROWS.pack([_row(each) for each in rows])


def _row(row: ErrorRow) -> Row:
    event = row.event
    return {
        "project_id": row.project_id,
        "event_id": bytes.fromhex(event.event_id),
        "time": event.time_ns // 1_000,
        "received_at": row.received_ns // 1_000_000,
        "journal_sequence": row.journal_sequence,
        "transaction_name": event.transaction,
        "service": row.service,
        "trace_id": _id(event.trace_id, 16),
        "span_id": _id(event.span_id, 8),
        "session_id": "",
        "tags": dict(event.tags),
        "payload": _json(event.body),
        **{name: getattr(event, name) for name in _SAME_NAME},
    }


def _id(text: str, byte_count: int) -> bytes:
    return bytes.fromhex(text) if text else bytes(byte_count)


def _json(body: JsonObject) -> bytes:
    try:
        return orjson.dumps(body)
    except orjson.JSONEncodeError:
        # A whole number beyond 64 bits: rare, and only the slow writer knows it.
        return json.dumps(body).encode()
