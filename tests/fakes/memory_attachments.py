"""Attachments from the rows themselves: the slow, obvious way."""

import datetime as dt
from collections.abc import Sequence

from tests.fakes.row_subjects import Row
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.attachment import ATTACHMENT_COLUMNS, AttachmentQuestion
from vedette.model.json_value import JsonValue
from vedette.storage.telemetry.attachment_reader import check_attachment_rows

_DAY_NS = 86_400 * NANOSECONDS_PER_SECOND


class MemoryAttachments:
    """The AttachmentKeeper face over rows of attachments and errors."""

    _rows: dict[str, list[dict[str, object]]]

    def attachments(self, question: AttachmentQuestion) -> Answer:
        """Answer attachments, newest first."""
        check_attachment_rows(question)
        found = [row for row in self._rows["attachments"] if self._is_asked(row, question)]
        found.sort(
            key=lambda row: (-_time_ns(row), _hex(row, "event_id"), _hex(row, "attachment_id"))
        )
        once: dict[object, Row] = {}
        for row in found:
            name = (_day(row), row["event_id"], row["attachment_id"])
            once.setdefault(name, row)
        rows = list(once.values())[question.row_offset :]
        page = [_shown(row) for row in rows[: question.row_count_max]]
        columns = tuple(zip(*page, strict=True)) or ((),) * len(ATTACHMENT_COLUMNS)
        return Answer(ATTACHMENT_COLUMNS, columns, was_cut=len(rows) > len(page))

    def forget_attachment(self, *, project_id: int, event_id: str, attachment_id: str) -> None:
        """Delete the rows of one attachment."""
        this = (project_id, event_id, attachment_id)
        self._rows["attachments"] = [
            row
            for row in self._rows["attachments"]
            if (row["project_id"], _hex(row, "event_id"), _hex(row, "attachment_id")) != this
        ]

    def attachment_days(self, *, before_ns: int) -> Sequence[str]:
        """Return the days that ended before this time."""
        today_ns = before_ns // _DAY_NS * _DAY_NS
        rows = self._rows["attachments"]
        return sorted({_day(row) for row in rows if _time_ns(row) < today_ns})

    def _is_asked(self, row: Row, question: AttachmentQuestion) -> bool:
        events = {
            _hex(error, "event_id")
            for error in self._rows["errors"]
            if error["project_id"] == question.project_id
            and _hex(error, "group_hash") in (question.hashes or ())
        }
        before_ns = question.received_before_ns
        return (
            row["project_id"] == question.project_id
            and question.event_id in (None, _hex(row, "event_id"))
            and question.attachment_id in (None, _hex(row, "attachment_id"))
            and (question.hashes is None or _hex(row, "event_id") in events)
            and (before_ns is None or _time_ns(row) < before_ns)
        )


def _shown(row: Row) -> tuple[JsonValue, ...]:
    project_id, byte_count = row["project_id"], row["byte_count"]
    assert isinstance(project_id, int)
    assert isinstance(byte_count, int)
    return (
        project_id,
        _hex(row, "event_id"),
        _hex(row, "attachment_id"),
        str(row["name"]),
        str(row["content_type"]),
        str(row["attachment_type"]),
        byte_count,
        _hex(row, "content_sha"),
        _time_ns(row),
    )


def _day(row: Row) -> str:
    moment = dt.datetime.fromtimestamp(_time_ns(row) // NANOSECONDS_PER_SECOND, tz=dt.UTC)
    return moment.date().isoformat()


def _time_ns(row: Row) -> int:
    time = row["time"]
    assert isinstance(time, int)
    return time * 1_000_000


def _hex(row: Row, name: str) -> str:
    value = row[name]
    assert isinstance(value, bytes)
    return value.hex()
