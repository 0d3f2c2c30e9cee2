"""Messages that lie in a queue for long before somebody takes them."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.messages import MESSAGE_SPANS, queue_of, taken_messages
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "consumer_lag"


@dataclass(frozen=True, slots=True)
class ConsumerLagSettings:
    """When messages wait too long."""

    lag_ms_min: float = 30_000.0


def find_consumer_lag(tree: TraceTree, settings: ConsumerLagSettings) -> Iterable[Finding]:
    """Return the queues in which messages of this trace lay too long."""
    worst: dict[str, tuple[float, int, SeenSpan]] = {}
    for place, span in taken_messages(tree):
        lag_ms = _lag_ms(tree, place, span)
        queue = queue_of(span)
        if lag_ms >= settings.lag_ms_min and lag_ms > worst.get(queue, (0.0, 0, span))[0]:
            worst[queue] = (lag_ms, place, span)
    for queue, (lag_ms, place, span) in worst.items():
        yield make_finding(
            KIND,
            tree,
            tree.segment_of(place),
            [span],
            title="Consumer behind",
            subject=queue,
            lost_ns=int(lag_ms * 1e6),
            with_route=False,
            evidence={"queue": queue, "lag_ms": lag_ms},
        )


def _lag_ms(tree: TraceTree, place: int, span: SeenSpan) -> float:
    """Return how long the message waited: as the consumer says, else since it was sent."""
    told_ms = span.number("messaging.message.receive.latency")
    if told_ms is not None:
        return told_ms
    above = tree.parents[place]
    if above is None or tree.spans[above].kind != "producer":
        return 0.0
    return (span.start_ns - tree.spans[above].end_ns) / 1e6


DETECTOR: Final = make_detector(
    kind=KIND,
    category="queue",
    title="Consumer behind",
    explanation=Explanation(
        what="Messages lie in a queue for long before a consumer takes them.",
        why="What they ask for comes late, and the queue may grow without end.",
        how="Run more consumers, make each message cheaper, or send fewer.",
    ),
    settings=ConsumerLagSettings(),
    sign=Sign(where=MESSAGE_SPANS, count_min=1),
    find=find_consumer_lag,
)
