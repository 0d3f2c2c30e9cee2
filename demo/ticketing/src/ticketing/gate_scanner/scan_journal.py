"""Bring scan logs from the gate's outbox to the journal."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ticketing.database import Pool
    from ticketing.outbox import Message


@dataclass(frozen=True)
class ScanJournal:
    """Writes as a role that can do nothing else."""

    pool: Pool

    async def deliver(self, message: Message) -> None:
        """Raises what the database says; a log that comes twice is stored once."""
        async with self.pool.connection() as connection:
            await connection.execute(
                "INSERT INTO scan_logs (scan_id, ticket_id, event_id, scanner_id, scan_method,"
                " outcome, reason, trace_id, ticket_trace_id, duration_ms, scanned_at)"
                " VALUES (%(scan_id)s, %(ticket_id)s, %(event_id)s, %(scanner_id)s,"
                " %(scan_method)s, %(outcome)s, %(reason)s, %(trace_id)s, %(ticket_trace_id)s,"
                " %(duration_ms)s, %(scanned_at)s) ON CONFLICT DO NOTHING",
                {**message.body, "scan_id": message.message_id},
            )
