"""Bring the spans of a trace into pre-order, whatever their parents claim."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

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
    *, span_ids: Sequence[str], parent_ids: Sequence[str], starts_ns: Sequence[int]
) -> TraceOrder:
    """Order the spans of one trace.

    Spans without a parent, with a parent that is not there or with themselves as parent are roots.
    Where parents run in a circle, the earliest span of the circle becomes a root. Of two spans
    with one id the earlier is the parent of what names that id.
    """
    by_start = sorted(range(len(span_ids)), key=starts_ns.__getitem__)
    parent_rows = _parent_rows(by_start, span_ids, parent_ids)
    children: dict[int, list[int]] = {}
    for row in by_start:
        children.setdefault(parent_rows[row], []).append(row)
    walk = _Walk(children)
    for row in children.get(NO_PARENT, ()):
        walk.down_from(row)
    for row in by_start:
        if row not in walk.place_of_row:
            walk.down_from(_earliest_of_circle(row, parent_rows, starts_ns))
    return TraceOrder(walk.rows, walk.depths, walk.parents)


def _parent_rows(
    by_start: Sequence[int], span_ids: Sequence[str], parent_ids: Sequence[str]
) -> list[int]:
    row_of_id: dict[str, int] = {}
    for row in by_start:
        row_of_id.setdefault(span_ids[row], row)
    return [
        NO_PARENT if parent_id == span_ids[row] else row_of_id.get(parent_id, NO_PARENT)
        for row, parent_id in enumerate(parent_ids)
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
    """The order in the making. Iterative: a trace may be deeper than Python's stack."""

    def __init__(self, children: dict[int, list[int]]) -> None:
        self._children = children
        self.place_of_row: dict[int, int] = {}
        self.rows: list[int] = []
        self.depths: list[int] = []
        self.parents: list[int] = []

    def down_from(self, root: int) -> None:
        waiting = [(root, NO_PARENT, 0)]
        while waiting:
            row, parent, depth = waiting.pop()
            if row in self.place_of_row:  # only the root of a circle comes round again
                continue
            place = len(self.rows)
            self.place_of_row[row] = place
            self.rows.append(row)
            self.depths.append(depth)
            self.parents.append(parent)
            waiting.extend(
                (child, place, depth + 1) for child in reversed(self._children.get(row, ()))
            )
