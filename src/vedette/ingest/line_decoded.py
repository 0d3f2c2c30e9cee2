"""What the lines share that are decoded in bulk: items to the decoder, its answer to `Taken`."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from vedette.ingest.line import LineContext, outcome_of
from vedette.model.block import Block
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.outcome import Fate
from vedette.model.taken import Taken, joined
from vedette.native import Decoded, Scrubber
from vedette.pipeline.scrubbing.row_scrubber import row_scrubber
from vedette.protocols.json_text import write_json

OtlpBody: TypeAlias = tuple[int, int, str, bytes]
SentryBody: TypeAlias = tuple[int, int, str, bytes, bytes]
RowRules: TypeAlias = tuple[int, Scrubber | None, bool]


def take_in_both(
    items: Sequence[Item],
    context: LineContext,
    *,
    otlp_kind: str,
    decode_otlp: Callable[[Sequence[OtlpBody], Sequence[RowRules]], Decoded],
    decode_sentry: Callable[[Sequence[SentryBody], Sequence[RowRules]], Decoded],
    kind_of: Callable[[Item], str] = lambda item: item.item_type,
) -> Taken:
    """The road of a signal that both protocols bring; `kind_of` says how a Sentry item is read."""
    otlp = [each for each in items if each.item_type == otlp_kind]
    sentry = [each for each in items if each.item_type != otlp_kind]
    rules = _row_rules(items, context)
    parts: list[Taken] = []
    if otlp:
        parts.append(_taken_from(decode_otlp(_otlp_bodies(otlp), rules), otlp))
    if sentry:
        bodies = _sentry_bodies(sentry, [kind_of(each) for each in sentry], context)
        parts.append(_taken_from(decode_sentry(bodies, rules), sentry))
    return joined(parts)


def _row_rules(items: Sequence[Item], context: LineContext) -> list[RowRules]:
    """Return what is done with the rows of each project of the batch."""
    rules: list[RowRules] = []
    for project_id in sorted({each.meta.project_id for each in items}):
        wanted = context.rules_of(project_id)
        rules.append((project_id, row_scrubber(wanted.scrubbing), wanted.filters.health_checks))
    return rules


def _otlp_bodies(items: Sequence[Item]) -> list[OtlpBody]:
    """Return OTLP items as the decoder wants them."""
    return [
        (each.meta.project_id, each.meta.received_ns, each.meta.encoding, each.payload)
        for each in items
    ]


def _sentry_bodies(
    items: Sequence[Item], kinds: Sequence[str], context: LineContext
) -> list[SentryBody]:
    """Return Sentry items as the decoder wants them; `kinds` tells how to read each payload."""
    return [
        (
            item.meta.project_id,
            item.meta.received_ns,
            kind,
            _context_of(item, context),
            item.payload,
        )
        for item, kind in zip(items, kinds, strict=True)
    ]


def _taken_from(decoded: Decoded, items: Sequence[Item]) -> Taken:
    """Return rows and account of what the decoder was given."""
    return Taken(
        tuple(Block(table, body, row_count) for table, body, row_count in decoded.blocks),
        tuple(
            outcome_of(
                items[index], Fate(fate), reason, category=Category(category), quantity=quantity
            )
            for index, category, fate, reason, quantity in decoded.counts
        ),
    )


def _context_of(item: Item, context: LineContext) -> bytes:
    project = context.project_by_id.get(item.meta.project_id)
    fields = {
        "dsc": item.envelope.get("trace"),
        "sdk": item.envelope.get("sdk"),
        "sent_at": item.envelope.get("sent_at"),
        "client_address": item.meta.client_address,
        "user_agent": item.meta.user_agent,
        "service": project.slug if project else "",
        "event_id": item.envelope.get("event_id") or item.meta.parameters.get("event_id"),
    }
    return write_json(fields)
