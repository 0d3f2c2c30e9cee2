"""Metric points, as they are asked."""

from typing import Final

from vedette.model.promoted import METRIC_COLUMNS
from vedette.model.question import Dataset
from vedette.storage.telemetry.tables.column import (
    EVERYWHERE,
    AttributeMaps,
    DatasetTable,
    boolean,
    number,
    promoted_columns,
    text,
    time,
)

METRICS: Final = DatasetTable(
    dataset=Dataset.METRICS,
    name="metrics",
    time="time",
    bucket="toStartOfHour({time})",
    main_text="name",
    fields={
        **EVERYWHERE,
        "timestamp": time("time"),
        "timestamp_precise": time("time"),
        "start_timestamp": time("start_time"),
        "metric.name": text("name"),
        "metric.type": text("type"),
        "metric.unit": text("unit"),
        "metric.description": text("description"),
        "metric.temporality": text("toString(temporality)"),
        "metric.is_monotonic": boolean("is_monotonic"),
        "series": number("series_id"),
        "value": number("value"),
        "count": number("count"),
        "sum": number("sum"),
        "min": number("min"),
        "max": number("max"),
        "metric.is_stale": boolean("is_stale"),
        # Lists, as JSON: shown, and never compared.
        "histogram": text(
            "toJSONString(tuple(bounds, bucket_counts, toInt32(scale), zero_count,"
            " positive_offset, positive_counts, negative_offset, negative_counts))"
        ),
        "exemplars": text(
            "toJSONString(tuple(arrayMap(t -> toUnixTimestamp64Nano(t), exemplar_times),"
            " exemplar_values, arrayMap(i -> lower(hex(i)), exemplar_trace_ids),"
            " arrayMap(i -> lower(hex(i)), exemplar_span_ids)))"
        ),
        "protocol": text("protocol"),
        "scope.name": text("scope_name"),
    },
    attributes=AttributeMaps("attr_str", "attr_num", "attr_bool"),
    promoted=promoted_columns(METRIC_COLUMNS),
    has_resources=True,
    identity="series_id, time",
    facets=(
        *("service", "environment", "release", "platform", "user.id", "metric.name"),
        *("metric.type", "metric.unit", "protocol"),
    ),
)
