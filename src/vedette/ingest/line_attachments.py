"""Attachments: files that came with an event; their bytes to the blob store, a row for each."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final

from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.model.attachment import ATTACHMENTS_PER_ENVELOPE_MAX
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.taken import Taken
from vedette.protocols.sentry_event import read_event_id
from vedette.storage.attachment_desk import attachment_key
from vedette.storage.telemetry.pack import Row
from vedette.storage.telemetry.tables.attachments import ATTACHMENTS

ATTACHMENT_BYTES_MAX: Final = 100 * 1024 * 1024
NAME_LENGTH_MAX: Final = 255
TYPE_LENGTH_MAX: Final = 100
_NAMELESS: Final = "<unknown>"
_EVENT_ATTACHMENT: Final = "event.attachment"
_ELSEWHERE: Final = (
    "application/vnd.sentry.attachment-ref",
    "application/vnd.sentry.trace-attachment",
)
"""What names a file that was sent otherwise, or belongs to a trace and to no event."""


def take_in_attachments(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of attachments: the bytes are kept before there is a row that names them."""
    rows: list[Row] = []
    outcomes: list[Outcome] = []
    counts: Counter[int] = Counter()
    for item in items:
        counts[item.sequence] += 1
        event_id = _event_id(item)
        why_not = _why_not(item, event_id, counts[item.sequence])
        if why_not or event_id is None:
            outcomes.append(_outcome(item, Fate.INVALID, why_not or Reason.MISSING_FIELD))
            continue
        row = _row(item, event_id)
        key = attachment_key(
            received_ns=item.meta.received_ns,
            project_id=item.meta.project_id,
            event_id=event_id,
            attachment_id=_attachment_id(item, event_id),
        )
        context.keep_blob(key, item.payload)
        rows.append(row)
        outcomes.append(_outcome(item, Fate.ACCEPTED, Reason.NONE))
    return Taken((ATTACHMENTS.pack(rows),) if rows else (), tuple(outcomes))


def _why_not(item: Item, event_id: str | None, count: int) -> str | None:
    if _text(item, "content_type").startswith(_ELSEWHERE):
        return Reason.NOT_YET_SUPPORTED
    if event_id is None:
        return Reason.MISSING_FIELD
    if len(item.payload) > ATTACHMENT_BYTES_MAX:
        return Reason.TOO_LARGE
    return Reason.TOO_MANY if count > ATTACHMENTS_PER_ENVELOPE_MAX else None


def _event_id(item: Item) -> str | None:
    return read_event_id(item.envelope.get("event_id")) or read_event_id(
        item.meta.parameters.get("event_id")
    )


def _row(item: Item, event_id: str) -> Row:
    return {
        "project_id": item.meta.project_id,
        "event_id": bytes.fromhex(event_id),
        "attachment_id": bytes.fromhex(_attachment_id(item, event_id)),
        "time": item.meta.received_ns // 1_000_000,
        "name": _name(item),
        "content_type": _text(item, "content_type")[:TYPE_LENGTH_MAX],
        "attachment_type": _text(item, "attachment_type")[:TYPE_LENGTH_MAX] or _EVENT_ATTACHMENT,
        "byte_count": len(item.payload),
        "content_sha": _sha1(item.payload).digest(),
    }


def _attachment_id(item: Item, event_id: str) -> str:
    """Return the same id whenever the same file is sent for the same event."""
    named = "\0".join(
        (str(item.meta.project_id), event_id, _name(item), _text(item, "attachment_type"))
    )
    return _sha1(named.encode() + b"\0" + _sha1(item.payload).digest()).hexdigest()[:32]


def _sha1(data: bytes) -> "hashlib._Hash":
    return hashlib.sha1(data, usedforsecurity=False)


def _name(item: Item) -> str:
    given = "".join(each for each in _text(item, "filename") if each.isprintable())
    return given[:NAME_LENGTH_MAX] or _NAMELESS


def _text(item: Item, name: str) -> str:
    given = item.header.get(name)
    return given if isinstance(given, str) else ""


def _outcome(item: Item, fate: Fate, reason: str) -> Outcome:
    return outcome_of(item, fate, reason, category=Category.ATTACHMENT)


LINE = Line("attachments", frozenset({"attachment"}), take_in_attachments)
