"""Which times that senders give are believed: those near the moment of receipt."""

from dataclasses import dataclass
from typing import Final

_MINUTE_NS: Final = 60 * 1_000_000_000
_DAY_NS: Final = 1_440 * _MINUTE_NS


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """How far before and after its receipt a thing may lie."""

    past_ns_max: int
    future_ns_max: int

    def holds(self, time_ns: int, *, received_ns: int) -> bool:
        """Tell whether a time lies within."""
        return not (
            self.is_past(time_ns, received_ns=received_ns)
            or self.is_future(time_ns, received_ns=received_ns)
        )

    def is_past(self, time_ns: int, *, received_ns: int) -> bool:
        """Tell whether a time lies too far back."""
        return time_ns < received_ns - self.past_ns_max

    def is_future(self, time_ns: int, *, received_ns: int) -> bool:
        """Tell whether a time lies too far ahead."""
        return time_ns > received_ns + self.future_ns_max


ITEM_TIMES: Final = TimeWindow(past_ns_max=30 * _DAY_NS, future_ns_max=_DAY_NS)
"""Spans, logs and metrics outside of it have a wrong clock: they get the time of receipt. A day
ahead: more would open partitions of the future."""

ERROR_TIMES: Final = TimeWindow(past_ns_max=30 * _DAY_NS, future_ns_max=_MINUTE_NS)
"""The same for errors. Sentry believes them a minute ahead too."""

SESSION_TIMES: Final = TimeWindow(past_ns_max=5 * _DAY_NS, future_ns_max=_DAY_NS)
"""Sessions outside of it are not kept: older ones would change figures that people have read, and
what is counted by the hour is not moved to another hour."""
