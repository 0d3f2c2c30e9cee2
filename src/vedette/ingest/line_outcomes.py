"""Outcomes: what clients report to have lost, and what our own door refused."""

from collections.abc import Sequence
from typing import Final

import msgspec

from vedette.ingest.door_tally import read_outcomes
from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.json_value import JsonValue
from vedette.model.outcome import Fate, Outcome, Reason
from vedette.model.taken import Taken
from vedette.protocols.json_text import Unreadable, read_object

ENTRY_COUNT_MAX: Final = 1_000
"""Of one client report: there are about twenty categories and as many reasons."""

QUANTITY_MAX: Final = 1_000_000_000
_CATEGORY_BY_WORD: Final = {each.value: each for each in Category}
_FATE_OF_LIST: Final = {
    "discarded_events": Fate.CLIENT_DISCARD,
    "rate_limited_events": Fate.RATE_LIMITED,
    "filtered_events": Fate.FILTERED,
    "filtered_sampling_events": Fate.FILTERED,
}


def take_in_outcomes(items: Sequence[Item], context: LineContext) -> Taken:  # noqa: ARG001 - a line's face
    """The whole road of outcomes; the digester writes them with those of the other lines."""
    outcomes: list[Outcome] = []
    for item in items:
        outcomes += _own(item) if item.item_type == "outcomes" else _reported(item)
    return Taken((), tuple(outcomes))


def _own(item: Item) -> list[Outcome]:
    try:
        return read_outcomes(item.payload)
    except (msgspec.DecodeError, ValueError):
        return [outcome_of(item, Fate.INVALID, Reason.UNREADABLE, category=Category.INTERNAL)]


def _reported(item: Item) -> list[Outcome]:
    report = read_object(item.payload)
    if isinstance(report, Unreadable):
        return [outcome_of(item, Fate.INVALID, Reason.UNREADABLE)]
    found = [outcome_of(item, Fate.ACCEPTED, Reason.NONE)]
    for name, fate in _FATE_OF_LIST.items():
        entries = report.get(name)
        for entry in entries[:ENTRY_COUNT_MAX] if isinstance(entries, list) else []:
            outcome = _entry(item, fate, entry)
            if outcome is not None:
                found.append(outcome)
    return found


def _entry(item: Item, fate: Fate, entry: JsonValue) -> Outcome | None:
    if not isinstance(entry, dict):
        return None
    quantity, reason, word = entry.get("quantity"), entry.get("reason"), entry.get("category")
    if not isinstance(quantity, int) or not 0 < quantity <= QUANTITY_MAX:
        return None
    category = _CATEGORY_BY_WORD.get(word, Category.UNKNOWN) if isinstance(word, str) else None
    text = reason[:100] if isinstance(reason, str) else ""
    return outcome_of(item, fate, text, category=category or Category.UNKNOWN, quantity=quantity)


LINE = Line("outcomes", frozenset({"client_report", "outcomes"}), take_in_outcomes)
