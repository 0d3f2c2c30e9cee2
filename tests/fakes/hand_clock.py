"""A clock that stands still until it is moved by hand."""

from dataclasses import dataclass


@dataclass
class HandClock:
    """Both kinds of time move together."""

    wall_ns: int = 1_767_225_600_000_000_000  # 2026-01-01T00:00:00Z
    running_s: float = 1_000.0

    def now_ns(self) -> int:
        return self.wall_ns

    def monotonic_s(self) -> float:
        return self.running_s

    def move(self, seconds: float) -> None:
        """Let time pass."""
        self.wall_ns += int(seconds * 1_000_000_000)
        self.running_s += seconds
