"""Carry trace context over headers: the two readers joined, and the same as a propagator.

OpenTelemetry's own propagator takes the first of two `traceparent` headers, passes unknown flag
bits on, knows no own `tracestate` entry and does not say why it refused a header. This one does.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeAlias

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.propagators import textmap
from opentelemetry.trace import NonRecordingSpan, TraceState
from typing_extensions import override

from waymark.trace_parent import HeaderFault, read_traceparent, write_traceparent
from waymark.trace_state import read_tracestate, write_tracestate

if TYPE_CHECKING:
    from collections.abc import Iterator, MutableMapping

    from waymark.trace_parent import TraceParent
    from waymark.trace_state import OwnEntry

Headers: TypeAlias = Mapping[str, str | Sequence[str]] | Iterable[tuple[str | bytes, str | bytes]]
"""A mapping, or pairs as web servers hand them over; a repeated header is a repeated pair."""

TRACEPARENT: Final = "traceparent"
TRACESTATE: Final = "tracestate"


@dataclass(frozen=True, slots=True)
class TraceHeaders:
    """What the headers of one message said about its trace."""

    parent: TraceParent | None
    state: TraceState
    faults: tuple[HeaderFault, ...]

    def context(self, base: Context | None = None) -> Context:
        """`base` with the caller as current span, or `base` unchanged when there is no caller."""
        around = Context() if base is None else base
        if self.parent is None:
            return around
        caller = NonRecordingSpan(self.parent.span_context(self.state))
        return trace.set_span_in_context(caller, around)


def read_trace_headers(headers: Headers) -> TraceHeaders:
    """Read the trace headers, whatever their bytes; names are compared without regard to case."""
    found: dict[str, list[str]] = {TRACEPARENT: [], TRACESTATE: []}
    for name, value in _pairs(headers):
        if (lowered := name.lower()) in found:
            found[lowered].append(value)
    return _read(found[TRACEPARENT], found[TRACESTATE])


def extract_trace_context(headers: Headers, base: Context | None = None) -> Context:
    """The context to start a server span in."""
    return read_trace_headers(headers).context(base)


def inject(
    headers: MutableMapping[str, str],
    context: Context | None = None,
    own: OwnEntry | None = None,
) -> None:
    """Write the current span (or that of `context`) into outgoing headers; without one, nothing."""
    StrictPropagator(own).inject(headers, context)


class StrictPropagator(textmap.TextMapPropagator):
    """The same for `opentelemetry.propagate`, so that instrumentations use it."""

    def __init__(self, own: OwnEntry | None = None) -> None:
        self._own = own

    @override
    def extract(
        self,
        carrier: textmap.CarrierT,
        context: Context | None = None,
        getter: textmap.Getter[textmap.CarrierT] = textmap.default_getter,
    ) -> Context:
        """`context` with the caller that the carrier names."""
        parents = getter.get(carrier, TRACEPARENT) or []
        states = getter.get(carrier, TRACESTATE) or []
        return _read(parents, states).context(context)

    @override
    def inject(
        self,
        carrier: textmap.CarrierT,
        context: Context | None = None,
        setter: textmap.Setter[textmap.CarrierT] = textmap.default_setter,
    ) -> None:
        """Write the current span; a caller without valid ids writes nothing."""
        current = trace.get_current_span(context).get_span_context()
        if not current.is_valid:
            return
        setter.set(carrier, TRACEPARENT, write_traceparent(current))
        if state := write_tracestate(current.trace_state, self._own):
            setter.set(carrier, TRACESTATE, state)

    @property
    @override
    def fields(self) -> set[str]:
        """The headers that `inject` may set."""
        return {TRACEPARENT, TRACESTATE}


def _read(parents: Sequence[str], states: Sequence[str]) -> TraceHeaders:
    parent = read_traceparent(parents)
    if isinstance(parent, HeaderFault):
        # "If the vendor failed to parse traceparent, it MUST NOT attempt to parse tracestate", 4.3
        return TraceHeaders(parent=None, state=TraceState(), faults=(parent,))
    state, faults = read_tracestate(states)
    return TraceHeaders(parent=parent, state=state, faults=faults)


def _pairs(headers: Headers) -> Iterator[tuple[str, str]]:
    if not isinstance(headers, Mapping):
        for name, value in headers:
            yield _text(name), _text(value)
        return
    for name, values in headers.items():
        for value in [values] if isinstance(values, str) else values:
            yield name, value


def _text(given: str | bytes) -> str:
    return given if isinstance(given, str) else given.decode("latin-1")
