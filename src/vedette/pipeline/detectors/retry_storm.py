"""The same call again and again, and each time it fails."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import CALL_SPANS, Call, calls_by_segment
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "retry_storm"


@dataclass(frozen=True, slots=True)
class RetryStormSettings:
    """How many failures in a row are too many."""

    count_min: int = 4


def find_retry_storms(tree: TraceTree, settings: RetryStormSettings) -> Iterable[Finding]:
    """Return each call that one request repeats although it fails."""
    for segment, calls in calls_by_segment(tree).items():
        longest: dict[str, list[Call]] = {}
        for (_, what), run in _failed_runs(tree, calls):
            if len(run) > len(longest.get(what, ())):
                longest[what] = run
        for run in longest.values():
            if len(run) >= settings.count_min:
                first = run[0]
                lost_ns = time_covered_ns(each.span for each in run)
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [each.span for each in run],
                    title="Retry storm",
                    subject=first.shape.replace(first.host, "", 1) or first.span.name,
                    lost_ns=lost_ns,
                    evidence={
                        "address": first.address or None,
                        "count": len(run),
                        "status": first.span.number("http.response.status_code"),
                        "duration_ms": lost_ns / 1e6,
                    },
                )


def _failed_runs(
    tree: TraceTree, calls: list[Call]
) -> Iterable[tuple[tuple[int | None, str], list[Call]]]:
    """Yield failed calls of the same thing, one after the other, with no success between."""
    runs: dict[tuple[int | None, str], list[Call]] = defaultdict(list)
    for call in calls:
        key = (tree.parents[call.place], call.address or call.shape or call.span.name)
        if not call.is_failed:
            if key in runs:
                yield key, runs.pop(key)
            continue
        run = runs[key]
        # Those that run beside each other are no retries.
        if not run or call.span.start_ns >= run[-1].span.end_ns - run[-1].span.duration_ns // 10:
            run.append(call)
    yield from runs.items()


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Retry storm",
    explanation=Explanation(
        what="A call that fails is made again and again within one request.",
        why="It keeps people waiting and hits a service that is in trouble already.",
        how="Retry rarely and with growing pauses, stop early (a circuit breaker).",
    ),
    settings=RetryStormSettings(),
    sign=Sign(where=CALL_SPANS, count_min=4),
    find=find_retry_storms,
)
