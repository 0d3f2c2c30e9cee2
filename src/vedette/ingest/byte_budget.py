"""A bound on the memory that all requests together may take at the door."""

from dataclasses import dataclass


@dataclass(slots=True)
class ByteBudget:
    """So many bytes of bodies may be in memory at one time. Used on one thread only."""

    byte_count_max: int
    taken: int = 0

    def try_take(self, byte_count: int) -> bool:
        """Reserve room; false when there is none."""
        # One body larger than the whole budget may pass alone: its own cap bounds it.
        if self.taken and self.taken + byte_count > self.byte_count_max:
            return False
        self.taken += byte_count
        return True

    def give_back(self, byte_count: int) -> None:
        """Return what was reserved."""
        self.taken -= byte_count
        assert self.taken >= 0
