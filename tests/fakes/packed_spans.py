"""Spans in the engine's RowBinary form, as `vedette.native.trace_columns` reads them."""

import struct
from collections.abc import Mapping, Sequence
from typing import Final

_KINDS: Final = ("unspecified", "internal", "server", "client", "producer", "consumer")
_STATUSES: Final = ("unset", "ok", "error")
_TEXTS: Final = (
    "name",
    "op",
    "service",
    "environment",
    "release",
    "protocol",
    "origin",
    "status_text",
    "description",
    "status_message",
)


def pack_spans(spans: Sequence[Mapping[str, object]]) -> bytes:
    """Return rows of the table of spans; a column that a row does not have is empty."""
    return b"".join(_row(span) for span in spans)


def as_kept(shown: Mapping[str, object]) -> dict[str, object]:
    """Return a row with its ids as bytes, which an answer shows as hex."""
    ids = {name: bytes.fromhex(str(shown[name])) for name in ("span_id", "parent_span_id")}
    return {**shown, **ids}


def _row(span: Mapping[str, object]) -> bytes:
    ids = (span.get("span_id") or bytes(8), span.get("parent_span_id") or bytes(8))
    head = struct.pack(
        "<I8s8sqQqbb?",
        span.get("project_id", 1),
        *ids,
        span.get("start_time", 0),
        span.get("duration_ns", 0),
        span.get("received_at", 0),
        _place(_KINDS, span.get("kind", 0)),
        _place(_STATUSES, span.get("status", 0)),
        bool(span.get("is_segment", False)),
    )
    return head + b"".join(_text(span.get(name, "")) for name in _TEXTS)


def _place(words: Sequence[str], word: object) -> int:
    if isinstance(word, str):
        return words.index(word) if word else 0
    return int(str(word))


def _text(value: object) -> bytes:
    text = value if isinstance(value, bytes) else str(value).encode()
    length, head = len(text), bytearray()
    while length > 0x7F:
        head.append(length & 0x7F | 0x80)
        length >>= 7
    return bytes((*head, length)) + text
