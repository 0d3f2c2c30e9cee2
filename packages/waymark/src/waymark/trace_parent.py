"""Read and write the `traceparent` header by every rule of the W3C recommendation.

Reading never raises: what cannot be read is a `HeaderFault` that names the broken rule.
https://www.w3.org/TR/trace-context-1/#traceparent-header
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

from opentelemetry.trace import SpanContext, TraceFlags, TraceState

if TYPE_CHECKING:
    from collections.abc import Sequence

VERSION_WRITTEN: Final = "00"
VERSION_FORBIDDEN: Final = "ff"
LENGTH_VERSION_00: Final = 55
TRACEPARENT_LENGTH_MAX: Final = 512
"""Later versions may append fields; nobody has seen one, so this is ample and bounds the work."""

FLAGS_KNOWN: Final = TraceFlags.SAMPLED | TraceFlags.RANDOM_TRACE_ID
"""Bits that we do not know must be zero in what we send on (3.2.2.5, "Other flags")."""

OPTIONAL_WHITESPACE: Final = " \t"

_FIELDS: Final = re.compile(
    r"(?P<version>[0-9a-f]{2})-(?P<trace>[0-9a-f]{32})-(?P<span>[0-9a-f]{16})-(?P<flags>[0-9a-f]{2})"
    r"(?P<more>-.*)?",
    re.ASCII,
)


@unique
class HeaderFault(StrEnum):
    """Why a header, or a part of it, was not used."""

    MISSING = "no traceparent header"
    DUPLICATE = "more than one traceparent header"
    TOO_LONG = "header longer than its bound"
    MALFORMED = "not version-traceid-parentid-flags in lower-case hexadecimal"
    VERSION_FORBIDDEN = "version ff is forbidden"
    VERSION_00_LENGTH = "version 00 has exactly 55 characters"
    TRACE_ID_ZERO = "trace id is all zero"
    SPAN_ID_ZERO = "parent id is all zero"
    STATE_TOO_MANY = "more than 32 tracestate members"
    STATE_MALFORMED = "tracestate member is not key=value of allowed characters"
    STATE_DUPLICATE_KEY = "tracestate names a key twice, the later one is left out"


@dataclass(frozen=True, slots=True)
class TraceParent:
    """The caller's place in a trace, as its header told it."""

    version: str
    trace_id: int
    span_id: int
    flags: TraceFlags

    def span_context(self, trace_state: TraceState | None = None) -> SpanContext:
        """The same place as OpenTelemetry knows it."""
        return SpanContext(
            trace_id=self.trace_id,
            span_id=self.span_id,
            is_remote=True,
            trace_flags=self.flags,
            trace_state=trace_state or TraceState(),
        )


def read_traceparent(values: Sequence[str]) -> TraceParent | HeaderFault:
    """Read the values of all `traceparent` headers of one message."""
    if not values:
        return HeaderFault.MISSING
    if len(values) > 1:
        return HeaderFault.DUPLICATE
    if len(values[0]) > TRACEPARENT_LENGTH_MAX:
        return HeaderFault.TOO_LONG
    fields = _FIELDS.fullmatch(values[0].strip(OPTIONAL_WHITESPACE))
    if fields is None:
        return HeaderFault.MALFORMED
    return _broken_rule(fields) or TraceParent(
        version=fields["version"],
        trace_id=int(fields["trace"], 16),
        span_id=int(fields["span"], 16),
        flags=TraceFlags(int(fields["flags"], 16) & FLAGS_KNOWN),
    )


def write_traceparent(context: SpanContext) -> str:
    """The header for a call made under `context`; always version 00, whatever came in."""
    flags = context.trace_flags & FLAGS_KNOWN
    return f"{VERSION_WRITTEN}-{context.trace_id:032x}-{context.span_id:016x}-{flags:02x}"


def _broken_rule(fields: re.Match[str]) -> HeaderFault | None:
    if fields["version"] == VERSION_FORBIDDEN:
        return HeaderFault.VERSION_FORBIDDEN
    if fields["version"] == VERSION_WRITTEN and fields["more"] is not None:
        return HeaderFault.VERSION_00_LENGTH
    if int(fields["trace"], 16) == 0:
        return HeaderFault.TRACE_ID_ZERO
    if int(fields["span"], 16) == 0:
        return HeaderFault.SPAN_ID_ZERO
    return None
