"""The same query within each of many like steps: N+1 with a step in between.

A resolver, a serializer or a template runs once for each row, and each run asks by itself. No two
of the queries have the same parent.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import one_by_one
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.n_plus_one_query import DETECTOR as N_PLUS_ONE
from vedette.pipeline.detectors.queries import queries_by_segment, time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.queries import Query

KIND: Final = "m_n_plus_one"
LEVELS_MAX: Final = 3
"""So far above the queries their common ancestor may be."""


@dataclass(frozen=True, slots=True)
class MNPlusOneSettings:
    """When steps that ask alike are too many."""

    count_min: int = 5
    time_ms_min: float = 50.0


def find_m_n_plus_one(tree: TraceTree, settings: MNPlusOneSettings) -> Iterable[Finding]:
    """Return each query that is asked once within each of many like steps."""
    for segment, queries in queries_by_segment(tree).items():
        runs: dict[tuple[int, str, str], list[Query]] = defaultdict(list)
        for query in queries:
            step = tree.parents[query.place]
            for _ in range(LEVELS_MAX - 1):
                if step is None or step == segment:
                    break
                above = tree.parents[step]
                if above is None:
                    break
                step_name = tree.spans[step].op + " " + _without_numbers(tree.spans[step].name)
                if not query.is_key_store:
                    runs[(above, step_name, query.shape)].append(query)
                step = above
        told: set[str] = set()
        for (_, step_name, shape), run in runs.items():
            alone = one_by_one(run)
            steps = {tree.parents[each.place] for each in alone}
            lost_ns = time_covered_ns(each.span for each in alone)
            is_much = len(steps) >= settings.count_min and lost_ns >= settings.time_ms_min * 1e6
            if not is_much or shape in told:
                continue
            told.add(shape)
            yield make_finding(
                KIND,
                tree,
                segment,
                [each.span for each in alone],
                title="Query in each step",
                subject=shape,
                lost_ns=lost_ns - max(each.span.duration_ns for each in alone),
                evidence={
                    "query": alone[0].text,
                    "count": len(alone),
                    "step": step_name.strip(),
                    "duration_ms": lost_ns / 1e6,
                },
            )


def _without_numbers(name: str) -> str:
    return "".join("#" if each.isdigit() else each for each in name)


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Query in each step",
    explanation=Explanation(
        what="A step that runs once for every row (a resolver, a serializer) asks by itself.",
        why="Each run pays the way to the database and back; the more rows, the slower.",
        how="Collect what all steps need and ask once: a data loader, or eager loading.",
    ),
    settings=MNPlusOneSettings(),
    sign=Sign(where=N_PLUS_ONE.sign.where, count_min=5),
    find=find_m_n_plus_one,
)
