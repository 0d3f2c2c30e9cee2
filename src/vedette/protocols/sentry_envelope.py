"""Read a Sentry envelope: a header line, then items, each a header line and a payload.

The rules, with the names of the tests that hold them, are in docs/guide/envelope.md.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from vedette.model.json_value import JsonObject, JsonValue
from vedette.protocols.json_text import Unreadable, read_object

HEADER_BYTES_MAX: Final = 1024 * 1024
"""A header line holds names and a sampling context; a megabyte of it is an attack."""

ITEM_COUNT_MAX: Final = 500
"""What Sentry's own relay takes in one envelope."""


@dataclass(frozen=True, slots=True)
class EnvelopeItem:
    """One item; its payload is `body[start:end]` of the envelope's bytes."""

    item_type: str
    header: JsonObject
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Envelope:
    """What could be read of an envelope."""

    header: JsonObject
    items: Sequence[EnvelopeItem]


@dataclass(frozen=True, slots=True)
class EnvelopeFault:
    """Why reading stopped, at which byte."""

    position: int
    why: str

    @override
    def __str__(self) -> str:
        """Return the sentence that the sender is shown."""
        return f"{self.why} (byte {self.position})"


def read_envelope(body: bytes) -> tuple[Envelope, EnvelopeFault | None]:
    """Read as much as can be read, and say where and why reading stopped if it did."""
    line_end = _line_end(body, 0)
    if not body or line_end > HEADER_BYTES_MAX:
        why = "header line too long" if body else "empty body"
        return Envelope({}, ()), EnvelopeFault(0, f"invalid envelope: {why}")
    header = read_object(body[:line_end])
    if isinstance(header, Unreadable):
        return Envelope({}, ()), EnvelopeFault(0, f"invalid envelope header: {header.why}")

    items: list[EnvelopeItem] = []
    fault = None
    position = _skip_empty_lines(body, line_end + 1)
    while position < len(body) and fault is None:
        read = _read_item(body, position)
        if isinstance(read, EnvelopeFault):
            fault = read
        elif len(items) == ITEM_COUNT_MAX:
            fault = EnvelopeFault(position, f"more than {ITEM_COUNT_MAX} items")
        else:
            items.append(read)
            position = _skip_empty_lines(body, read.end)
    return Envelope(header, tuple(items)), fault


def _read_item(body: bytes, position: int) -> EnvelopeItem | EnvelopeFault:
    line_end = _line_end(body, position)
    if line_end - position > HEADER_BYTES_MAX:
        return EnvelopeFault(position, "invalid item header: line too long")
    header = read_object(body[position:line_end])
    if isinstance(header, Unreadable):
        return EnvelopeFault(position, f"invalid item header: {header.why}")
    item_type = header.get("type")
    if not isinstance(item_type, str):
        return EnvelopeFault(position, "invalid item header: no type")
    start = min(line_end + 1, len(body))
    end = _payload_end(body, start, header.get("length"))
    if isinstance(end, EnvelopeFault):
        return end
    return EnvelopeItem(item_type, header, start, end)


def _payload_end(body: bytes, start: int, length: JsonValue) -> int | EnvelopeFault:
    if length is None:
        return _line_end(body, start)
    if not isinstance(length, int) or isinstance(length, bool) or length < 0:
        return EnvelopeFault(start, "invalid item header: length is no natural number")
    # Length is counted in bytes, not characters: payloads hold emoji and zlib streams.
    end = start + length
    if end > len(body):
        return EnvelopeFault(start, f"unexpected end: item says {length} bytes")
    if end < len(body) and body[end : end + 1] != b"\n":
        return EnvelopeFault(end, "expected a line break after the item's payload")
    return end


def _line_end(body: bytes, start: int) -> int:
    found = body.find(b"\n", start)
    return found if found >= 0 else len(body)


def _skip_empty_lines(body: bytes, position: int) -> int:
    while body[position : position + 1] == b"\n":
        position += 1
    return position
