"""Time is given, never taken."""

import time
from typing import Final, Protocol

NANOSECONDS_PER_SECOND: Final = 1_000_000_000


class Clock(Protocol):
    """Where a room that needs the time gets it from."""

    def now_ns(self) -> int:
        """Return the wall clock, in nanoseconds since 1970 UTC."""
        ...

    def monotonic_s(self) -> float:
        """Return seconds that never run backwards; only differences mean something."""
        ...


class SystemClock:
    """The machine's own clock."""

    def now_ns(self) -> int:
        """Return the wall clock, in nanoseconds since 1970 UTC."""
        return time.time_ns()

    def monotonic_s(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()
