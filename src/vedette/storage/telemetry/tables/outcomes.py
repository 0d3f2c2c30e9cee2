"""Outcomes, as they are asked and as they are written."""

from typing import Final

from vedette.model.question import Dataset
from vedette.storage.telemetry.pack import WrittenTable
from vedette.storage.telemetry.tables.column import DatasetTable, number, text, time

OUTCOMES: Final = WrittenTable(
    "outcomes",
    {
        "project_id": "UInt32",
        "key_id": "UInt32",
        # Seconds since 1970.
        "minute": "DateTime('UTC')",
        "category": "LowCardinality(String)",
        "outcome": "LowCardinality(String)",
        "reason": "LowCardinality(String)",
        "quantity": "UInt64",
    },
)

ASKED_OUTCOMES: Final = DatasetTable(
    dataset=Dataset.OUTCOMES,
    name="outcomes",
    time="minute",
    bucket="{time}",
    main_text="reason",
    fields={
        "project.id": number("project_id"),
        "project": number("project_id"),
        "key": number("key_id"),
        "timestamp": time("minute"),
        "category": text("category"),
        "outcome": text("outcome"),
        "reason": text("reason"),
        "quantity": number("quantity"),
    },
)
