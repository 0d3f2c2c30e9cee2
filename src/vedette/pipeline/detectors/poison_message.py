"""A message that fails whenever it is taken."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.messages import MESSAGE_SPANS, queue_of, taken_messages
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "poison_message"
_RETRIES: Final = ("messaging.message.retry.count", "messaging.message.delivery_count")


@dataclass(frozen=True, slots=True)
class PoisonMessageSettings:
    """How often it must fail."""

    failure_count_min: int = 3


def find_poison_messages(tree: TraceTree, settings: PoisonMessageSettings) -> Iterable[Finding]:
    """Return messages that failed again and again, by their count or in this trace."""
    failures: dict[tuple[str, str], list[int]] = defaultdict(list)
    retries: dict[tuple[str, str], float] = {}
    for place, span in taken_messages(tree):
        message_id = span.text("messaging.message.id", "messaging.message_id")
        if not span.is_failed or not message_id:
            continue
        key = (queue_of(span), message_id)
        failures[key].append(place)
        retries[key] = max(retries.get(key, 0.0), span.number(*_RETRIES) or 0.0)
    for (queue, message_id), places in failures.items():
        count = max(len(places), int(retries[(queue, message_id)]) + 1)
        if count < settings.failure_count_min:
            continue
        spans = [tree.spans[place] for place in places]
        yield make_finding(
            KIND,
            tree,
            tree.segment_of(places[0]),
            spans,
            title="Poison message",
            subject=queue,
            lost_ns=sum(span.duration_ns for span in spans),
            with_route=False,
            evidence={"queue": queue, "message": message_id, "failures": count},
        )


DETECTOR: Final = make_detector(
    kind=KIND,
    category="queue",
    title="Poison message",
    explanation=Explanation(
        what="A message fails whenever it is taken, and comes back each time.",
        why="It takes the place of messages that could be done, again and again.",
        how="Put it aside after some tries (a dead-letter queue), and mend what it trips over.",
    ),
    settings=PoisonMessageSettings(),
    sign=Sign(where=MESSAGE_SPANS, count_min=1),
    find=find_poison_messages,
)
