"""Records to items: what lies in an envelope, and everything else as it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.json_value import JsonObject
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.record import Record, RecordKind, RecordMeta
from vedette.native import Malformed, TooLarge, unpack
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_envelope import read_envelope

_NOTHING: Final[JsonObject] = {}
_ITEM_TYPE_OF_KIND: Final[Mapping[RecordKind, str]] = {
    RecordKind.SECURITY: "raw_security",
    RecordKind.MINIDUMP: "minidump",
}


@dataclass(frozen=True, slots=True)
class Exploded:
    """The items of one record, and why some of its bytes are none."""

    items: tuple[Item, ...]
    outcomes: tuple[Outcome, ...] = ()


def explode(record: Record, *, unpacked_bytes_max: int) -> Exploded:
    """Return the items of a record. Whatever cannot be read ends as an outcome."""
    meta = record.meta
    match meta.kind:
        case RecordKind.ENVELOPE | RecordKind.STORE | RecordKind.SECURITY:
            try:
                body = unpack(record.body, meta.encoding, unpacked_bytes_max)
            except TooLarge:
                return Exploded((), (_lost(meta, Reason.TOO_LARGE),))
            except Malformed:
                return Exploded((), (_lost(meta, Reason.UNREADABLE),))
            if meta.kind is RecordKind.ENVELOPE:
                return _open_envelope(record, body)
            return Exploded((_single(record, body),))
        case _:
            return Exploded((_single(record, record.body),))


def _open_envelope(record: Record, body: bytes) -> Exploded:
    envelope, fault = read_envelope(body)
    skipped = frozenset(record.meta.skipped_items)
    items = tuple(
        Item(
            record.sequence,
            record.meta,
            item.item_type,
            item.header,
            envelope.header,
            body[item.start : item.end],
        )
        for index, item in enumerate(envelope.items)
        if index not in skipped
    )
    return Exploded(items, (_lost(record.meta, Reason.UNREADABLE),) if fault else ())


def _single(record: Record, body: bytes) -> Item:
    item_type = _ITEM_TYPE_OF_KIND.get(record.meta.kind, record.meta.kind.value)
    if record.meta.kind is RecordKind.STORE:
        event = read_object(body)
        is_transaction = not isinstance(event, Unreadable) and event.get("type") == "transaction"
        item_type = "transaction" if is_transaction else "event"
    return Item(record.sequence, record.meta, item_type, _NOTHING, _NOTHING, body)


def _lost(meta: RecordMeta, reason: str) -> Outcome:
    return Outcome(
        meta.project_id,
        meta.key_id,
        Category.UNKNOWN,
        Fate.INVALID,
        reason,
        1,
        meta.received_ns,
    )
