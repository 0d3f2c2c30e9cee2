"""Feedback of people: pages of it, and what was written about one event."""

from dataclasses import replace

from vedette.model.feedback import FeedbackQuestion
from vedette.model.hex_id import is_no_id
from vedette.model.json_value import JsonObject
from vedette.query.iso_time import iso_time
from vedette.query.paging import Page
from vedette.query.payload import whole
from vedette.storage.telemetry.port import TelemetryReader


def ask_feedback(
    reader: TelemetryReader, question: FeedbackQuestion, page: Page
) -> tuple[list[JsonObject], bool]:
    """Return a page of feedback, newest first, and whether there is more."""
    asked = replace(question, row_count_max=page.row_count_max, row_offset=page.offset)
    found = reader.feedback(asked)
    return [_shape(row) for row in found.rows()], found.was_cut


def ask_feedback_on_event(
    reader: TelemetryReader, *, project_id: int, event_id: str
) -> JsonObject | None:
    """Return the newest feedback about an event; None if nobody wrote any."""
    found = reader.feedback(FeedbackQuestion((project_id,), event_id, row_count_max=1))
    return _shape(found.rows()[0]) if found.row_count else None


def _shape(row: JsonObject) -> JsonObject:
    event_id = None if is_no_id(str(row["event_id"])) else str(row["event_id"])
    return {
        "id": row["id"],
        "eventID": event_id,
        "projectID": str(whole(row["project_id"])),
        "name": row["name"],
        "email": row["email"],
        "comments": row["message"],
        "url": row["url"],
        "source": row["source"],
        "replayId": row["replay_id"] or None,
        "dateCreated": iso_time(whole(row["time"])),
        "event": {"id": event_id, "eventID": event_id} if event_id else None,
    }
