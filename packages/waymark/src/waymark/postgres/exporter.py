"""Store batches of spans in the table `traces`; a batch that is sent twice is stored once.

Meant to stand behind a `SpanQueue`, which waits, counts and repeats; it also works behind
OpenTelemetry's own processors.
"""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING, Final

import psycopg
from opentelemetry.sdk.trace.export import SpanExporter, SpanExportResult
from typing_extensions import override

from waymark.postgres.rows import COLUMNS, copy_line, resource_columns

if TYPE_CHECKING:
    from collections.abc import Sequence

    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import ReadableSpan

logger = logging.getLogger(__name__)

CONNECT_TIMEOUT_S: Final = 3
STATEMENT_TIMEOUT_MS: Final = 10_000
"""A batch takes some 50 ms; a server that needs longer than this is as good as absent."""

# Rows arrive by COPY, the cheapest way for the sender; the server does the arithmetic and leaves
# out what it already has. `id` is drawn from the sequence by the table's default.
_CREATE_STAGING: Final = """
CREATE TEMPORARY TABLE IF NOT EXISTS waymark_staging (
    trace_id text, span_id text, parent_span_id text, service_name text, span_name text,
    span_kind text, start_unix_ns bigint, end_unix_ns bigint, status text, status_message text,
    attributes jsonb, events jsonb, links jsonb, resource jsonb, is_entry boolean
) ON COMMIT DELETE ROWS"""

_COPY: Final = f"COPY waymark_staging ({COLUMNS}) FROM STDIN"

_MOVE: Final = """
INSERT INTO traces (trace_id, span_id, parent_span_id, service_name, span_name, span_kind,
    start_time, end_time, duration_ms, status, status_message, attributes, events, links, resource,
    is_entry)
SELECT trace_id, span_id, parent_span_id, service_name, span_name, span_kind,
       timestamptz 'epoch' + start_unix_ns / 1000 * interval '1 microsecond',
       timestamptz 'epoch' + end_unix_ns / 1000 * interval '1 microsecond',
       (end_unix_ns - start_unix_ns) / 1e6, status, status_message, attributes, events, links,
       resource, is_entry
  FROM waymark_staging
ON CONFLICT DO NOTHING"""


class PostgresSpanExporter(SpanExporter):
    """Keeps one connection, opened when the first batch comes and again after a fault.

    A `SpanStore` for `SpanQueue`, and an exporter for OpenTelemetry's processors.
    """

    def __init__(self, url: str) -> None:
        self._url = url
        self._lock = threading.Lock()
        self._connection: psycopg.Connection | None = None
        self._resource: tuple[Resource, str] | None = None

    def pack(self, spans: Sequence[ReadableSpan]) -> bytes:
        """The lines that COPY will take."""
        lines = [copy_line(span, self._resource_columns(span.resource)) for span in spans]
        return "".join(lines).encode()

    def store(self, chunks: Sequence[bytes]) -> bool:
        """Store all spans or, on any fault of the database, none."""
        with self._lock:
            try:
                self._copy(b"".join(chunks))
            except (psycopg.Error, OSError) as error:
                logger.warning("spans not stored", extra={"error": str(error).strip()})
                self._disconnect()
                return False
        return True

    def close(self) -> None:
        """Close the connection."""
        with self._lock:
            self._disconnect()

    @override
    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        """The same for callers that know OpenTelemetry only."""
        is_stored = self.store([self.pack(spans)])
        return SpanExportResult.SUCCESS if is_stored else SpanExportResult.FAILURE

    @override
    def shutdown(self) -> None:
        """Close the connection."""
        self.close()

    @override
    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        """Nothing is kept here between calls."""
        return True

    def _copy(self, lines: bytes) -> None:
        connection = self._connect()
        with connection.transaction(), connection.cursor() as cursor:
            with cursor.copy(_COPY) as copy:
                copy.write(lines)
            cursor.execute(_MOVE)

    def _resource_columns(self, resource: Resource) -> str:
        # One is remembered: a program has its own, and now and then that of a browser.
        if self._resource is None or self._resource[0] is not resource:
            self._resource = (resource, resource_columns(resource))
        return self._resource[1]

    def _connect(self) -> psycopg.Connection:
        if self._connection is None:
            self._connection = psycopg.connect(
                self._url,
                autocommit=True,
                connect_timeout=CONNECT_TIMEOUT_S,
                application_name="waymark",
                options=f"-c statement_timeout={STATEMENT_TIMEOUT_MS}",
            )
            self._connection.execute(_CREATE_STAGING)
        return self._connection

    def _disconnect(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
