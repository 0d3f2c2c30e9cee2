"""Attachments of events, as they are written."""

from typing import Final

from vedette.storage.telemetry.pack import WrittenTable

ATTACHMENTS: Final = WrittenTable(
    "attachments",
    {
        "project_id": "UInt32",
        "event_id": "FixedString(16)",
        "attachment_id": "FixedString(16)",
        # Milliseconds since 1970.
        "time": "DateTime64(3, 'UTC')",
        "name": "String",
        "content_type": "LowCardinality(String)",
        "attachment_type": "LowCardinality(String)",
        "byte_count": "UInt64",
        "content_sha": "FixedString(20)",
    },
)
