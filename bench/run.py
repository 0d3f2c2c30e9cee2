"""How long each benchmark runs, and what every one of them shares."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Run:
    """The sizes of this run."""

    is_short: bool
    duration_s: float | None = None

    def seconds(self, full: float, short: float) -> float:
        """Return how long to send."""
        return self.duration_s or (short if self.is_short else full)

    def count(self, full: int, short: int) -> int:
        """Return how many to send or to ask."""
        return short if self.is_short else full
