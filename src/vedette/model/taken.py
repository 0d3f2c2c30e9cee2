"""What a line made of the items it was given."""

from dataclasses import dataclass

from vedette.model.block import Block
from vedette.model.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Taken:
    """Rows to keep, and the account of every item: kept ones are outcomes too (`accepted`)."""

    blocks: tuple[Block, ...]
    outcomes: tuple[Outcome, ...]
