"""Spans: Sentry transactions, span items and containers, OTLP traces. One table, one meaning."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext
from vedette.ingest.line_decoded import take_in_both
from vedette.model.item import Item
from vedette.model.taken import Taken

_CONTAINER = "application/vnd.sentry.items.span.v2+json"


def take_in_spans(items: Sequence[Item], context: LineContext) -> Taken:
    """The whole road of spans, from bytes to rows."""
    return take_in_both(
        items,
        context,
        otlp_kind="otlp_traces",
        decode_otlp=context.decoder.otlp_traces,
        decode_sentry=context.decoder.sentry_spans,
        kind_of=_kind_of,
    )


def _kind_of(item: Item) -> str:
    if item.item_type == "transaction":
        return "transaction"
    return "span_container" if item.header.get("content_type") == _CONTAINER else "span"


LINE = Line("spans", frozenset({"transaction", "span", "otlp_traces"}), take_in_spans)
