"""Answers about feedback, from the engine."""

from typing import Final

from vedette.model.answer import Answer
from vedette.model.feedback import FEEDBACK_COLUMNS, FEEDBACK_COUNT_MAX, FeedbackQuestion
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import cut

_COLUMNS: Final = (
    "project_id, lower(hex(feedback_id)) AS id, lower(hex(event_id)),"
    " toUnixTimestamp64Nano(toDateTime64(time, 9, 'UTC')),"
    " name, email, message, url, source, replay_id"
)


class FeedbacksReader:
    """Reads what people wrote."""

    _engine: Engine

    def feedback(self, question: FeedbackQuestion) -> Answer:
        """Answer feedback; see the port."""
        check_feedback_rows(question)
        if not question.project_ids:
            return Answer(FEEDBACK_COLUMNS, tuple(() for _ in FEEDBACK_COLUMNS))
        parameters = Parameters()
        row_count = parameters.add(question.row_count_max + 1, "UInt64")
        offset = parameters.add(question.row_offset, "UInt64")
        text = "\n".join(
            (
                f"SELECT {_COLUMNS} FROM feedback",
                f"WHERE {' AND '.join(_conditions(question, parameters))}",
                "ORDER BY feedback.time DESC, feedback_id",
                "LIMIT 1 BY project_id, feedback_id",
                f"LIMIT {row_count} OFFSET {offset}",
            )
        )
        answer = self._engine.ask(text, parameters.values)
        columns = decode_columns(answer, len(FEEDBACK_COLUMNS))
        return cut(FEEDBACK_COLUMNS, columns, question.row_count_max)


def check_feedback_rows(question: FeedbackQuestion) -> None:
    """Return if so many rows may be asked for.

    Raises:
        QuestionRefused: They may not.
    """
    if not 1 <= question.row_count_max <= FEEDBACK_COUNT_MAX:
        raise QuestionRefused(f"an answer has 1 to {FEEDBACK_COUNT_MAX} pieces of feedback")


def _conditions(question: FeedbackQuestion, parameters: Parameters) -> list[str]:
    projects = parameters.add(question.project_ids, "Array(UInt32)")
    conditions = [f"project_id IN {projects}"]
    if question.event_id is not None:
        event = parameters.text(question.event_id)
        conditions.append(f"feedback.event_id = toFixedString(unhex({event}), 16)")
    if question.hashes is not None:
        hashes = parameters.texts(question.hashes)
        conditions.append(
            "(project_id, feedback.event_id) IN"
            f" (SELECT project_id, event_id FROM errors WHERE project_id IN {projects}"
            f" AND group_hash IN (SELECT toFixedString(unhex(arrayJoin({hashes})), 16)))"
        )
    return conditions
