"""Metrics: OTLP points of every kind and Sentry's trace metrics."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import otlp_bodies, sentry_bodies, taken_from
from vedette.model.item import Item
from vedette.model.taken import Taken, joined


def take_in_metrics(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of metrics, from bytes to rows."""
    otlp = [each for each in items if each.item_type == "otlp_metrics"]
    sentry = [each for each in items if each.item_type != "otlp_metrics"]
    parts: list[Taken] = []
    if otlp:
        parts.append(taken_from(context.decoder.otlp_metrics(otlp_bodies(otlp)), otlp))
    if sentry:
        bodies = sentry_bodies(sentry, [each.item_type for each in sentry], context)
        parts.append(taken_from(context.decoder.sentry_metrics(bodies), sentry))
    return joined(parts)


LINE = Line("metrics", frozenset({"trace_metric", "otlp_metrics"}), take_in_metrics)
