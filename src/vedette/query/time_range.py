"""The time that a question is about: `statsPeriod`, or `start` and `end`."""

import re
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import TimeRange
from vedette.query.iso_time import read_iso_time
from vedette.query.refusal import QuestionWrong

PERIOD_DEFAULT: Final = "90d"
PERIOD_S_MAX: Final = 10 * 366 * 86_400
"""Longer than anything is kept."""
AHEAD_NS: Final = 60 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead a little. Not more: the store looks for the newest rows at the end of
the range, and should find them there."""
_UNIT_S: Final = {"s": 1, "m": 60, "h": 3_600, "d": 86_400, "w": 7 * 86_400}
_PERIOD: Final = re.compile(r"(\d{1,9})([smhdw])?")
_TIME_NS_MAX: Final = 9_000_000_000 * NANOSECONDS_PER_SECOND
"""The year 2255: what the tables can hold."""


def read_time_range(
    *, period: str | None, start: str | None, end: str | None, now_ns: int
) -> TimeRange:
    """Return the asked time range; `start` and `end` win over the period.

    Raises:
        QuestionWrong: A text is no time, or the range is empty.
    """
    if start or end:
        start_ns = _time(start, "start") if start else 0
        end_ns = _time(end, "end") if end else now_ns + AHEAD_NS
        if start_ns >= end_ns:
            raise QuestionWrong("start must be before end")
        return TimeRange(start_ns=start_ns, end_ns=end_ns)
    length_s = read_period_s(period or PERIOD_DEFAULT, name="statsPeriod")
    start_ns = max(0, now_ns - length_s * NANOSECONDS_PER_SECOND)
    return TimeRange(start_ns=start_ns, end_ns=now_ns + AHEAD_NS)


def read_period_s(text: str, *, name: str) -> int:
    """Return the seconds that a text such as `90d`, `24h` or `3600` says.

    Raises:
        QuestionWrong: It says no length of time, or an endless one.
    """
    found = _PERIOD.fullmatch(text.strip())
    if found is None:
        raise QuestionWrong(f"Invalid {name}: give a number and one of s, m, h, d, w")
    length_s = int(found[1]) * _UNIT_S[found[2] or "s"]
    if not 0 < length_s <= PERIOD_S_MAX:
        raise QuestionWrong(f"Invalid {name}: must be between 1s and {PERIOD_S_MAX}s")
    return length_s


def _time(text: str, name: str) -> int:
    time_ns = read_iso_time(text)
    if time_ns is None or not 0 <= time_ns <= _TIME_NS_MAX:
        raise QuestionWrong(f"Invalid {name}: give an ISO 8601 time")
    return time_ns
