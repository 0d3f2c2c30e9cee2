"""The face of the metadata for what single people have with issues: marks, news, visits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class IssueMarks:
    """What one person has with one issue."""

    is_bookmarked: bool = False
    is_subscribed: bool | None = None
    """None: never said; whoever takes part hears of it."""
    subscription_reason: str = ""
    seen_ns: int | None = None
    """When last; None: never."""


@dataclass(frozen=True, slots=True)
class IssueVisit:
    """Somebody who looked at an issue."""

    user_id: int
    seen_ns: int


class IssueMarking(Protocol):
    """Callers look the issues up first: nothing here asks whose they are.

    Every write raises OwnerMissing if an issue or the person is not there.
    """

    def set_bookmarks(self, issue_ids: Sequence[int], *, user_id: int, is_bookmarked: bool) -> None:
        """Mark issues for a person, or take the marks away."""
        ...

    def set_subscriptions(
        self, issue_ids: Sequence[int], *, user_id: int, is_active: bool, reason: str
    ) -> None:
        """Say whether a person hears of these issues, and why (such as `comment`, `assigned`)."""
        ...

    def subscribe_unless_asked(
        self, issue_ids: Sequence[int], *, user_id: int, reason: str
    ) -> None:
        """Subscribe a person who took part, unless something was said before."""
        ...

    def set_seen(self, issue_ids: Sequence[int], *, user_id: int, seen_ns: int | None) -> None:
        """Note that a person looked at these issues; None: as if never."""
        ...

    def marks_of(self, issue_ids: Sequence[int], *, user_id: int) -> Mapping[int, IssueMarks]:
        """Return what a person has with each of these issues."""
        ...

    def visits(self, issue_id: int) -> Sequence[IssueVisit]:
        """Return who looked at an issue, the latest first."""
        ...

    def subscribers(self, issue_id: int) -> Sequence[int]:
        """Return the ids of people who hear of an issue."""
        ...
