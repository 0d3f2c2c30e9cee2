"""Spans, as they are asked."""

from typing import Final

from vedette.model.promoted import SPAN_COLUMNS
from vedette.model.question import Dataset
from vedette.storage.telemetry.tables.column import (
    EVERYWHERE,
    AttributeMaps,
    DatasetTable,
    boolean,
    number,
    promoted_columns,
    span_id,
    text,
    time,
)

_DESCRIPTION: Final = "if(description != '', description, name)"

SPANS: Final = DatasetTable(
    dataset=Dataset.SPANS,
    name="spans",
    time="start_time",
    bucket="toStartOfTenMinutes({time})",
    main_text=_DESCRIPTION,
    fields={
        **EVERYWHERE,
        "id": span_id("span_id"),
        "parent_span": span_id("parent_span_id"),
        "segment.id": span_id("segment_id"),
        "timestamp": time("start_time"),
        "timestamp_precise": time("start_time"),
        "span.duration": number("duration_ns"),
        "span.name": text("name"),
        "span.op": text("op"),
        "span.description": text(_DESCRIPTION),
        "span.kind": text("toString(kind)"),
        "kind": text("toString(kind)"),
        "span.status": text("if(status_text != '', status_text, toString(status))"),
        "status_message": text("status_message"),
        "is_failed": boolean("(status = 'error')"),
        "is_transaction": boolean("is_segment"),
        "transaction": text("segment_name"),
        "origin": text("origin"),
        "protocol": text("protocol"),
        "scope.name": text("scope_name"),
        "session.id": text("session_id"),
        "profile.id": text("profile_id"),
        "thread.id": text("thread_id"),
        "sample_rate": number("sample_rate"),
    },
    attributes=AttributeMaps("attr_str", "attr_num", "attr_bool"),
    promoted=promoted_columns(SPAN_COLUMNS, frozenset({"http_status"})),
    identity="span_id",
    sliced_by="trace_id",
    facets=(
        *("service", "environment", "release", "platform", "user.id", "span.name", "span.op"),
        *("span.kind", "span.status", "transaction", "is_transaction", "origin", "protocol"),
    ),
    weight="if(sample_rate > 0, 1 / toFloat64(sample_rate), 1)",
    has_resources=True,
    has_attribute_index=True,
)
