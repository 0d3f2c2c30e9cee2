"""What may be asked of groups of events: how many, how many people, when. Free of any engine."""

from dataclasses import dataclass
from typing import Final

from vedette.model.question import TimeRange

GROUP_COUNT_MAX: Final = 10_000
"""Issues in one question: as many as a sorted list of them looks at."""

HASH_COUNT_MAX: Final = 40_000
POINT_COUNT_MAX: Final = 400_000
"""Points of all series of one answer: a hundred issues by the hour for ninety days, and some."""


@dataclass(frozen=True, slots=True)
class HashGroup:
    """The groups that are counted together: those of one issue."""

    key: int
    """The caller's name for it, such as the issue's id."""
    project_id: int
    hashes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GroupTotalsQuestion:
    """Events, people, first and last time of each group within a time range.

    The range is taken by whole hours: counts are kept by the hour.
    """

    groups: tuple[HashGroup, ...]
    time_range: TimeRange
    environments: tuple[str, ...] = ()
    """None: all of them."""


@dataclass(frozen=True, slots=True)
class GroupSeriesQuestion:
    """Events of each group in steps of whole hours."""

    groups: tuple[HashGroup, ...]
    time_range: TimeRange
    interval_s: int
    environments: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HashTotalsQuestion:
    """Which hashes of these projects had most events (or people) in a time range."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    by_people: bool = False
    environments: tuple[str, ...] = ()
    row_count_max: int = GROUP_COUNT_MAX
