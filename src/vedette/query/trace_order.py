"""Bring the spans of a trace into pre-order, whatever their parents claim."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonValue

NO_PARENT: Final = -1


@dataclass(frozen=True, slots=True)
class TraceOrder:
    """Spans in pre-order: each comes after its parent, siblings by start time.

    The three sequences are of equal length; "place" means an index into them.
    """

    rows: Sequence[int]
    """Which row of the answer stands at this place; every row stands at exactly one."""
    depths: Sequence[int]
    parents: Sequence[int]
    """Place of the parent; NO_PARENT for roots."""


def order_trace(
    *, span_ids: Sequence[JsonValue], parent_ids: Sequence[JsonValue], starts_ns: Sequence[int]
) -> TraceOrder:
    """Order the spans of one trace.

    Spans without a parent, with a parent that is not there or with themselves as parent are roots.
    Where parents run in a circle, the earliest span of the circle becomes a root. Of two spans
    with one id the earlier is the parent of what names that id.
    """
    by_start = sorted(range(len(span_ids)), key=starts_ns.__getitem__)
    parent_rows = _parent_rows(by_start, span_ids, parent_ids)
    walk = _Walk(by_start, parent_rows)
    for row in walk.children.get(NO_PARENT, ()):
        walk.down_from(row)
    if len(walk.rows) < len(by_start):
        for row in by_start:
            if walk.places[row] == NO_PARENT:
                walk.down_from(_earliest_of_circle(row, parent_rows, starts_ns))
    return TraceOrder(walk.rows, walk.depths, walk.parents)


def _parent_rows(
    by_start: Sequence[int], span_ids: Sequence[JsonValue], parent_ids: Sequence[JsonValue]
) -> list[int]:
    # Backwards, so that the earliest of several with one id stays.
    row_of_id = {str(span_ids[row]): row for row in reversed(by_start)}
    return [
        NO_PARENT if parent_id == span_id else row_of_id.get(str(parent_id), NO_PARENT)
        for span_id, parent_id in zip(span_ids, parent_ids, strict=True)
    ]


def _earliest_of_circle(row: int, parent_rows: Sequence[int], starts_ns: Sequence[int]) -> int:
    """Return a span of the circle in which the parents of an unplaced span end."""
    seen: set[int] = set()
    while row not in seen:
        seen.add(row)
        row = parent_rows[row]
    return min(_around(row, parent_rows), key=lambda member: (starts_ns[member], member))


def _around(row: int, parent_rows: Sequence[int]) -> Iterator[int]:
    yield row
    member = parent_rows[row]
    while member != row:
        yield member
        member = parent_rows[member]


class _Walk:
    """The order in the making.

    Iterative, because a trace may be deeper than Python's stack; plain lists, because it may have
    a million spans.
    """

    def __init__(self, by_start: Sequence[int], parent_rows: Sequence[int]) -> None:
        self.children: defaultdict[int, list[int]] = defaultdict(list)
        for row in by_start:
            self.children[parent_rows[row]].append(row)
        self._parent_rows = parent_rows
        self.places = [NO_PARENT] * len(by_start)
        """Place of each row; NO_PARENT until it has one."""
        self.rows: list[int] = []
        self.depths: list[int] = []
        self.parents: list[int] = []

    def down_from(self, root: int) -> None:
        waiting = [root]
        while waiting:
            row = waiting.pop()
            if self.places[row] != NO_PARENT:  # only the root of a circle comes round again
                continue
            parent = NO_PARENT if row == root else self.places[self._parent_rows[row]]
            self.places[row] = len(self.rows)
            self.rows.append(row)
            self.parents.append(parent)
            self.depths.append(0 if parent == NO_PARENT else self.depths[parent] + 1)
            if row in self.children:
                waiting.extend(reversed(self.children[row]))
