"""A service outside of this system that takes long to answer."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf
from vedette.pipeline.detectors.calls import CALL_SPANS, calls_by_segment
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.calls import Call

KIND: Final = "slow_dependency"
SIGN_FROM_NS: Final = 500_000_000


@dataclass(frozen=True, slots=True)
class SlowDependencySettings:
    """When it is slow."""

    duration_ms_min: float = 3_000.0


def find_slow_dependencies(tree: TraceTree, settings: SlowDependencySettings) -> Iterable[Finding]:
    """Return the slowest call of each outside service that answered, but late."""
    for segment, calls in calls_by_segment(tree).items():
        slowest: dict[str, Call] = {}
        for call in calls:
            is_slow = call.span.duration_ns >= settings.duration_ms_min * 1e6
            if call.called is not None or call.is_failed or not is_slow or not call.host:
                continue
            known = slowest.get(call.shape)
            if known is None or call.span.duration_ns > known.span.duration_ns:
                slowest[call.shape] = call
        for shape, call in slowest.items():
            yield make_finding(
                KIND,
                tree,
                segment,
                [call.span],
                title="Slow dependency",
                subject=shape or f"{call.method} {call.host}".strip(),
                lost_ns=call.span.duration_ns - int(settings.duration_ms_min * 1e6),
                with_route=False,
                evidence={
                    "address": call.address or None,
                    "duration_ms": call.span.duration_ns / 1e6,
                },
            )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Slow dependency",
    explanation=Explanation(
        what="A service that is not part of this system takes long to answer.",
        why="Whoever called waits, and holds what it needs to go on.",
        how="Call it aside (a queue), keep its answers, set a time-out and do without.",
    ),
    settings=SlowDependencySettings(),
    sign=Sign(where=AllOf((CALL_SPANS, at_least_ns(SIGN_FROM_NS))), count_min=1),
    find=find_slow_dependencies,
)
