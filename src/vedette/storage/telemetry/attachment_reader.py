"""Answers about attachments, from the engine."""

import threading
from collections.abc import Sequence
from typing import Final

from vedette.model.answer import Answer
from vedette.model.attachment import (
    ATTACHMENT_COLUMNS,
    ATTACHMENT_COUNT_MAX,
    AttachmentQuestion,
)
from vedette.storage.telemetry.decode import decode_column, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import cut

_COLUMNS: Final = (
    "project_id, lower(hex(event_id)), lower(hex(attachment_id)) AS id, name, content_type,"
    " attachment_type, byte_count, lower(hex(content_sha)),"
    " toUnixTimestamp64Nano(toDateTime64(time, 9, 'UTC'))"
)


class AttachmentsReader:
    """Reads rows of attachments, and lets go of single ones."""

    _engine: Engine
    _put_lock: threading.Lock

    def attachments(self, question: AttachmentQuestion) -> Answer:
        """Answer attachments; see the port."""
        check_attachment_rows(question)
        parameters = Parameters()
        row_count = parameters.add(question.row_count_max + 1, "UInt64")
        offset = parameters.add(question.row_offset, "UInt64")
        text = "\n".join(
            (
                f"SELECT {_COLUMNS} FROM attachments",
                f"WHERE {' AND '.join(_conditions(question, parameters))}",
                "ORDER BY attachments.time DESC, attachments.event_id, attachment_id",
                "LIMIT 1 BY toDate(attachments.time), attachments.event_id, attachment_id",
                f"LIMIT {row_count} OFFSET {offset}",
            )
        )
        answer = self._engine.ask(text, parameters.values)
        columns = decode_columns(answer, len(ATTACHMENT_COLUMNS))
        return cut(ATTACHMENT_COLUMNS, columns, question.row_count_max)

    def forget_attachment(self, *, project_id: int, event_id: str, attachment_id: str) -> None:
        """Delete the rows of one attachment; see the port."""
        with self._put_lock:
            self._engine.order(
                "DELETE FROM attachments WHERE project_id = {project_id:UInt32}"
                " AND event_id = toFixedString(unhex({event_id:String}), 16)"
                " AND attachment_id = toFixedString(unhex({attachment_id:String}), 16)",
                {
                    "project_id": project_id,
                    "event_id": event_id,
                    "attachment_id": attachment_id,
                },
            )

    def attachment_days(self, *, before_ns: int) -> Sequence[str]:
        """Return the days that have rows; see the port."""
        answer = self._engine.ask(
            "SELECT DISTINCT toString(toDate(time)) FROM attachments"
            " WHERE time < toStartOfDay(fromUnixTimestamp64Milli({before_ms:Int64}, 'UTC'))"
            " ORDER BY 1",
            {"before_ms": before_ns // 1_000_000},
        )
        return [str(day) for day in decode_column(answer)]


def check_attachment_rows(question: AttachmentQuestion) -> None:
    """Return if so many rows may be asked for.

    Raises:
        QuestionRefused: They may not.
    """
    if not 1 <= question.row_count_max <= ATTACHMENT_COUNT_MAX:
        raise QuestionRefused(f"an answer has 1 to {ATTACHMENT_COUNT_MAX} attachments")


def _conditions(question: AttachmentQuestion, parameters: Parameters) -> list[str]:
    project = parameters.add(question.project_id, "UInt32")
    conditions = [f"project_id = {project}"]
    for column, given in (
        ("event_id", question.event_id),
        ("attachment_id", question.attachment_id),
    ):
        if given is not None:
            value = parameters.add(given, "String")
            conditions.append(f"attachments.{column} = toFixedString(unhex({value}), 16)")
    if question.hashes is not None:
        hashes = parameters.texts(question.hashes)
        conditions.append(
            f"attachments.event_id IN (SELECT event_id FROM errors WHERE project_id = {project}"
            f" AND group_hash IN (SELECT toFixedString(unhex(arrayJoin({hashes})), 16)))"
        )
    if question.received_before_ns is not None:
        before = parameters.moment(question.received_before_ns)
        conditions.append(f"attachments.time < {before}")
    return conditions
