"""Feedback of people, in today's form (an event) and the old one (a user report)."""

import hashlib
from collections.abc import Sequence
from typing import Final

from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.json_value import JsonObject
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.taken import Taken
from vedette.pipeline.event_reading import object_at, text_of
from vedette.pipeline.scrub_feedback import TEXT_LENGTH_MAX, scrub_feedback
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_event import read_event_id
from vedette.storage.telemetry.pack import Row
from vedette.storage.telemetry.tables.feedback import FEEDBACK

_NO_EVENT: Final = bytes(16)
_REPORT: Final = "user_report"


def take_in_feedback(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of feedback, from JSON to rows."""
    rows: list[Row] = []
    outcomes: list[Outcome] = []
    for item in items:
        body = read_object(item.payload)
        if isinstance(body, Unreadable):
            outcomes.append(_outcome(item, Fate.INVALID, Reason.UNREADABLE))
            continue
        row = _row(item, body, context)
        if row is None:
            outcomes.append(_outcome(item, Fate.INVALID, Reason.MISSING_FIELD))
            continue
        rows.append(row)
        outcomes.append(_outcome(item, Fate.ACCEPTED, Reason.NONE))
    return Taken((FEEDBACK.pack(rows),) if rows else (), tuple(outcomes))


def _row(item: Item, body: JsonObject, context: LineContext) -> Row | None:
    given = _of_report(body) if item.item_type == _REPORT else _of_event(body)
    kept = scrub_feedback(given, context.rules_of(item.meta.project_id).scrubbing)
    event_id = read_event_id(given.get("associated_event_id"))
    if not kept.message or (item.item_type == _REPORT and event_id is None):
        return None
    return {
        "project_id": item.meta.project_id,
        "time": item.meta.received_ns // 1_000_000,
        "feedback_id": _feedback_id(item, body),
        "event_id": bytes.fromhex(event_id) if event_id else _NO_EVENT,
        "name": kept.name,
        "email": kept.email,
        "message": kept.message,
        "url": kept.url,
        "source": kept.source,
        "replay_id": read_event_id(given.get("replay_id")) or "",
        "environment": text_of(body.get("environment"))[:TEXT_LENGTH_MAX],
    }


def _of_event(body: JsonObject) -> JsonObject:
    given = object_at(body, "contexts", "feedback")
    user = object_at(body, "user")
    return {
        **given,
        "contact_email": given.get("contact_email") or user.get("email"),
        "name": given.get("name") or user.get("name") or user.get("username"),
    }


def _of_report(body: JsonObject) -> JsonObject:
    return {
        "message": body.get("comments"),
        "contact_email": body.get("email"),
        "name": body.get("name"),
        "associated_event_id": body.get("event_id"),
        "source": _REPORT,
    }


def _feedback_id(item: Item, body: JsonObject) -> bytes:
    """Return the id of the feedback's own event; a report has none: the same for the same text."""
    given = None
    if item.item_type != _REPORT:
        given = read_event_id(body.get("event_id")) or read_event_id(item.envelope.get("event_id"))
    if given is not None:
        return bytes.fromhex(given)
    made_of = str(item.meta.project_id).encode() + b"\0" + item.payload
    return hashlib.sha1(made_of, usedforsecurity=False).digest()[:16]


def _outcome(item: Item, fate: Fate, reason: str) -> Outcome:
    return outcome_of(item, fate, reason, category=Category.FEEDBACK)


LINE = Line("feedback", frozenset({"feedback", _REPORT}), take_in_feedback)
