"""Feedback from the rows themselves: the slow, obvious way."""

from tests.fakes.row_subjects import Row
from vedette.model.answer import Answer
from vedette.model.feedback import FEEDBACK_COLUMNS, FeedbackQuestion
from vedette.model.json_value import JsonValue
from vedette.storage.telemetry.feedback_reader import check_feedback_rows

_TEXTS = ("name", "email", "message", "url", "source", "replay_id")


class MemoryFeedback:
    """The FeedbackReader face over rows of feedback and errors."""

    _rows: dict[str, list[dict[str, object]]]

    def feedback(self, question: FeedbackQuestion) -> Answer:
        """Answer feedback, newest first."""
        check_feedback_rows(question)
        found = [
            _shown(row) for row in self._rows["feedback"] if self._is_asked_feedback(row, question)
        ]
        found.sort(key=lambda row: (-int(str(row[3])), row[1]))
        once = {(row[0], row[1]): row for row in reversed(found)}
        rows = list(reversed(once.values()))[question.row_offset :]
        page = rows[: question.row_count_max]
        columns = tuple(zip(*page, strict=True)) or ((),) * len(FEEDBACK_COLUMNS)
        return Answer(FEEDBACK_COLUMNS, columns, was_cut=len(rows) > len(page))

    def _is_asked_feedback(self, row: Row, question: FeedbackQuestion) -> bool:
        events = {
            (error["project_id"], error["event_id"])
            for error in self._rows["errors"]
            if _hex(error, "group_hash") in (question.hashes or ())
        }
        is_of_group = question.hashes is None or (row["project_id"], row["event_id"]) in events
        is_of_event = question.event_id in (None, _hex(row, "event_id"))
        return row["project_id"] in question.project_ids and is_of_event and is_of_group


def _shown(row: Row) -> tuple[JsonValue, ...]:
    project_id, time = row["project_id"], row["time"]
    assert isinstance(project_id, int)
    assert isinstance(time, int)
    ids = (_hex(row, "feedback_id"), _hex(row, "event_id"))
    return (project_id, *ids, time * 1_000_000, *(str(row[name]) for name in _TEXTS))


def _hex(row: Row, name: str) -> str:
    value = row[name]
    assert isinstance(value, bytes)
    return value.hex()
