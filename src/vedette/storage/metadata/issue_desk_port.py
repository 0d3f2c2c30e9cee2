"""The face of the metadata by which people and time change issues."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from vedette.model.issue import Decision, Issue

CHANGED_COUNT_MAX: Final = 1_000
"""Issues in one change: more are changed in several."""


class IssueDesk(Protocol):
    """Each call is one transaction, against which sightings wait: nothing of either is lost."""

    def change_issues(
        self,
        issue_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        decide: Callable[[Issue], Decision],
    ) -> Sequence[Decision]:
        """Let `decide` say what becomes of each of these issues, and write it down.

        Issues that are unknown or of other projects are left out, so are those that were merged
        away. Returns the decisions in the order of the ids.

        Raises:
            OwnerMissing: A decision names a person who is not there.
            ValueError: More than `CHANGED_COUNT_MAX` issues.
        """
        ...

    def due_issues(self, *, now_ns: int, row_count_max: int) -> Sequence[Issue]:
        """Return issues of all projects whose `wake_ns` is over, the most overdue first."""
        ...

    def delete_issues(
        self, issue_ids: Sequence[int], *, project_ids: Sequence[int], now_ns: int
    ) -> int:
        """Forget issues; return how many. Their events wait in `forgotten_groups` to go too.

        What comes later begins a new issue.
        """
        ...

    def discard_issues(
        self,
        issue_ids: Sequence[int],
        *,
        project_ids: Sequence[int],
        user_id: int | None,
        now_ns: int,
    ) -> int:
        """Forget issues as `delete_issues` does, and keep none of their events from now on.

        Raises `version` of the projects, so that every process hears of it.
        """
        ...
