"""What the door refused, counted until it is written into the journal like everything else."""

import threading
from collections import Counter
from collections.abc import Iterable

import msgspec

from vedette.model.category import Category
from vedette.model.outcome import Fate, Outcome

_MINUTE_NS = 60 * 1_000_000_000
_Row = tuple[int, int, str, str, str, int, int]
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(list[_Row])


class DoorTally:
    """Sums of outcomes by minute. Safe to use from several threads (gRPC has its own)."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sums: Counter[tuple[int, int, Category, Fate, str, int]] = Counter()

    def count(self, outcome: Outcome) -> None:
        """Add one outcome."""
        minute_ns = outcome.time_ns - outcome.time_ns % _MINUTE_NS
        key = (
            outcome.project_id,
            outcome.key_id,
            outcome.category,
            outcome.fate,
            outcome.reason,
            minute_ns,
        )
        with self._lock:
            self._sums[key] += outcome.quantity

    def take(self) -> list[Outcome]:
        """Return all that was counted since the last call."""
        with self._lock:
            sums, self._sums = self._sums, Counter()
        return [
            Outcome(project_id, key_id, category, fate, reason, quantity, minute_ns)
            for (project_id, key_id, category, fate, reason, minute_ns), quantity in sums.items()
        ]


def write_outcomes(outcomes: Iterable[Outcome]) -> bytes:
    """Write outcomes as the body of a journal record."""
    return _encoder.encode(
        [
            (
                each.project_id,
                each.key_id,
                each.category.value,
                each.fate.value,
                each.reason,
                each.quantity,
                each.time_ns,
            )
            for each in outcomes
        ]
    )


def read_outcomes(body: bytes) -> list[Outcome]:
    """Read what `write_outcomes` wrote.

    Raises:
        msgspec.DecodeError: The bytes were not written by `write_outcomes`.
    """
    return [
        Outcome(project_id, key_id, Category(category), Fate(fate), reason, quantity, time_ns)
        for project_id, key_id, category, fate, reason, quantity, time_ns in _decoder.decode(body)
    ]
