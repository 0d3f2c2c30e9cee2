"""How often values of attributes occur: of some rows, and of others to compare them with."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ValueCount:
    """One value of one key."""

    key: str
    value: str
    selected: int
    rest: int


@dataclass(frozen=True, slots=True)
class ValueCounts:
    """The answer. Counts of values are those of the sample."""

    selected_total: int
    rest_total: int
    selected_sampled: int
    rest_sampled: int
    counts: tuple[ValueCount, ...]
    """Sorted by key, the most frequent value of a key first."""
    was_cut: bool = False
    """There are more keys and values than an answer holds."""
