"""What a line made of the items it was given."""

from collections.abc import Iterable
from dataclasses import dataclass

from vedette.model.block import Block
from vedette.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows to keep, and the account of every item: kept ones are outcomes too (`accepted`)."""

    blocks: tuple[Block, ...]
    outcomes: tuple[Outcome, ...]


def joined(parts: Iterable[Taken]) -> Taken:
    """Return several results as one, in their order."""
    blocks: list[Block] = []
    outcomes: list[Outcome] = []
    for part in parts:
        blocks += part.blocks
        outcomes += part.outcomes
    return Taken(tuple(blocks), tuple(outcomes))
