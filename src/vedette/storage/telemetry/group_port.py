"""The face of the telemetry store for groups of errors: what lists and pages of issues show."""

from typing import Final, Protocol

from vedette.model.answer import Answer
from vedette.model.group_question import (
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashTotalsQuestion,
)

TOTAL_COLUMNS: Final = ("key", "count", "users", "first_seen", "last_seen")
SERIES_COLUMNS: Final = ("key", "time", "count")
HASH_COLUMNS: Final = ("project_id", "hash", "count", "users", "first_seen", "last_seen")


class GroupReader(Protocol):
    """Sums over groups. They are exact, but for people beyond some ten thousands in a group."""

    def group_totals(self, question: GroupTotalsQuestion) -> Answer:
        """Answer `TOTAL_COLUMNS`, one row for each group that has events; in no order.

        Raises:
            QuestionRefused: It asks for more than `GROUP_COUNT_MAX` groups, or too many hashes.
        """
        ...

    def group_series(self, question: GroupSeriesQuestion) -> Answer:
        """Answer `SERIES_COLUMNS` in the order of key and time; steps without events are left out.

        Steps begin at multiples of the interval (whole hours) since 1970.

        Raises:
            QuestionRefused: The interval is not of whole hours, or it asks for too much.
        """
        ...

    def hash_totals(self, question: HashTotalsQuestion) -> Answer:
        """Answer `HASH_COLUMNS`, most events (or people) first."""
        ...
