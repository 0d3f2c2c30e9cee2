"""The face of the telemetry store for what people wrote."""

from typing import Protocol

from vedette.model.answer import Answer
from vedette.model.feedback import FeedbackQuestion


class FeedbackReader(Protocol):
    """Feedback about apps and events."""

    def feedback(self, question: FeedbackQuestion) -> Answer:
        """Answer `FEEDBACK_COLUMNS`, newest first; what came twice is given once.

        Raises:
            QuestionRefused: It asks for more than `FEEDBACK_COUNT_MAX` rows.
        """
        ...
