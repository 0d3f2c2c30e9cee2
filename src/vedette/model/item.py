"""One thing inside a record: what a line of the digester takes in."""

from dataclasses import dataclass

from vedette.model.json_value import JsonObject
from vedette.model.record import RecordMeta


@dataclass(frozen=True, slots=True)
class Item:
    """One item of an envelope, or the whole body of another kind of record."""

    sequence: int
    """Sequence of the record in the journal."""
    meta: RecordMeta
    item_type: str
    """The envelope's word, or the record's kind for bodies that are no envelopes."""
    header: JsonObject
    envelope: JsonObject
    """The envelope's header; empty for other kinds."""
    payload: bytes
    """Unpacked for envelope items; as it was sent (see meta.encoding) for OTLP bodies."""
