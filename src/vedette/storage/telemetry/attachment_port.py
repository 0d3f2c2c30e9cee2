"""The face of the telemetry store for attachments: the rows; their bytes are blobs."""

from collections.abc import Sequence
from typing import Protocol

from vedette.model.answer import Answer
from vedette.model.attachment import AttachmentQuestion


class AttachmentReader(Protocol):
    """Which attachments there are."""

    def attachments(self, question: AttachmentQuestion) -> Answer:
        """Answer `ATTACHMENT_COLUMNS`, newest first; one that came twice on a day is given once.

        Raises:
            QuestionRefused: It asks for more than `ATTACHMENT_COUNT_MAX` rows.
        """
        ...


class AttachmentKeeper(AttachmentReader, Protocol):
    """What goes, and when."""

    def forget_attachment(self, *, project_id: int, event_id: str, attachment_id: str) -> None:
        """Delete the rows of one attachment; an unknown one changes nothing."""
        ...

    def attachment_days(self, *, before_ns: int) -> Sequence[str]:
        """Return the days (such as `2026-11-25`) that ended before this time and have rows."""
        ...
