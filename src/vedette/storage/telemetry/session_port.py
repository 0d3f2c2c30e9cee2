"""The face of the telemetry store for sessions: what release health is computed from."""

from typing import Final, Protocol

from vedette.model.answer import Answer
from vedette.model.session_question import SessionQuestion

SESSION_SUMS: Final = (
    "sessions",
    "errored",
    "crashed",
    "abnormal",
    "unhandled",
    "users",
    "users_errored",
    "users_crashed",
    "users_abnormal",
    "users_unhandled",
    "duration_avg",
    "duration_p50",
    "duration_p75",
    "duration_p90",
    "duration_p95",
    "duration_p99",
    "duration_max",
)
"""`errored` holds every session that did not go well: crashed, abnormal and unhandled ones too."""


class SessionReader(Protocol):
    """Sums over sessions."""

    def sessions(self, question: SessionQuestion) -> Answer:
        """Answer the groups asked for, `time` if there is an interval, then `SESSION_SUMS`.

        Most sessions first; groups without sessions are left out. A session counts once in each
        release and environment of a project that it names, whatever number of updates came: its
        status is that of the last one by sequence, and it went wrong if any update said so.
        Aggregates count for as many sessions as they say. Users are told apart by their id,
        approximately beyond some ten thousands. Durations are seconds, of single sessions that
        ended as they should; null where there are none.

        Raises:
            QuestionRefused: The interval is shorter than a minute.
        """
        ...
