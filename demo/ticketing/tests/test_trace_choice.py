"""Which trace a scan belongs to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from opentelemetry import trace

from ticketing.gate_scanner.trace_choice import choose_trace

if TYPE_CHECKING:
    from ticketing.gate_scanner.trace_choice import TraceChoice

HEADER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
TICKET = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def parent_of(choice: TraceChoice) -> str:
    return f"{trace.get_current_span(choice.parent).get_span_context().trace_id:032x}"


def test_the_header_comes_first_and_the_ticket_is_linked() -> None:
    choice = choose_trace({"traceparent": HEADER}, TICKET)

    assert (choice.source, parent_of(choice)) == ("header", HEADER[3:35])
    assert choice.is_linked
    assert choice.ticket_trace_id == TICKET[3:35]


def test_without_a_header_the_ticket_s_trace_goes_on() -> None:
    choice = choose_trace({}, TICKET)

    assert (choice.source, parent_of(choice)) == ("ticket", TICKET[3:35])
    assert not choice.is_linked


def test_a_header_of_the_ticket_s_own_trace_needs_no_link() -> None:
    assert not choose_trace({"traceparent": TICKET}, TICKET).is_linked


def test_with_neither_a_trace_begins() -> None:
    choice = choose_trace({"traceparent": "nonsense"}, None)

    assert choice.source == "new"
    assert choice.ticket_trace_id is None
    assert not choice.is_linked
