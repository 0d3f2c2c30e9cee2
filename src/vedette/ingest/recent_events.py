"""Event ids of the last few batches: those that the store may not have yet."""

from collections import deque
from collections.abc import Iterable, Sequence
from typing import Final

BATCH_COUNT_KEPT: Final = 8
"""More than can be between decoding and the store at one time."""


class RecentEvents:
    """Remembers ids by project and batch. Used on one thread only."""

    def __init__(self) -> None:
        self._batches: deque[tuple[int, set[tuple[int, str]]]] = deque(maxlen=BATCH_COUNT_KEPT)

    def add(self, project_id: int, event_ids: Iterable[str], first_sequence: int) -> None:
        """Remember the ids of (a part of) the batch that begins at `first_sequence`."""
        if not self._batches or self._batches[-1][0] != first_sequence:
            self._batches.append((first_sequence, set()))
        self._batches[-1][1].update((project_id, each) for each in event_ids)

    def seen(
        self, project_id: int, event_ids: Sequence[str], before_sequence: int
    ) -> frozenset[str]:
        """Return those of the ids that came in an earlier batch."""
        earlier = [ids for first, ids in self._batches if first < before_sequence]
        return frozenset(
            each for each in event_ids if any((project_id, each) in ids for ids in earlier)
        )
