"""Logs: Sentry log containers and OTLP logs."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import take_in_both
from vedette.model.item import Item
from vedette.model.taken import Taken


def take_in_logs(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of logs, from bytes to rows."""
    return take_in_both(
        items,
        context,
        otlp_kind="otlp_logs",
        decode_otlp=context.decoder.otlp_logs,
        decode_sentry=context.decoder.sentry_logs,
    )


LINE = Line("logs", frozenset({"log", "otel_log", "otlp_logs"}), take_in_logs)
