"""Attachments as a whole: their rows and their bytes, which come and go together."""

import datetime as dt
from typing import Final

from vedette.model.answer import Answer
from vedette.model.attachment import ATTACHMENT_COUNT_MAX, AttachmentQuestion
from vedette.model.json_value import JsonObject
from vedette.storage.blobs.port import Blobs
from vedette.storage.telemetry.attachment_port import AttachmentKeeper

_NANOSECONDS: Final = 1_000_000_000


class AttachmentDesk:
    """Bytes go first, rows after them: what is left of a crash is found by its row, and goes."""

    def __init__(self, blobs: Blobs, rows: AttachmentKeeper) -> None:
        self._blobs = blobs
        self._rows = rows

    def ask(self, question: AttachmentQuestion) -> Answer:
        """Answer which attachments there are; see the port of the rows."""
        return self._rows.attachments(question)

    def find(self, project_id: int, event_id: str, attachment_id: str) -> JsonObject | None:
        """Return the row of one attachment; None if there is none."""
        question = AttachmentQuestion(project_id, event_id, attachment_id, row_count_max=1)
        rows = self._rows.attachments(question).rows()
        return rows[0] if rows else None

    def read(self, row: JsonObject) -> bytes:
        """Return the bytes of an attachment.

        Raises:
            BlobMissing: They are gone.
        """
        return self._blobs.get(_key_of_row(row))

    def forget(self, project_id: int, event_id: str, attachment_id: str) -> bool:
        """Let go of one attachment, whenever it came; false if it is unknown."""
        question = AttachmentQuestion(
            project_id, event_id, attachment_id, row_count_max=ATTACHMENT_COUNT_MAX
        )
        rows = self._rows.attachments(question).rows()
        for row in rows:
            self._blobs.delete(_key_of_row(row))
        self._rows.forget_attachment(
            project_id=project_id, event_id=event_id, attachment_id=attachment_id
        )
        return bool(rows)

    def forget_blobs_before(self, *, before_ns: int) -> int:
        """Let go of the bytes of all days that ended before this time; return how many days."""
        days = self._rows.attachment_days(before_ns=before_ns)
        for day in days:
            self.forget_blobs_of_day(day)
        return len(days)

    def forget_blobs_of_day(self, day: str) -> None:
        """Let go of the bytes of one day, such as `2026-11-25`."""
        for each in list(self._blobs.list(f"attachments/{day}/")):
            self._blobs.delete(each.key)


def attachment_key(*, received_ns: int, project_id: int, event_id: str, attachment_id: str) -> str:
    """Return under which key of the blob store the bytes lie."""
    day = dt.datetime.fromtimestamp(received_ns // _NANOSECONDS, tz=dt.UTC).date().isoformat()
    return f"attachments/{day}/{project_id}/{event_id}/{attachment_id}"


def _key_of_row(row: JsonObject) -> str:
    project_id, time_ns = row["project_id"], row["time"]
    assert isinstance(project_id, int)
    assert isinstance(time_ns, int)
    return attachment_key(
        received_ns=time_ns,
        project_id=project_id,
        event_id=str(row["event_id"]),
        attachment_id=str(row["id"]),
    )
