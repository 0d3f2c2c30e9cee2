"""One batch: the records of a journal range, through their lines, to blocks and outcomes."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Final

from vedette.ingest.explode import explode
from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.ingest.lines import FALLBACK, LINES
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.record import Record
from vedette.model.taken import Taken, joined
from vedette.storage.telemetry.pack import Row
from vedette.storage.telemetry.tables.outcomes import OUTCOMES

logger = logging.getLogger(__name__)

REFERRED_TO: Final = frozenset({"resources"})
"""Tables that rows of others point at: stored first, so that no row is ever read without them."""

_MINUTE_NS: Final = 60 * 1_000_000_000


def digest_batch(
    records: Sequence[Record],
    context: LineContext,
    *,
    unpacked_bytes_max: int,
    lines: Sequence[Line] = LINES,
) -> Taken:
    """Return all rows of a batch, those of its outcomes too. Deterministic: see LineContext."""
    exploded = [explode(each, unpacked_bytes_max=unpacked_bytes_max) for each in records]
    line_by_type = lines_by_type(lines)
    groups: dict[str, tuple[Line, list[Item]]] = {}
    for item in chain.from_iterable(each.items for each in exploded):
        line = line_by_type.get(item.item_type, FALLBACK)
        groups.setdefault(line.name, (line, []))[1].append(item)
    taken = joined([_take_in(line, items, context) for line, items in groups.values()])
    outcomes = [outcome for each in exploded for outcome in each.outcomes]
    outcomes += taken.outcomes
    blocks = [block for block in taken.blocks if block.row_count]
    blocks.sort(key=lambda block: block.table not in REFERRED_TO)
    if outcomes:
        blocks.append(OUTCOMES.pack(_outcome_rows(outcomes)))
    return Taken(tuple(blocks), tuple(outcomes), taken.releases, taken.sightings)


def _take_in(line: Line, items: Sequence[Item], context: LineContext) -> Taken:
    try:
        return line.take_in(items, context)
    except Exception:  # the outer edge of a line: one signal must not stop the others
        logger.exception("a line failed on a batch, trying its items one by one: %s", line.name)
    met = _MetEvents(context)
    return joined([_take_in_one(line, item, met) for item in items])


class _MetEvents:
    """Remembers events that are taken in one by one: alone, none of them is a repeat."""

    def __init__(self, context: LineContext) -> None:
        self._context = context
        self._met: set[tuple[int, str]] = set()

    def take_in(self, line: Line, item: Item) -> Taken:
        """Take one item in; what it brought is known from then on, if it did not fail."""
        asked: set[tuple[int, str]] = set()

        def known(project_id: int, event_ids: Sequence[str], before: int) -> frozenset[str]:
            stored = self._context.known_event_ids(project_id, event_ids, before)
            asked.update((project_id, each) for each in event_ids)
            return stored | {each for each in event_ids if (project_id, each) in self._met}

        taken = line.take_in([item], replace(self._context, known_event_ids=known))
        self._met |= asked
        return taken


def _take_in_one(line: Line, item: Item, met: _MetEvents) -> Taken:
    try:
        return met.take_in(line, item)
    except Exception:  # the same edge: one item must not harm its neighbours
        logger.exception("a line failed on an item of record %d: %s", item.sequence, line.name)
    category = Category.UNKNOWN if item.item_type.startswith("otlp") else None
    return Taken((), (outcome_of(item, Fate.INVALID, Reason.INTERNAL_ERROR, category=category),))


def _outcome_rows(outcomes: Iterable[Outcome]) -> list[Row]:
    sums: Counter[tuple[int, int, int, Category, Fate, str]] = Counter()
    for each in outcomes:
        minute_s = each.time_ns // _MINUTE_NS * 60
        sums[(each.project_id, each.key_id, minute_s, each.category, each.fate, each.reason)] += (
            each.quantity
        )
    return [_outcome_row(key, quantity) for key, quantity in sorted(sums.items())]


def _outcome_row(key: tuple[int, int, int, Category, Fate, str], quantity: int) -> Row:
    project_id, key_id, minute_s, category, fate, reason = key
    return {
        "project_id": project_id,
        "key_id": key_id,
        "minute": minute_s,
        "category": category.value,
        "outcome": fate.value,
        "reason": reason,
        "quantity": quantity,
    }


def lines_by_type(lines: Sequence[Line]) -> Mapping[str, Line]:
    """Return which line takes which item type."""
    return {item_type: line for line in lines for item_type in line.item_types}
