"""Work on one message takes long."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.model.question import AllOf
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.messages import MESSAGE_SPANS, queue_of, taken_messages
from vedette.pipeline.detectors.slow_connection_wait import at_least_ns
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "slow_consumer"
SIGN_FROM_NS: Final = 1_000_000_000


@dataclass(frozen=True, slots=True)
class SlowConsumerSettings:
    """When it is slow."""

    duration_ms_min: float = 30_000.0


def find_slow_consumers(tree: TraceTree, settings: SlowConsumerSettings) -> Iterable[Finding]:
    """Return the queues whose messages of this trace took too long to be done."""
    told: set[str] = set()
    for place, span in taken_messages(tree):
        queue = queue_of(span)
        is_slow = span.duration_ns >= settings.duration_ms_min * 1e6
        # A receiver that waits for messages is not slow.
        is_waiting = (
            span.op == "queue.receive" or span.text("messaging.operation.type") == "receive"
        )
        if not is_slow or is_waiting or queue in told:
            continue
        told.add(queue)
        yield make_finding(
            KIND,
            tree,
            tree.segment_of(place),
            [span],
            title="Slow consumer",
            subject=queue,
            lost_ns=span.duration_ns - int(settings.duration_ms_min * 1e6),
            with_route=False,
            evidence={"queue": queue, "duration_ms": span.duration_ns / 1e6},
        )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="queue",
    title="Slow consumer",
    explanation=Explanation(
        what="Work on a single message takes long.",
        why="Everything behind it waits, and brokers give out again what is not done in time.",
        how="Make smaller messages of it, or move slow parts to a queue of their own.",
    ),
    settings=SlowConsumerSettings(),
    sign=Sign(where=AllOf((MESSAGE_SPANS, at_least_ns(SIGN_FROM_NS))), count_min=1),
    find=find_slow_consumers,
)
