"""The same endpoint called once for every thing of a list."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import CALL_SPANS, Call, calls_by_segment, one_by_one
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.queries import time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "n_plus_one_call"
_QUIET: Final = ("graphql", "_next/data", "_next/static", "launchdarkly", "prefetch")
_FRONT_OPS: Final = frozenset({"navigation", "pageload", "ui.load", "ui.action"})


@dataclass(frozen=True, slots=True)
class NPlusOneCallSettings:
    """When calls are too many."""

    count_min: int = 5
    time_ms_min: float = 300.0
    start_gap_ms_max: float = 15.0
    """In browsers, calls that begin so shortly after each other belong together."""


def find_n_plus_one_calls(tree: TraceTree, settings: NPlusOneCallSettings) -> Iterable[Finding]:
    """Return each endpoint that one request or page calls again and again for other things."""
    for segment, calls in calls_by_segment(tree).items():
        is_front = tree.spans[segment].op in _FRONT_OPS
        runs: dict[tuple[int | None, str], list[Call]] = defaultdict(list)
        for call in calls:
            is_quiet = any(each in call.address for each in _QUIET)
            if call.shape and not is_quiet and not call.is_failed:
                runs[(tree.parents[call.place], call.shape)].append(call)
        for run in runs.values():
            together = _in_bursts(run, settings) if is_front else one_by_one(run)
            lost_ns = time_covered_ns(each.span for each in together)
            is_varying = len({each.address for each in together}) > 1
            is_much = len(together) >= settings.count_min and lost_ns >= settings.time_ms_min * 1e6
            if is_much and is_varying:
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [each.span for each in together],
                    title="N+1 call",
                    subject=_without_host(together[0]),
                    lost_ns=lost_ns - max(each.span.duration_ns for each in together),
                    evidence={
                        "address": together[0].address,
                        "count": len(together),
                        "duration_ms": lost_ns / 1e6,
                    },
                )


def _in_bursts(run: Sequence[Call], settings: NPlusOneCallSettings) -> Sequence[Call]:
    """Return the longest burst of calls."""
    longest: list[Call] = []
    burst: list[Call] = []
    for call in run:
        gap_ns = 0 if not burst else call.span.start_ns - burst[-1].span.start_ns
        if gap_ns > settings.start_gap_ms_max * 1e6:
            burst = []
        burst.append(call)
        longest = burst if len(burst) > len(longest) else longest
    return longest


def _without_host(call: Call) -> str:
    return call.shape.replace(call.host, "", 1) if call.host else call.shape


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="N+1 call",
    explanation=Explanation(
        what="One request or page calls the same endpoint for every thing of a list.",
        why="Each call pays the way there and back; the longer the list, the slower.",
        how="Give the endpoint a form that takes many ids, or call side by side with a bound.",
    ),
    settings=NPlusOneCallSettings(),
    sign=Sign(where=CALL_SPANS, count_min=5),
    find=find_n_plus_one_calls,
)
