"""Feedback of people, as it is written."""

from typing import Final

from vedette.storage.telemetry.pack import WrittenTable

FEEDBACK: Final = WrittenTable(
    "feedback",
    {
        "project_id": "UInt32",
        # Milliseconds since 1970.
        "time": "DateTime64(3, 'UTC')",
        "feedback_id": "FixedString(16)",
        "event_id": "FixedString(16)",
        "name": "String",
        "email": "String",
        "message": "String",
        "url": "String",
        "source": "LowCardinality(String)",
        "replay_id": "String",
        "environment": "LowCardinality(String)",
    },
)
