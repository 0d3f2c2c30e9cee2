"""Decide which trace a scan belongs to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from opentelemetry import trace
from opentelemetry.context import Context
from waymark import extract_trace_context, read_trace_headers

if TYPE_CHECKING:
    from opentelemetry.trace import SpanContext
    from waymark.propagation import Headers


@dataclass(frozen=True, slots=True)
class TraceChoice:
    """Where the scan's span hangs, why, and which trace it must link to."""

    parent: Context
    source: Literal["header", "ticket", "new"]
    ticket: SpanContext
    """The order's span; invalid when the code did not tell."""

    @property
    def is_linked(self) -> bool:
        """True when the scan has a trace of its own beside the ticket's."""
        chosen = trace.get_current_span(self.parent).get_span_context()
        return self.ticket.is_valid and chosen.trace_id != self.ticket.trace_id

    @property
    def ticket_trace_id(self) -> str | None:
        """For the scan log."""
        return f"{self.ticket.trace_id:032x}" if self.ticket.is_valid else None


def choose_trace(headers: Headers, ticket_traceparent: str | None) -> TraceChoice:
    """The caller's trace if it brought one, else the ticket's, else a new one."""
    from_ticket = extract_trace_context({"traceparent": ticket_traceparent or ""})
    ticket = trace.get_current_span(from_ticket).get_span_context()
    from_header = read_trace_headers(headers)
    if from_header.parent is not None:
        return TraceChoice(from_header.context(), "header", ticket)
    if ticket.is_valid:
        return TraceChoice(from_ticket, "ticket", ticket)
    return TraceChoice(Context(), "new", ticket)
