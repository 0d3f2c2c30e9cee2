"""A query that looks at many more rows than it answers: an index is missing."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import queries_by_segment
from vedette.pipeline.detectors.trace_tree import TraceTree
from vedette.pipeline.detectors.unbounded_query import ROW_COUNTS, has_number

KIND: Final = "full_scan"
EXAMINED: Final = (
    "db.response.examined_rows",
    "db.rows_examined",
    "db.mongodb.docs_examined",
    "docsExamined",
)
"""Under these names clients say how many rows or documents were looked at."""
RETURNED: Final = (*ROW_COUNTS, "db.mongodb.returned", "nreturned")


@dataclass(frozen=True, slots=True)
class FullScanSettings:
    """When a query looks at too much."""

    examined_min: int = 10_000
    ratio_min: float = 100.0
    """Rows looked at for each one answered."""


def find_full_scans(tree: TraceTree, settings: FullScanSettings) -> Iterable[Finding]:
    """Return each query of which the client says that it looked at far more than it answered."""
    for segment, queries in queries_by_segment(tree).items():
        told: set[str] = set()
        for query in queries:
            examined, returned = query.span.number(*EXAMINED), query.span.number(*RETURNED)
            if examined is None or returned is None or examined < settings.examined_min:
                continue
            if examined < settings.ratio_min * max(returned, 1.0) or query.shape in told:
                continue
            told.add(query.shape)
            yield make_finding(
                KIND,
                tree,
                segment,
                [query.span],
                title="Full scan",
                subject=query.shape,
                lost_ns=query.span.duration_ns,
                with_route=False,
                evidence={"query": query.text, "examined": examined, "returned": returned},
            )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Full scan",
    explanation=Explanation(
        what="The database looks at many rows to answer few.",
        why="Time grows with the table, and what is read pushes out what others need.",
        how="Add an index for the columns of the condition; check the plan (EXPLAIN).",
    ),
    settings=FullScanSettings(),
    sign=Sign(where=has_number(*EXAMINED), count_min=1),
    find=find_full_scans,
)
