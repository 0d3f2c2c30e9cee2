"""Slow down whoever guesses passwords."""

from collections import OrderedDict
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import Clock

WINDOW_S: Final = 900.0
TRIES_PER_PERSON_AND_ADDRESS: Final = 5
TRIES_PER_ADDRESS: Final = 30
TRIES_PER_PERSON: Final = 60
"""High, so that strangers who guess from many addresses cannot easily lock a person out."""
REMEMBERED_MAX: Final = 20_000
"""Pairs and addresses; the longest unused are forgotten first."""


@dataclass(slots=True)
class _Window:
    ends_s: float
    count: int = 0


class SignInThrottle:
    """Counts tries in windows. Used on the event loop only."""

    def __init__(self, clock: Clock) -> None:
        """Start with nothing remembered."""
        self._clock = clock
        self._windows: OrderedDict[tuple[str, str], _Window] = OrderedDict()

    def count_try(self, *, email: str, address: str) -> float:
        """Count a try before it is made; return for how many seconds it must not be: 0 is now.

        Counted first, so that many tries at the same moment cannot slip through together.
        """
        person = email.strip().casefold()[:320]
        limits = (
            (("both", f"{address} {person}"), TRIES_PER_PERSON_AND_ADDRESS),
            (("address", address), TRIES_PER_ADDRESS),
            (("person", person), TRIES_PER_PERSON),
        )
        waits = [self._count(key, limit) for key, limit in limits]
        return max(waits)

    def forget(self, *, email: str, address: str) -> None:
        """Forget the failed tries of a person who then succeeded."""
        self._windows.pop(("both", f"{address} {email.strip().casefold()[:320]}"), None)

    def _count(self, key: tuple[str, str], limit: int) -> float:
        now_s = self._clock.monotonic_s()
        window = self._windows.pop(key, None)
        if window is None or window.ends_s <= now_s:
            window = _Window(ends_s=now_s + WINDOW_S)
        self._windows[key] = window
        if len(self._windows) > REMEMBERED_MAX:
            self._windows.popitem(last=False)
        window.count += 1
        return window.ends_s - now_s if window.count > limit else 0.0
