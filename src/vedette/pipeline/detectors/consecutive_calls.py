"""Slow calls one after the other that could run side by side."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf
from vedette.pipeline.detectors.calls import CALL_SPANS, calls_by_segment, in_runs
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.calls import Call

KIND: Final = "consecutive_calls"
SIGN_FROM_NS: Final = 100_000_000
_QUIET: Final = ("_next/static", "_next/data", "googleapis.com")


@dataclass(frozen=True, slots=True)
class ConsecutiveCallsSettings:
    """When it is worth to run them side by side."""

    duration_ms_min: float = 500.0
    """Of each."""
    count_min: int = 3
    saved_ms_min: float = 2_000.0
    gap_ms_max: float = 500.0
    host_count_max: int = 2
    """Of more hosts, one answer is likely to be needed for the next call."""


def find_consecutive_calls(
    tree: TraceTree, settings: ConsecutiveCallsSettings
) -> Iterable[Finding]:
    """Return slow calls of one parent that wait for each other."""
    for segment, calls in calls_by_segment(tree).items():
        by_parent: dict[int | None, list[Call]] = defaultdict(list)
        for call in calls:
            is_slow = call.span.duration_ns >= settings.duration_ms_min * 1e6
            if is_slow and not call.is_failed and not any(each in call.address for each in _QUIET):
                by_parent[tree.parents[call.place]].append(call)
        for same_parent in by_parent.values():
            for run in in_runs(same_parent, gap_ns_max=int(settings.gap_ms_max * 1e6)):
                lengths = [each.span.duration_ns for each in run]
                saved_ns = sum(lengths) - max(lengths)
                if (
                    len(run) < settings.count_min
                    or saved_ns < settings.saved_ms_min * 1e6
                    or len({each.host for each in run}) > settings.host_count_max
                ):
                    continue
                shapes = sorted({each.shape or each.span.name for each in run})
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [each.span for each in run],
                    title="Calls that could run side by side",
                    subject=" · ".join(shapes),
                    lost_ns=saved_ns,
                    evidence={"count": len(run), "time_saved_ms": saved_ns / 1e6},
                )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Calls that could run side by side",
    explanation=Explanation(
        what="Slow calls to other services wait for each other.",
        why="The request takes as long as all of them together instead of as the longest.",
        how="Start them together (gather, Promise.all, a group of routines).",
    ),
    settings=ConsecutiveCallsSettings(),
    sign=Sign(where=AllOf((CALL_SPANS, at_least_ns(SIGN_FROM_NS))), count_min=2),
    find=find_consecutive_calls,
)
