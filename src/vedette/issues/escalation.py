"""Whether an issue happens much more often than it used to: a ceiling from its own days."""

import math
import statistics
from collections.abc import Sequence
from typing import Final

HOURS_PER_DAY: Final = 24
HISTORY_DAYS: Final = 7
EVENT_COUNT_MIN: Final = 10
"""Fewer events in a day are no escalation, however quiet it was before."""

ROOM_ABOVE_MOST: Final = 1.5
SPREADS_ABOVE_MEAN: Final = 3.0
FACTOR_WHILE_WATCHED: Final = 2.0
"""What somebody has in sight already must grow more before it is told again."""


def day_ceiling(hours: Sequence[int], *, is_watched: bool = False) -> int:
    """Return how many events in 24 hours are still what is to be expected.

    Args:
        hours: Events of each hour before these 24, oldest first, as many as are known (of seven
            days at most): none for an issue that is younger than a day.
        is_watched: The issue is unresolved, so that people see it anyway.
    """
    days = _days(hours[-HISTORY_DAYS * HOURS_PER_DAY :])
    if not days:
        ceiling = float(EVENT_COUNT_MIN)
    else:
        mean, most = statistics.fmean(days), max(days)
        spread = statistics.pstdev(days)
        ceiling = max(most * ROOM_ABOVE_MOST, mean + SPREADS_ABOVE_MEAN * spread)
    if is_watched:
        ceiling *= FACTOR_WHILE_WATCHED
    return max(math.ceil(ceiling), EVENT_COUNT_MIN)


def is_escalating(hours: Sequence[int], *, is_watched: bool = False) -> bool:
    """Tell whether the last 24 of these hours are more than the ones before let expect."""
    last_day, before = sum(hours[-HOURS_PER_DAY:]), hours[:-HOURS_PER_DAY]
    return last_day > day_ceiling(before, is_watched=is_watched)


def _days(hours: Sequence[int]) -> list[float]:
    """Return the events of each day, the newest whole; what is left of the oldest is made whole."""
    days: list[float] = []
    end = len(hours)
    while end > 0:
        part = hours[max(0, end - HOURS_PER_DAY) : end]
        days.append(sum(part) * HOURS_PER_DAY / len(part))
        end -= HOURS_PER_DAY
    return days
