"""Spans: Sentry transactions, span items and containers, OTLP traces. One table, one meaning."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import otlp_bodies, sentry_bodies, taken_from
from vedette.model.item import Item
from vedette.model.taken import Taken, joined

_CONTAINER = "application/vnd.sentry.items.span.v2+json"


def take_in_spans(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of spans, from bytes to rows."""
    otlp = [each for each in items if each.item_type == "otlp_traces"]
    sentry = [each for each in items if each.item_type != "otlp_traces"]
    parts: list[Taken] = []
    if otlp:
        parts.append(taken_from(context.decoder.otlp_traces(otlp_bodies(otlp)), otlp))
    if sentry:
        bodies = sentry_bodies(sentry, [_kind_of(each) for each in sentry], context)
        parts.append(taken_from(context.decoder.sentry_spans(bodies), sentry))
    return joined(parts)


def _kind_of(item: Item) -> str:
    if item.item_type == "transaction":
        return "transaction"
    return "span_container" if item.header.get("content_type") == _CONTAINER else "span"


LINE = Line("spans", frozenset({"transaction", "span", "otlp_traces"}), take_in_spans)
