"""Told traces as rows of the store."""

from collections.abc import Iterable

from tests.fakes.telemetry_rows import NOON_NS, block_of, row_of
from vedette.model.block import Block
from vedette.model.promoted import SPAN_COLUMNS
from vedette.pipeline.detectors.seen_span import SeenSpan, Value

_COLUMN_OF = {name: column for column, names in SPAN_COLUMNS.items() for name in names}


def span_block(spans: Iterable[SeenSpan], *, trace_number: int = 1, received_ms: int) -> Block:
    """Return the spans of a trace as a block that came in at this time."""
    rows = [_row(span, trace_number.to_bytes(16, "big"), received_ms) for span in spans]
    return block_of("spans", rows)


def _row(span: SeenSpan, trace_id: bytes, received_ms: int) -> dict[str, object]:
    promoted: dict[str, object] = {}
    texts: dict[str, str] = {}
    numbers: dict[str, float] = {}
    flags: dict[str, bool] = {}
    for name, value in span.attributes.items():
        column = _COLUMN_OF.get(name)
        if column is not None:
            promoted[column] = value if column == "http_status" else str(value)
        else:
            _sort_in(name, value, texts, numbers, flags)
    return row_of(
        "spans",
        project_id=span.project_id,
        trace_id=trace_id,
        span_id=bytes.fromhex(span.span_id),
        parent_span_id=bytes.fromhex(span.parent_id) if span.parent_id else bytes(8),
        start_time=NOON_NS + span.start_ns,
        duration_ns=span.duration_ns,
        received_at=received_ms,
        name=span.name,
        op=span.op,
        description=span.description,
        kind=span.kind or "unspecified",
        status="error" if span.is_failed else "unset",
        is_segment=span.is_segment,
        segment_name=span.segment_name,
        service=span.service,
        platform=span.platform,
        scope_name=span.scope_name,
        attr_str=texts,
        attr_num=numbers,
        attr_bool=flags,
        **promoted,
    )


def _sort_in(
    name: str,
    value: Value,
    texts: dict[str, str],
    numbers: dict[str, float],
    flags: dict[str, bool],
) -> None:
    if isinstance(value, bool):
        flags[name] = value
    elif isinstance(value, str):
        texts[name] = value
    else:
        numbers[name] = float(value)
