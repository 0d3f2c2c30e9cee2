"""The messages of a trace that somebody takes from a queue."""

from collections.abc import Iterator
from typing import Final

from vedette.model.question import AnyOf, Attribute, Compare, Condition, Field, Has, Operator
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

_TAKING_OPS: Final = ("queue.process", "queue.task", "queue.receive")

MESSAGE_SPANS: Final[Condition] = AnyOf(
    (
        Compare(Field("span.op"), Operator.LIKE, ("queue.*",)),
        Compare(Field("kind"), Operator.EQUAL, ("consumer",)),
        Has(Attribute("messaging.destination.name")),
    )
)
"""Which spans may be about messages: too many rather than too few."""


def taken_messages(tree: TraceTree) -> Iterator[tuple[int, SeenSpan]]:
    """Yield spans that work on a message, with their places."""
    for place, span in enumerate(tree.spans):
        if span.kind == "consumer" or span.op.startswith(_TAKING_OPS):
            yield place, span


def queue_of(span: SeenSpan) -> str:
    """Return the name of the queue or topic; the span's own name if nothing says it."""
    return span.text("messaging.destination.name", "messaging.destination") or span.name
