"""How many live tails there may be at once, and how long each may last."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from vedette.api.refusal import Refusal

TAILS_AT_ONCE_MAX: Final = 20
"""Each asks the store about once a second."""
RETRY_AFTER_S: Final = 10


@dataclass(frozen=True, slots=True)
class TailPace:
    """How often a tail looks, and when its client must come again."""

    look_every_s: float = 1.0
    lasts_s: float = 300.0
    """Then whoever looks is asked anew who they are."""
    heartbeat_s: float = 10.0
    """Proxies close what is silent for long."""


class TailRoom:
    """Counts the tails that are open."""

    def __init__(self, pace: TailPace) -> None:
        """Begin with none."""
        self.pace = pace
        self._open_count = 0

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold a place.

        Raises:
            Refusal: All are taken.
        """
        if self._open_count >= TAILS_AT_ONCE_MAX:
            raise Refusal(
                503,
                f"There are {TAILS_AT_ONCE_MAX} live tails already; close one, or come again.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._open_count += 1
        try:
            yield
        finally:
            self._open_count -= 1
