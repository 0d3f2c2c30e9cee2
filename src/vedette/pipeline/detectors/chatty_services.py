"""Two services that talk to each other many times for one request."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.calls import CALL_SPANS, calls_by_segment, one_by_one
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.n_plus_one_call import DETECTOR as N_PLUS_ONE_CALL
from vedette.pipeline.detectors.queries import time_covered_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

if TYPE_CHECKING:
    from vedette.pipeline.detectors.calls import Call

KIND: Final = "chatty_services"


@dataclass(frozen=True, slots=True)
class ChattySettings:
    """When talk is too much."""

    count_min: int = 15
    time_ms_min: float = 50.0


def find_chatty_services(tree: TraceTree, settings: ChattySettings) -> Iterable[Finding]:
    """Return pairs of services that call each other again and again within one request."""
    told_otherwise = {
        span_id for found in N_PLUS_ONE_CALL.find(tree, {}) for span_id in found.offender_span_ids
    }
    for segment, calls in calls_by_segment(tree).items():
        by_called: dict[str, list[Call]] = defaultdict(list)
        for call in calls:
            if call.called is not None and call.called.service != call.span.service:
                by_called[call.called.service].append(call)
        for called, all_calls in by_called.items():
            talk = one_by_one(all_calls)
            lost_ns = time_covered_ns(each.span for each in talk)
            is_much = len(talk) >= settings.count_min and lost_ns >= settings.time_ms_min * 1e6
            if not is_much or talk[0].span.span_id in told_otherwise:
                continue
            shapes = Counter(each.shape.replace(each.host, "", 1) for each in talk)
            yield make_finding(
                KIND,
                tree,
                segment,
                [each.span for each in talk],
                title="Chatty services",
                subject=f"{talk[0].span.service} and {called}",
                lost_ns=lost_ns - max(each.span.duration_ns for each in talk),
                evidence={
                    "count": len(talk),
                    "most_often": shapes.most_common(1)[0][0],
                    "duration_ms": lost_ns / 1e6,
                },
            )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="network",
    title="Chatty services",
    explanation=Explanation(
        what="For one request, a service calls another one many times, one after the other.",
        why="Each call pays for the network, for both servers and for what can go wrong.",
        how="Give the other service one call that does what these do together.",
    ),
    settings=ChattySettings(),
    sign=Sign(where=CALL_SPANS, count_min=10),
    find=find_chatty_services,
)
