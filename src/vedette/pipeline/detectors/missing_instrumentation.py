"""A long stretch of a request of which no span tells anything.

It may be work, a sleep or a wait: silence does not say which, and it is not guessed.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf, Compare, Field, Operator
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "missing_instrumentation"
SIGN_FROM_NS: Final = 500_000_000
_OF_PEOPLE: Final = ("ui.", "pageload", "navigation", "resource", "browser", "app.start")


@dataclass(frozen=True, slots=True)
class UnexplainedSettings:
    """When silence is long."""

    gap_ms_min: float = 2_000.0
    share_min: float = 0.5
    """Of the request."""
    child_count_min: int = 2
    """Requests with fewer spans are not instrumented at all, or their spans are on the way."""


def find_unexplained(tree: TraceTree, settings: UnexplainedSettings) -> Iterable[Finding]:
    """Return the longest silent stretch of each request that is instrumented otherwise."""
    for place, span in enumerate(tree.spans):
        is_request = span.kind in ("server", "consumer") or span.is_segment
        if not is_request or span.op.startswith(_OF_PEOPLE) or span.kind == "client":
            continue
        if len(tree.children[place]) < settings.child_count_min:
            continue
        gap_ns, offset_ns = _longest_gap(tree, place)
        is_long = gap_ns >= settings.gap_ms_min * 1e6
        if is_long and gap_ns >= settings.share_min * span.duration_ns:
            yield make_finding(
                KIND,
                tree,
                place,
                [span],
                title="Time that nothing explains",
                subject=span.op or span.kind,
                lost_ns=gap_ns,
                evidence={"gap_ms": gap_ns / 1e6, "begins_after_ms": offset_ns / 1e6},
            )


def _longest_gap(tree: TraceTree, place: int) -> tuple[int, int]:
    """Return how long no child ran, at most, and how long after the begin that was."""
    span = tree.spans[place]
    longest_ns = begin_ns = 0
    reached_ns = span.start_ns
    for child in tree.children_of(place):
        if child.start_ns - reached_ns > longest_ns:
            longest_ns, begin_ns = child.start_ns - reached_ns, reached_ns - span.start_ns
        reached_ns = max(reached_ns, child.end_ns)
    if span.end_ns - reached_ns > longest_ns:
        longest_ns, begin_ns = span.end_ns - reached_ns, reached_ns - span.start_ns
    return longest_ns, begin_ns


DETECTOR: Final = make_detector(
    kind=KIND,
    category="code",
    title="Time that nothing explains",
    explanation=Explanation(
        what="For a long stretch of a request, no span says what was done.",
        why="What nobody sees nobody mends: it may be work, a wait, or a call without a span.",
        how="Add a span around it, or turn on profiling, which shows what ran.",
    ),
    settings=UnexplainedSettings(),
    sign=Sign(
        where=AllOf(
            (
                at_least_ns(SIGN_FROM_NS),
                Compare(Field("is_transaction"), Operator.EQUAL, (True,)),
            )
        ),
        count_min=1,
    ),
    find=find_unexplained,
)
