"""Read session updates and session aggregates: what release health is computed from."""

from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue, text_or_empty
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_time import read_time_ns

AGGREGATE_COUNT_MAX: Final = 1_000
"""An SDK flushes one bucket a minute; a thousand is a day of them."""

COUNT_MAX: Final = 1_000_000_000
_DURATION_S_MAX: Final = 1e9
_STATUSES: Final = ("ok", "exited", "crashed", "abnormal", "errored", "unhandled")
_NIL_ID: Final = "00000000000000000000000000000000"


@dataclass(frozen=True, slots=True)
class DecodedSession:
    """One update of one session, or (with an empty `session_id`) counts of many."""

    started_ns: int
    session_id: str
    sequence: int
    is_init: bool
    distinct_id: str
    status: str
    error_count: int
    duration_s: float
    release: str
    environment: str
    abnormal_mechanism: str
    exited: int = 0
    errored: int = 0
    crashed: int = 0
    abnormal: int = 0
    unhandled: int = 0


@dataclass(frozen=True, slots=True)
class DecodedAggregates:
    """Counts of many sessions, one for each bucket that could be read."""

    sessions: tuple[DecodedSession, ...]
    left_out_count: int
    """Buckets without a time, and those beyond `AGGREGATE_COUNT_MAX`."""


def read_session(payload: bytes, *, received_ns: int) -> DecodedSession | Unreadable:
    """Read a `session` item."""
    session = read_object(payload)
    if isinstance(session, Unreadable):
        return session
    started_ns = read_time_ns(session.get("started"))
    release, environment = _attributes(session)
    if started_ns is None or not release:
        return Unreadable("a session needs started and attrs.release")
    status = text_or_empty(session.get("status")) or "ok"
    return DecodedSession(
        started_ns=started_ns,
        session_id=text_or_empty(session.get("sid")).replace("-", "").lower()[:32],
        sequence=_sequence(session.get("seq")) or received_ns // 1_000_000,
        is_init=session.get("init") is True,
        distinct_id=_distinct_id(session.get("did")),
        status=status if status in _STATUSES else "errored",
        error_count=min(_count(session.get("errors")), 2**32 - 1),
        duration_s=_duration_s(session.get("duration")),
        release=release,
        environment=environment,
        abnormal_mechanism=text_or_empty(session.get("abnormal_mechanism"))[:64],
    )


def read_aggregates(payload: bytes) -> DecodedAggregates | Unreadable:
    """Read a `sessions` item; buckets that make no sense are left out and counted."""
    batch = read_object(payload)
    if isinstance(batch, Unreadable):
        return batch
    release, environment = _attributes(batch)
    buckets = batch.get("aggregates")
    if not release or not isinstance(buckets, list):
        return Unreadable("sessions need aggregates and attrs.release")
    read = [_aggregate(each, release, environment) for each in buckets[:AGGREGATE_COUNT_MAX]]
    sessions = tuple(each for each in read if each is not None)
    return DecodedAggregates(sessions, left_out_count=len(buckets) - len(sessions))


def _aggregate(bucket: JsonValue, release: str, environment: str) -> DecodedSession | None:
    if not isinstance(bucket, dict):
        return None
    started_ns = read_time_ns(bucket.get("started"))
    if started_ns is None:
        return None
    return DecodedSession(
        started_ns=started_ns,
        session_id="",
        sequence=0,
        is_init=True,
        distinct_id=_distinct_id(bucket.get("did")),
        status="",
        error_count=0,
        duration_s=0.0,
        release=release,
        environment=environment,
        abnormal_mechanism="",
        exited=_count(bucket.get("exited")),
        errored=_count(bucket.get("errored")),
        crashed=_count(bucket.get("crashed")),
        abnormal=_count(bucket.get("abnormal")),
        unhandled=_count(bucket.get("unhandled")),
    )


def _attributes(source: JsonObject) -> tuple[str, str]:
    attributes = source.get("attrs")
    if not isinstance(attributes, dict):
        return "", ""
    return text_or_empty(attributes.get("release"))[:200], text_or_empty(
        attributes.get("environment")
    )[:64]


def _distinct_id(value: JsonValue) -> str:
    text = text_or_empty(value)[:128]
    return "" if text.replace("-", "") == _NIL_ID else text


def _count(value: JsonValue) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return min(max(value, 0), COUNT_MAX)


def _sequence(value: JsonValue) -> int:
    """Return the update's number; some SDKs count in milliseconds of the clock."""
    if isinstance(value, bool) or not isinstance(value, int):
        return 0
    return value if 0 < value < 2**63 else 0


def _duration_s(value: JsonValue) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return 0.0
    return float(value) if 0 <= value < _DURATION_S_MAX else 0.0
