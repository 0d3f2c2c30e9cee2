"""The events of an issue by time, as charts of lists want them: a number for every step."""

from collections.abc import Mapping

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonValue
from vedette.model.question import TimeRange


def full_series(counts: Mapping[int, int], time_range: TimeRange, step_s: int) -> list[JsonValue]:
    """Return a pair of second and count for every step of the range, oldest first."""
    first_s = time_range.start_ns // NANOSECONDS_PER_SECOND // step_s * step_s
    end_s = time_range.end_ns // NANOSECONDS_PER_SECOND
    return [[at_s, counts.get(at_s, 0)] for at_s in range(first_s, end_s + 1, step_s)]
