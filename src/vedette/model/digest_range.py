"""A batch of the digester, as a range of journal records."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class DigestRange:
    """A planned batch: journal records from `first_sequence` to `last_sequence`, both included."""

    first_sequence: int
    last_sequence: int
