"""What the door accepted: one request body, with what must be known to understand it later."""

from dataclasses import dataclass
from enum import StrEnum

import msgspec


class RecordKind(StrEnum):
    """How the body of a record is to be read."""

    ENVELOPE = "envelope"
    STORE = "store"
    SECURITY = "security"
    OTLP_TRACES = "otlp_traces"
    OTLP_LOGS = "otlp_logs"
    OTLP_METRICS = "otlp_metrics"
    OTLP_PROFILES = "otlp_profiles"
    MINIDUMP = "minidump"
    OUTCOMES = "outcomes"


class RecordMeta(msgspec.Struct, frozen=True, array_like=True):
    """Who sent a body, when, and how it is packed.

    Fields are written by position: new ones go to the end and have a default, so that a journal
    written by an older version stays readable.
    """

    kind: RecordKind
    project_id: int
    key_id: int
    received_ns: int
    encoding: str = ""
    """The Content-Encoding: one of "", gzip, deflate, br, zstd."""
    client_address: str = ""
    user_agent: str = ""
    skipped_items: tuple[int, ...] = ()
    """Envelope items (by position) that the door refused for quota; their outcomes are counted."""
    parameters: dict[str, str] = {}
    """What the query string said and the body does not, such as sentry_release."""
    unpacked_bytes: int = 0
    """About what the body takes unpacked; 0 if that is not known or it is not packed."""


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(RecordMeta)


def write_meta(meta: RecordMeta) -> bytes:
    """Return the bytes under which the journal keeps `meta`."""
    return _encoder.encode(meta)


def read_meta(data: bytes) -> RecordMeta:
    """Read what `write_meta` wrote.

    Raises:
        msgspec.DecodeError: The bytes were not written by `write_meta`.
    """
    return _decoder.decode(data)


@dataclass(frozen=True, slots=True)
class Record:
    """A body as the journal gives it back: `sequence` counts every record ever accepted."""

    sequence: int
    meta: RecordMeta
    body: bytes
