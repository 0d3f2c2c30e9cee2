"""Logs: Sentry log containers and OTLP logs."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import otlp_bodies, sentry_bodies, taken_from
from vedette.model.item import Item
from vedette.model.taken import Taken, joined


def take_in_logs(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of logs, from bytes to rows."""
    otlp = [each for each in items if each.item_type == "otlp_logs"]
    sentry = [each for each in items if each.item_type != "otlp_logs"]
    parts: list[Taken] = []
    if otlp:
        parts.append(taken_from(context.decoder.otlp_logs(otlp_bodies(otlp)), otlp))
    if sentry:
        bodies = sentry_bodies(sentry, [each.item_type for each in sentry], context)
        parts.append(taken_from(context.decoder.sentry_logs(bodies), sentry))
    return joined(parts)


LINE = Line("logs", frozenset({"log", "otel_log", "otlp_logs"}), take_in_logs)
