"""Session updates and aggregates, as they are written."""

from typing import Final

from vedette.storage.telemetry.pack import WrittenTable

SESSIONS: Final = WrittenTable(
    "sessions",
    {
        "project_id": "UInt32",
        # Milliseconds since 1970, both.
        "started": "DateTime64(3, 'UTC')",
        "received_at": "DateTime64(3, 'UTC')",
        "session_id": "String",
        "sequence": "UInt64",
        "is_init": "Bool",
        "distinct_id": "String",
        "status": "LowCardinality(String)",
        "error_count": "UInt32",
        "duration_s": "Float64",
        "release": "LowCardinality(String)",
        "environment": "LowCardinality(String)",
        "abnormal_mechanism": "LowCardinality(String)",
        "exited_count": "UInt32",
        "errored_count": "UInt32",
        "crashed_count": "UInt32",
        "abnormal_count": "UInt32",
        "unhandled_count": "UInt32",
    },
)
