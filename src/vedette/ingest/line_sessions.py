"""Sessions: kept as they came; release health reads them later."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.ingest.releases_seen import releases_seen
from vedette.model.item import Item
from vedette.model.outcome import Fate, Reason
from vedette.model.taken import Taken
from vedette.model.time_window import SESSION_TIMES
from vedette.protocols.json_text import Unreadable
from vedette.protocols.sentry_session import (
    DecodedAggregates,
    DecodedSession,
    read_aggregates,
    read_session,
)
from vedette.storage.telemetry.pack import Row
from vedette.storage.telemetry.tables.sessions import SESSIONS


def take_in_sessions(items: Sequence[Item], context: LineContext) -> Taken:  # noqa: ARG001 - a line's face
    """The whole road of sessions, from bytes to rows."""
    rows: list[Row] = []
    outcomes = []
    for item in items:
        read = _read(item)
        if isinstance(read, Unreadable):
            outcomes.append(outcome_of(item, Fate.INVALID, Reason.UNREADABLE))
            continue
        if read.left_out_count:
            lost = read.left_out_count
            outcomes.append(outcome_of(item, Fate.INVALID, Reason.UNREADABLE, quantity=lost))
        fresh = [
            each for each in read.sessions if _is_fresh(each.started_ns, item.meta.received_ns)
        ]
        rows += [_row(item, each) for each in fresh]
        if fresh:
            outcomes.append(outcome_of(item, Fate.ACCEPTED, Reason.NONE, quantity=len(fresh)))
        if len(fresh) < len(read.sessions):
            old = len(read.sessions) - len(fresh)
            outcomes.append(outcome_of(item, Fate.INVALID, Reason.TOO_OLD, quantity=old))
    releases = releases_seen(rows, time="started", ticks_per_s=1_000)
    return Taken((SESSIONS.pack(rows),) if rows else (), tuple(outcomes), releases=releases)


def _is_fresh(started_ns: int, received_ns: int) -> bool:
    return SESSION_TIMES.holds(started_ns, received_ns=received_ns)


def _read(item: Item) -> DecodedAggregates | Unreadable:
    if item.item_type == "sessions":
        return read_aggregates(item.payload)
    session = read_session(item.payload, received_ns=item.meta.received_ns)
    return session if isinstance(session, Unreadable) else DecodedAggregates((session,), 0)


def _row(item: Item, session: DecodedSession) -> Row:
    return {
        "project_id": item.meta.project_id,
        "started": session.started_ns // 1_000_000,
        "received_at": item.meta.received_ns // 1_000_000,
        "session_id": session.session_id,
        "sequence": session.sequence,
        "is_init": session.is_init,
        "distinct_id": session.distinct_id,
        "status": session.status,
        "error_count": session.error_count,
        "duration_s": session.duration_s,
        "release": session.release,
        "environment": session.environment,
        "abnormal_mechanism": session.abnormal_mechanism,
        "exited_count": session.exited,
        "errored_count": session.errored,
        "crashed_count": session.crashed,
        "abnormal_count": session.abnormal,
        "unhandled_count": session.unhandled,
    }


LINE = Line("sessions", frozenset({"session", "sessions"}), take_in_sessions)
