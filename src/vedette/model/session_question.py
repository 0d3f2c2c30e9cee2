"""What may be asked of sessions."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from vedette.model.question import TimeRange

SESSION_ROW_COUNT_MAX: Final = 50_000
"""Groups times steps of time."""


class SessionGroup(StrEnum):
    """What sessions can be told apart by."""

    PROJECT = "project"
    RELEASE = "release"
    ENVIRONMENT = "environment"


@dataclass(frozen=True, slots=True)
class SessionFilter:
    """That the release or environment is one of these texts, or none of them."""

    group: SessionGroup
    texts: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()
    """`*` stands for any text; case matters as little as in every search with stars."""
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class SessionQuestion:
    """Sums over sessions that began in a time range."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    group_by: tuple[SessionGroup, ...] = ()
    interval_s: int | None = None
    """Also by the time of their beginning, in steps of this length that begin at multiples of it
    since 1970."""
    filters: tuple[SessionFilter, ...] = ()
    row_count_max: int = SESSION_ROW_COUNT_MAX
