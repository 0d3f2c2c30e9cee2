"""The same query once for every row of another: N+1.

Nobody sends the values of parameters, so a loop over rows and the same question asked again and
again cannot be told apart; one name stands for both.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AnyOf, Attribute, Compare, Field, Has, Operator
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.queries import Query, queries_by_segment, time_covered_ns
from vedette.pipeline.detectors.route import route_of
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "n_plus_one_query"
SHOWN_COUNT_MAX: Final = 100
"""Spans that a finding names; the count says how many there were."""


@dataclass(frozen=True, slots=True)
class NPlusOneSettings:
    """When the same query is one too many."""

    count_min: int = 5
    time_ms_min: float = 50.0
    """Together; faster ones hurt nobody yet."""
    count_always: int = 50
    """So many are found however fast they were."""


def find_n_plus_one(tree: TraceTree, settings: NPlusOneSettings) -> Iterable[Finding]:
    """Return each query that one request asked again and again, one after the other."""
    for segment, queries in queries_by_segment(tree).items():
        runs: dict[tuple[int | None, str], list[Query]] = defaultdict(list)
        for query in queries:
            if not query.is_key_store:
                runs[(tree.parents[query.place], query.shape)].append(query)
        for run in runs.values():
            one_by_one = _one_after_the_other(run)
            lost_ns = time_covered_ns(query.span for query in one_by_one)
            is_long = lost_ns >= settings.time_ms_min * 1e6
            if len(one_by_one) < settings.count_min:
                continue
            if is_long or len(one_by_one) >= settings.count_always:
                yield _finding(tree, segment, queries, one_by_one, lost_ns)


def _one_after_the_other(run: list[Query]) -> list[Query]:
    """Leave out those that ran beside others: they were meant to."""
    kept: list[Query] = []
    for query in run:
        # A microsecond or two of overlap is the clock, not concurrency.
        slack_ns = query.span.duration_ns // 10
        if not kept or query.span.start_ns >= kept[-1].span.end_ns - slack_ns:
            kept.append(query)
    return kept


def _finding(
    tree: TraceTree, segment: int, queries: list[Query], run: list[Query], lost_ns: int
) -> Finding:
    first = run[0]
    root = tree.spans[segment]
    before = [query for query in queries if query.span.end_ns <= first.span.start_ns]
    source = before[-1] if before else None
    route = route_of(root)
    causes = () if source is None else (source.span.span_id,)
    return Finding(
        kind=KIND,
        project_id=first.span.project_id,
        trace_id=tree.trace_id,
        shape=(first.span.service, route, first.shape),
        title=f"N+1 query: {first.shape}",
        culprit=route,
        offender_span_ids=tuple(query.span.span_id for query in run[:SHOWN_COUNT_MAX]),
        cause_span_ids=causes,
        time_ns=first.span.start_ns,
        # One query for all of them would still take about as long as the slowest one did.
        time_lost_ns=lost_ns - max(query.span.duration_ns for query in run),
        service=first.span.service,
        environment=first.span.environment,
        release=first.span.release,
        platform=first.span.platform,
        evidence={
            "query": first.text,
            "count": len(run),
            "duration_ms": lost_ns / 1e6,
            "source_query": None if source is None else source.text,
            "transaction": route,
            "code": first.span.text("code.filepath", "code.file.path") or None,
            "line": first.span.number("code.lineno", "code.line.number"),
            "function": first.span.text("code.function", "code.function.name") or None,
        },
    )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="N+1 query",
    explanation=Explanation(
        what="One request asks the database the same question many times, one after the other.",
        why="Each question pays the way to the database and back; the more rows, the slower.",
        how="Ask once for all rows: a join, `IN (…)`, or the mapper's eager loading "
        "(select_related, joinedload, include, preload).",
    ),
    settings=NPlusOneSettings(),
    sign=Sign(
        where=AnyOf(
            (
                Compare(Field("span.op"), Operator.LIKE, ("db*",)),
                Has(Attribute("db.system")),
                Has(Attribute("db.system.name")),
            )
        ),
        count_min=5,
    ),
    find=find_n_plus_one,
)
