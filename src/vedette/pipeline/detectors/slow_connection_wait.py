"""A request waits for a connection of the pool, or for a new one."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf, AnyOf, Compare, Condition, Field, Operator
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import is_database_span, time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "slow_connection_wait"
SIGN_FROM_NS: Final = 20_000_000
_NAMES: Final = frozenset({"connect", "pg-pool.connect", "pg.connect", "sql.connector.connect"})


@dataclass(frozen=True, slots=True)
class ConnectionWaitSettings:
    """When the wait is too long."""

    wait_ms_min: float = 100.0


def find_connection_waits(tree: TraceTree, settings: ConnectionWaitSettings) -> Iterable[Finding]:
    """Return the requests that waited for connections."""
    waits: dict[int, list[int]] = {}
    for place, span in enumerate(tree.spans):
        name = span.name if span.name in _NAMES else span.description
        is_wait = span.op.startswith("db.connection") or name in _NAMES
        if is_wait and (is_database_span(span) or name in _NAMES):
            waits.setdefault(tree.segment_of(place), []).append(place)
    for segment, places in waits.items():
        spans = [tree.spans[place] for place in places]
        waited_ns = time_covered_ns(spans)
        if waited_ns < settings.wait_ms_min * 1e6:
            continue
        longest = max(spans, key=lambda span: span.duration_ns)
        yield make_finding(
            KIND,
            tree,
            segment,
            [longest, *(span for span in spans if span is not longest)],
            title="Wait for a connection",
            subject=longest.name,
            lost_ns=waited_ns,
            evidence={"waited_ms": waited_ns / 1e6, "count": len(spans)},
        )


def at_least_ns(duration_ns: int) -> Condition:
    """Return the condition that a span took so long."""
    return Compare(Field("span.duration"), Operator.GREATER_OR_EQUAL, (duration_ns,))


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Wait for a connection",
    explanation=Explanation(
        what="A request waits until it gets a connection to the database.",
        why="The pool is too small for those who ask, or somebody does not give back.",
        how="Give connections back earlier, keep them open, or make the pool larger.",
    ),
    settings=ConnectionWaitSettings(),
    sign=Sign(
        where=AllOf(
            (
                at_least_ns(SIGN_FROM_NS),
                AnyOf(
                    (
                        Compare(Field("span.op"), Operator.LIKE, ("db.connection*",)),
                        Compare(Field("span.name"), Operator.IN, tuple(sorted(_NAMES))),
                        Compare(Field("span.description"), Operator.IN, tuple(sorted(_NAMES))),
                    )
                ),
            )
        ),
        count_min=1,
    ),
    find=find_connection_waits,
)
