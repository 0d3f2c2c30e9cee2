"""What a line is: the whole road of one signal, from items to rows."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from vedette.ingest.grouping_book import GroupingBook
from vedette.model.category import Category, category_of
from vedette.model.item import Item
from vedette.model.outcome import Fate, Outcome
from vedette.model.project import Project
from vedette.model.project_rules import DEFAULT_RULES, ProjectRules
from vedette.model.source_map import FindMap, nothing_uploaded
from vedette.model.taken import Taken
from vedette.native import Decoder


def _go_on() -> None:
    """Wait for nobody."""


def no_blob_store(key: str, data: bytes) -> None:
    """Refuse: whoever made the context gave it no place for bytes."""
    raise LookupError(f"there is no blob store to keep {len(data)} bytes under {key}")


@dataclass(frozen=True, slots=True)
class LineContext:
    """What a line may use. The same items in the same context give the same rows: no clock."""

    decoder: Decoder
    project_by_id: Mapping[int, Project]
    known_event_ids: Callable[[int, Sequence[str], int], frozenset[str]]
    """Of a project, those of these event ids that came with a record before this sequence."""
    first_sequence: int
    """Where the batch begins in the journal."""
    give_way: Callable[[], None] = _go_on
    """To be called between items by lines that work in Python: senders wait for the interpreter."""
    rules_by_project: Mapping[int, ProjectRules] = field(default_factory=dict)
    grouping: GroupingBook = field(default_factory=GroupingBook)
    """Rules of grouping, compiled."""
    discarded_by_project: Mapping[int, frozenset[str]] = field(default_factory=dict)
    """Hashes of groups of which nothing shall be kept."""
    find_map: FindMap = nothing_uploaded
    """What was uploaded meanwhile counts: a batch that is digested again may see more of it."""

    keep_blob: Callable[[str, bytes], None] = no_blob_store
    """Keeps bytes under a key, durably; called again with the same when a batch is repeated."""

    def rules_of(self, project_id: int) -> ProjectRules:
        """Return what a project wants done with its data."""
        return self.rules_by_project.get(project_id, DEFAULT_RULES)


@dataclass(frozen=True, slots=True)
class Line:
    """A signal: which items it takes, and what it makes of them."""

    name: str
    item_types: frozenset[str]
    """Types of envelope items, or kinds of records that are no envelopes."""
    take_in: Callable[[Sequence[Item], LineContext], Taken]


def outcome_of(
    item: Item, fate: Fate, reason: str, *, category: Category | None = None, quantity: int = 1
) -> Outcome:
    """Return the outcome of (part of) an item."""
    return Outcome(
        item.meta.project_id,
        item.meta.key_id,
        category or category_of(item.item_type),
        fate,
        reason,
        quantity,
        item.meta.received_ns,
    )
