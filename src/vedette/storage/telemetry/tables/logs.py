"""Log lines, as they are asked."""

from typing import Final

from vedette.model.promoted import LOG_COLUMNS
from vedette.model.question import Dataset
from vedette.storage.telemetry.tables.column import (
    EVERYWHERE,
    AttributeMaps,
    DatasetTable,
    number,
    promoted_columns,
    text,
    time,
    trace_id,
)

LOGS: Final = DatasetTable(
    dataset=Dataset.LOGS,
    name="logs",
    time="time",
    bucket="toStartOfTenMinutes({time})",
    main_text="body",
    fields={
        **EVERYWHERE,
        "id": trace_id("log_id"),
        "sentry.item_id": trace_id("log_id"),
        "timestamp": time("time"),
        "timestamp_precise": time("time"),
        "sequence": number("sequence"),
        "resource": number("resource_id"),
        "message": text("body"),
        "message.template": text("template"),
        "severity": text("severity"),
        "severity_number": number("severity_number"),
        "logger": text("logger"),
        "event.name": text("event_name"),
        "origin": text("origin"),
        "protocol": text("protocol"),
        "scope.name": text("scope_name"),
        "session.id": text("session_id"),
    },
    attributes=AttributeMaps("attr_str", "attr_num", "attr_bool"),
    promoted=promoted_columns(LOG_COLUMNS),
    has_resources=True,
    identity="log_id",
    facets=(
        *("service", "environment", "release", "platform", "user.id", "severity", "logger"),
        *("message.template", "event.name", "origin", "protocol"),
    ),
)
