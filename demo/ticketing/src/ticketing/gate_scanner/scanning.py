"""One scan, from the code to the verdict."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import SpanKind
from waymark import scan_spans

from ticketing.gate_scanner.trace_choice import choose_trace
from ticketing.outbox import put_message
from ticketing.ticket_code import CodeFault, SignedTicket, TicketNumber, read_code

if TYPE_CHECKING:
    from psycopg.rows import DictRow
    from waymark import ScanMethod, ScanSpans, Tracer
    from waymark.propagation import Headers

    from ticketing.database import Connection, Pool
    from ticketing.gate_scanner.trace_choice import TraceChoice
    from ticketing.outbox import Courier

SENDER: Final = "gate-scanner"


@unique
class Refusal(StrEnum):
    """Why somebody is not let in, in words for the person at the gate."""

    UNREADABLE = CodeFault.UNREADABLE.value
    FORGED = CodeFault.FORGED.value
    UNKNOWN = "There is no ticket with this number."
    WRONG_EVENT = "This ticket is for another event."
    REVOKED = "This ticket was cancelled."
    USED = "This ticket was used before."


@dataclass(frozen=True, slots=True)
class Attempt:
    """What the gate was shown."""

    code: str
    event_id: str
    scanner_id: str
    method: ScanMethod


@dataclass(frozen=True, slots=True)
class Verdict:
    """Yes or no, for the page, the API and the log."""

    refusal: Refusal | None
    ticket_id: str | None
    trace_id: str
    admitted_at: datetime | None = None
    """When the ticket was used: now, or before when it was refused as used."""

    @property
    def outcome(self) -> str:
        """As the log has it."""
        return "refused" if self.refusal else "admitted"


@dataclass(frozen=True)
class Scanner:
    """Judges codes against what the gate knows."""

    pool: Pool
    tracer: Tracer
    courier: Courier
    ticket_key: str

    async def scan(self, attempt: Attempt, headers: Headers, route: str) -> Verdict:
        """The whole road of a scan, in the trace that it belongs to."""
        code = read_code(attempt.code, self.ticket_key)
        choice = choose_trace(headers, await self._carried_traceparent(code))
        builder = self.tracer.span(f"POST {route}").kind(SpanKind.SERVER).child_of(choice.parent)
        if choice.is_linked:
            builder = builder.link(choice.ticket, {"link.reason": "order of the ticket"})
        attributes = {"http.route": route, "scan.trace_source": choice.source}
        async with builder.attributes(attributes).scope() as span:
            with scan_spans(
                self.tracer,
                ticket_id=_ticket_id(code) or "unknown",
                scanner_id=attempt.scanner_id,
                event_id=attempt.event_id,
                scan_method=attempt.method,
            ) as steps:
                verdict = await self._judge_and_note(steps, code, attempt, choice)
            span.set_attribute("scan.outcome", verdict.outcome)
            if verdict.refusal is not None:
                span.set_attribute("scan.refusal", verdict.refusal.name)
        self.courier.knock()
        return verdict

    async def _carried_traceparent(
        self, code: SignedTicket | TicketNumber | CodeFault
    ) -> str | None:
        """A signed code has it inside; for a typed number the gate must look."""
        if isinstance(code, SignedTicket):
            return code.traceparent
        if isinstance(code, TicketNumber):
            async with self.pool.connection() as connection:
                ticket = await _known_ticket(connection, code.ticket_id)
            return None if ticket is None else str(ticket["traceparent"])
        return None

    async def _judge_and_note(
        self,
        steps: ScanSpans,
        code: SignedTicket | TicketNumber | CodeFault,
        attempt: Attempt,
        choice: TraceChoice,
    ) -> Verdict:
        begun_ns = time.perf_counter_ns()
        async with self.pool.connection() as connection, connection.transaction():
            verdict = await self._judge(connection, steps, code, attempt)
            with steps.log_insert():
                await put_message(
                    connection, sender=SENDER, kind="scan.log",
                    body={
                        "ticket_id": verdict.ticket_id,
                        "event_id": attempt.event_id,
                        "scanner_id": attempt.scanner_id,
                        "scan_method": attempt.method.value,
                        "outcome": verdict.outcome,
                        "reason": verdict.refusal.name if verdict.refusal else None,
                        "trace_id": steps.span.trace_id,
                        "ticket_trace_id": choice.ticket_trace_id,
                        "duration_ms": (time.perf_counter_ns() - begun_ns) / 1_000_000,
                        "scanned_at": datetime.now(UTC).isoformat(),
                    },
                    traceparent=steps.span.traceparent,
                )  # fmt: skip
            if verdict.refusal is None and verdict.admitted_at is not None:
                with steps.event_publish():
                    await put_message(
                        connection, sender=SENDER, kind="ticket.scanned",
                        body={
                            "ticket_id": verdict.ticket_id,
                            "admitted_at": verdict.admitted_at.isoformat(),
                        },
                        traceparent=steps.span.traceparent,
                    )  # fmt: skip
        return verdict

    async def _judge(
        self,
        connection: Connection,
        steps: ScanSpans,
        code: SignedTicket | TicketNumber | CodeFault,
        attempt: Attempt,
    ) -> Verdict:
        trace_id = steps.span.trace_id
        with self.tracer.with_span("scan.validate-qr") as span:
            span.set_attribute("code.kind", type(code).__name__)
            if isinstance(code, CodeFault):
                return Verdict(Refusal[code.name], None, trace_id)
            if isinstance(code, SignedTicket) and code.event_id != attempt.event_id:
                return Verdict(Refusal.WRONG_EVENT, code.ticket_id, trace_id)
        with steps.lookup():
            ticket = await _find_or_learn(connection, code)
        refusal = _refusal(ticket, attempt)
        if refusal is not None:
            return Verdict(refusal, code.ticket_id, trace_id)
        with steps.status_update() as span:
            # One statement that checks and marks: of two scans at once only one is admitted.
            cursor = await connection.execute(
                "UPDATE gate_tickets SET state = 'admitted', admitted_at = now(), scanner_id = %s"
                " WHERE ticket_id = %s AND state = 'issued' RETURNING admitted_at",
                [attempt.scanner_id, code.ticket_id],
            )
            marked = await cursor.fetchone()
            span.set_attribute("ticket.admitted", marked is not None)
        if marked is not None:
            return Verdict(None, code.ticket_id, trace_id, marked["admitted_at"])
        used = await _known_ticket(connection, code.ticket_id)
        used_at = used["admitted_at"] if used else None
        return Verdict(Refusal.USED, code.ticket_id, trace_id, used_at)


def _refusal(ticket: DictRow | None, attempt: Attempt) -> Refusal | None:
    if ticket is None:
        return Refusal.UNKNOWN
    if ticket["event_id"] != attempt.event_id:
        return Refusal.WRONG_EVENT
    return Refusal.REVOKED if ticket["state"] == "revoked" else None


async def _find_or_learn(
    connection: Connection, code: SignedTicket | TicketNumber
) -> DictRow | None:
    if isinstance(code, SignedTicket):
        # The lounge's message may be late. Its signature is as good: nobody waits in the rain.
        await connection.execute(
            "INSERT INTO gate_tickets (ticket_id, event_id, traceparent) VALUES (%s, %s, %s)"
            " ON CONFLICT DO NOTHING",
            [code.ticket_id, code.event_id, code.traceparent],
        )
    return await _known_ticket(connection, code.ticket_id)


async def _known_ticket(connection: Connection, ticket_id: str) -> DictRow | None:
    cursor = await connection.execute(
        "SELECT * FROM gate_tickets WHERE ticket_id = %s", [ticket_id]
    )
    return await cursor.fetchone()


def _ticket_id(code: SignedTicket | TicketNumber | CodeFault) -> str | None:
    return None if isinstance(code, CodeFault) else code.ticket_id
