"""A trace as a forest that every detector can walk: duplicates, orphans and cycles do no harm."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.pipeline.detectors.seen_span import SeenSpan

SPAN_COUNT_MAX: Final = 20_000
"""A longer trace is judged by its first spans: what is wrong in it is wrong there too."""


@dataclass(frozen=True, slots=True, eq=False)
class TraceTree:
    """All spans of a trace in the order of their start, and who is whose child."""

    trace_id: str
    spans: Sequence[SeenSpan]
    parents: Sequence[int | None]
    """The place of each span's parent; None for roots, and for those whose parent is not there."""
    children: Sequence[Sequence[int]]
    """Places of each span's children, in the order of their start."""
    segments: Sequence[int]
    """The place of the request or job of its service to which each span belongs."""

    def children_of(self, place: int) -> list[SeenSpan]:
        """Return the children of a span, in the order of their start."""
        return [self.spans[child] for child in self.children[place]]

    def ancestors(self, place: int) -> Iterator[int]:
        """Return the places above a span, the nearest first."""
        above = self.parents[place]
        while above is not None:
            yield above
            above = self.parents[above]

    def segment_of(self, place: int) -> int:
        """Return the place of the request or job of its service to which a span belongs."""
        return self.segments[place]


def grow_tree(trace_id: str, spans: Iterable[SeenSpan]) -> TraceTree:
    """Return the trace of these spans, in whatever order they are given."""
    by_id: dict[str, SeenSpan] = {}
    for span in spans:
        by_id.setdefault(span.span_id, span)
    ordered = sorted(by_id.values(), key=lambda span: (span.start_ns, -span.end_ns, span.span_id))
    ordered = ordered[:SPAN_COUNT_MAX]
    places = {span.span_id: place for place, span in enumerate(ordered)}
    parents = [places.get(span.parent_id) if span.parent_id else None for span in ordered]
    _cut_cycles(parents)
    children: list[list[int]] = [[] for _ in ordered]
    for place, parent in enumerate(parents):
        if parent is not None:
            children[parent].append(place)
    return TraceTree(trace_id, ordered, parents, children, _segments(ordered, parents))


def _segments(spans: Sequence[SeenSpan], parents: Sequence[int | None]) -> list[int]:
    """Return each span's segment: itself, or that of the parent if that is of the same service."""
    found: list[int | None] = [None] * len(spans)
    for start in range(len(spans)):
        path: list[int] = []
        place = start
        while found[place] is None:
            path.append(place)
            above = parents[place]
            is_top = above is None or spans[above].service != spans[place].service
            if above is None or is_top or spans[place].is_segment:
                found[place] = place
            else:
                place = above
        for each in path:
            found[each] = found[place]
    return [place if place is not None else start for start, place in enumerate(found)]


def _cut_cycles(parents: list[int | None]) -> None:
    """Make a root of one span of each cycle, so that every walk ends."""
    known_good: set[int] = set()
    for start in range(len(parents)):
        path: set[int] = set()
        place: int | None = start
        while place is not None and place not in known_good:
            if place in path:
                parents[place] = None
                break
            path.add(place)
            place = parents[place]
        known_good |= path
