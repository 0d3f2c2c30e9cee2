"""What may be asked of issues: a condition over their fields, an order, a page."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from vedette.model.question import AllOf, Condition

ISSUE_COUNT_MAX: Final = 10_000
"""Issues of one answer: as many as are sorted by what the events say."""

TEXT_FIELDS: Final = (
    "title",
    "culprit",
    "kind",
    "category",
    "platform",
    "level",
    "logger",
    "error.type",
    "error.value",
    "filename",
    "function",
    "status",
    "substatus",
    "priority",
    "first_release",
    "last_release",
    "regressed_in",
)
"""Compared as text; empty for none."""

NUMBER_FIELDS: Final = (
    "issue.id",
    "issue.number",
    "project.id",
    "times_seen",
    "first_seen",
    "last_seen",
    "status_since",
    "assigned_to",
)
"""Times are nanoseconds; `assigned_to` is a person's id, 0 for nobody."""

FLAG_FIELDS: Final = ("unhandled",)

MEMBER_FIELDS: Final = ("bookmarked_by", "subscriber", "seen_by", "commented_by", "hash")
"""An issue has any number of them: ids of people, or 32 hex digits. EQUAL and IN ask whether it
has one of the values, NOT_EQUAL and NOT_IN whether it has none, `Has` whether it has any."""


class IssueSort(StrEnum):
    """The orders that the metadata know; those by events of a time range are made of telemetry."""

    LAST_SEEN = "last_seen"
    FIRST_SEEN = "first_seen"
    TIMES_SEEN = "times_seen"
    PRIORITY = "priority"
    """High first, the last seen of each first."""
    STATUS_SINCE = "status_since"
    """What changed last, first."""


@dataclass(frozen=True, slots=True)
class IssueQuestion:
    """Which issues, the greatest by `sort` first. No projects, no issues.

    The condition is one of `model.question` whose subjects are `Field`s named above; `Contains`
    looks into title, culprit and the error's value, whatever the case of letters.
    """

    project_ids: tuple[int, ...]
    where: Condition = field(default_factory=lambda: AllOf(()))
    sort: IssueSort = IssueSort.LAST_SEEN
    is_ascending: bool = False
    row_count_max: int = 100
    row_offset: int = 0


@dataclass(frozen=True, slots=True)
class OwnedHash:
    """A hash of an issue."""

    hash: str
    came_with: str
    """The group's own hash that it came with; itself, if it is one: only such are in events."""

    @property
    def is_own(self) -> bool:
        """Whether events bear it."""
        return self.hash == self.came_with
