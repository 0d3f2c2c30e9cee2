"""Metrics: OTLP points of every kind and Sentry's trace metrics."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import take_in_both
from vedette.model.item import Item
from vedette.model.taken import Taken


def take_in_metrics(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of metrics, from bytes to rows."""
    return take_in_both(
        items,
        context,
        otlp_kind="otlp_metrics",
        decode_otlp=context.decoder.otlp_metrics,
        decode_sentry=context.decoder.sentry_metrics,
    )


LINE = Line("metrics", frozenset({"trace_metric", "otlp_metrics"}), take_in_metrics)
