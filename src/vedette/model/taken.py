"""What a line made of the items it was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.model.block import Block
from vedette.model.outcome import Outcome
from vedette.model.release import ReleaseSeen
from vedette.model.sighting import Sighting


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows to keep, and the account of every item: kept ones are outcomes too (`accepted`)."""

    blocks: tuple[Block, ...]
    outcomes: tuple[Outcome, ...]
    releases: tuple[ReleaseSeen, ...] = ()
    """Where and when releases were seen in what is kept."""
    sightings: tuple[Sighting, ...] = ()
    """What belongs to issues: one for each event or finding that is kept."""


def joined(parts: Iterable[Taken]) -> Taken:
    """Return several results as one, in their order."""
    blocks: list[Block] = []
    outcomes: list[Outcome] = []
    releases: list[ReleaseSeen] = []
    sightings: list[Sighting] = []
    for part in parts:
        blocks += part.blocks
        outcomes += part.outcomes
        releases += part.releases
        sightings += part.sightings
    return Taken(tuple(blocks), tuple(outcomes), tuple(releases), tuple(sightings))
