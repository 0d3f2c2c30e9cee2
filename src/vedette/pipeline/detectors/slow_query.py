"""A single query that takes too long."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf, Compare, Field, Operator
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.n_plus_one_query import DETECTOR as N_PLUS_ONE
from vedette.pipeline.detectors.queries import Query, queries_by_segment
from vedette.pipeline.detectors.route import route_of
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "slow_query"
SIGN_FROM_NS: Final = 100_000_000
"""Traces with faster queries only are not read: no project sets its limit lower."""


@dataclass(frozen=True, slots=True)
class SlowQuerySettings:
    """When a query is slow."""

    duration_ms_min: float = 500.0


def find_slow_queries(tree: TraceTree, settings: SlowQuerySettings) -> Iterable[Finding]:
    """Return the slowest run of each query that takes too long in a request."""
    for segment, queries in queries_by_segment(tree).items():
        slowest: dict[str, Query] = {}
        for query in queries:
            is_slow = query.span.duration_ns >= settings.duration_ms_min * 1e6
            known = slowest.get(query.shape)
            if is_slow and (known is None or query.span.duration_ns > known.span.duration_ns):
                slowest[query.shape] = query
        for query in slowest.values():
            yield _finding(tree, segment, query, settings)


def _finding(tree: TraceTree, segment: int, query: Query, settings: SlowQuerySettings) -> Finding:
    span = query.span
    route = route_of(tree.spans[segment])
    return Finding(
        kind=KIND,
        project_id=span.project_id,
        trace_id=tree.trace_id,
        # Not of the route: wherever it is asked, it is the query that is slow.
        shape=(span.service, query.shape),
        title=f"Slow query: {query.shape}",
        culprit=route,
        offender_span_ids=(span.span_id,),
        time_ns=span.start_ns,
        time_lost_ns=span.duration_ns - int(settings.duration_ms_min * 1e6),
        service=span.service,
        environment=span.environment,
        release=span.release,
        platform=span.platform,
        evidence={
            "query": query.text,
            "duration_ms": span.duration_ns / 1e6,
            "transaction": route,
            "code": span.text("code.filepath", "code.file.path") or None,
            "line": span.number("code.lineno", "code.line.number"),
            "function": span.text("code.function", "code.function.name") or None,
        },
    )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Slow query",
    explanation=Explanation(
        what="A single query takes so long that people wait for it.",
        why="It holds a connection, and everything that needs its answer waits.",
        how="Look at its plan (EXPLAIN): an index that is missing, a full scan, too many rows.",
    ),
    settings=SlowQuerySettings(),
    sign=Sign(
        where=AllOf(
            (
                N_PLUS_ONE.sign.where,
                Compare(Field("span.duration"), Operator.GREATER_OR_EQUAL, (SIGN_FROM_NS,)),
            )
        ),
        count_min=1,
    ),
    find=find_slow_queries,
)
