"""Queries one after the other that need nothing of each other, and could run side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import one_by_one
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.n_plus_one_query import DETECTOR as N_PLUS_ONE
from vedette.pipeline.detectors.queries import Query, queries_by_segment
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "consecutive_queries"


@dataclass(frozen=True, slots=True)
class ConsecutiveQueriesSettings:
    """When it is worth to run them side by side."""

    duration_ms_min: float = 30.0
    """Of each."""
    saved_ms_min: float = 100.0
    saved_share_min: float = 0.1


def find_consecutive_queries(
    tree: TraceTree, settings: ConsecutiveQueriesSettings
) -> Iterable[Finding]:
    """Return queries of one parent, in a row, that do not depend on what came before."""
    for segment, queries in queries_by_segment(tree).items():
        if tree.spans[segment].platform == "php":
            continue  # it can do but one thing at a time
        by_parent: dict[int | None, list[Query]] = defaultdict(list)
        for query in queries:
            if not query.is_key_store:
                by_parent[tree.parents[query.place]].append(query)
        for same_parent in by_parent.values():
            row = one_by_one(same_parent)
            free = [
                each
                for each in row[1:]
                if _is_independent(each) and each.span.duration_ns > settings.duration_ms_min * 1e6
            ]
            if not free or len({each.shape for each in row}) < len(row):
                continue
            total_ns = sum(each.span.duration_ns for each in row)
            longest_ns = max(each.span.duration_ns for each in free)
            bound_ns = total_ns - sum(each.span.duration_ns for each in free)
            saved_ns = total_ns - max(longest_ns, bound_ns)
            if saved_ns >= max(settings.saved_ms_min * 1e6, settings.saved_share_min * total_ns):
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [each.span for each in free],
                    title="Queries that could run side by side",
                    subject=" · ".join(each.shape for each in free),
                    lost_ns=saved_ns,
                    causes=[row[0].span],
                    evidence={
                        "query": free[0].text,
                        "count": len(free),
                        "time_saved_ms": saved_ns / 1e6,
                    },
                )


def _is_independent(query: Query) -> bool:
    is_whole = not query.text.endswith("...")
    words = query.shape.split()
    return is_whole and words[0] == "select" and "where" not in words and "?" not in query.shape


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Queries that could run side by side",
    explanation=Explanation(
        what="Queries that need nothing of each other wait for each other.",
        why="The request takes as long as all of them together instead of as the longest.",
        how="Start them together (gather, a thread for each), or make one query of them.",
    ),
    settings=ConsecutiveQueriesSettings(),
    sign=Sign(where=N_PLUS_ONE.sign.where, count_min=2),
    find=find_consecutive_queries,
)
