"""A query without a bound that brings more rows than anybody reads."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AnyOf, Attribute, Condition, Has
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import queries_by_segment
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "unbounded_query"
ROW_COUNTS: Final = ("db.response.returned_rows", "db.row_count", "db.rows_returned")
"""Under these names clients say how many rows came."""
_BOUNDS: Final = frozenset({"where", "limit", "fetch", "top", "rownum", "count(*)", "exists"})


@dataclass(frozen=True, slots=True)
class UnboundedSettings:
    """When rows are many."""

    row_count_min: int = 1_000


def find_unbounded_queries(tree: TraceTree, settings: UnboundedSettings) -> Iterable[Finding]:
    """Return each query that nothing bounds and that brought many rows."""
    for segment, queries in queries_by_segment(tree).items():
        told: set[str] = set()
        for query in queries:
            row_count = query.span.number(*ROW_COUNTS)
            words = query.shape.replace("(", " (").split()
            is_bounded = words[:1] != ["select"] or bool(_BOUNDS & set(words))
            is_few = row_count is None or row_count < settings.row_count_min
            if is_bounded or is_few or query.shape in told:
                continue
            told.add(query.shape)
            yield make_finding(
                KIND,
                tree,
                segment,
                [query.span],
                title="Query without a bound",
                subject=query.shape,
                lost_ns=query.span.duration_ns,
                with_route=False,
                evidence={
                    "query": query.text,
                    "rows": row_count,
                    "duration_ms": query.span.duration_ns / 1e6,
                },
            )


def has_number(*names: str) -> Condition:
    """Return the condition that one of these is there, as a number or as text."""
    return AnyOf(tuple(Has(Attribute(name)) for name in names))


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Query without a bound",
    explanation=Explanation(
        what="A query without WHERE and LIMIT brings a whole table.",
        why="It grows with the table: fast today, out of memory some day.",
        how="Ask for the rows that are needed, in pages (LIMIT), or let the database count.",
    ),
    settings=UnboundedSettings(),
    sign=Sign(where=has_number(*ROW_COUNTS), count_min=1),
    find=find_unbounded_queries,
)
