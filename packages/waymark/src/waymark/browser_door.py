"""Take in the spans that `waymark.js` sends, so that they travel with the server's own.

Anybody can post here. What does not look like a span of a page is refused and counted; the service
name is given by the server, never by the sender.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from importlib.resources import files
from typing import TYPE_CHECKING, Final

from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import Event, ReadableSpan
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode, TraceFlags

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from opentelemetry.util.types import AttributeValue

BODY_BYTES_MAX: Final = 65_536
"""What browsers allow a beacon; `waymark.js` stays below it."""

SPAN_COUNT_MAX: Final = 200
ATTRIBUTE_COUNT_MAX: Final = 64
EVENT_COUNT_MAX: Final = 32
TEXT_LENGTH_MAX: Final = 2_000
AGE_NS_MAX: Final = 24 * 3_600 * 1_000_000_000
"""A page that was open overnight; older times come from a wrong clock or a joker."""
AHEAD_NS_MAX: Final = 300 * 1_000_000_000

_HEX: Final = re.compile(r"[0-9a-fA-F]+", re.ASCII)
_DIGITS: Final = re.compile(r"[0-9]{1,19}", re.ASCII)
_KINDS: Final = {1: SpanKind.INTERNAL, 3: SpanKind.CLIENT}
_STATUSES: Final = {1: StatusCode.OK, 2: StatusCode.ERROR}


@dataclass(frozen=True, slots=True)
class BrowserSpans:
    """What could be read, and why the rest could not."""

    spans: tuple[ReadableSpan, ...]
    faults: tuple[str, ...]


def read_browser_module() -> str:
    """The text of `waymark.js`, to be served as `text/javascript`."""
    return (files("waymark") / "browser" / "waymark.js").read_text("utf-8")


def read_browser_spans(body: bytes, *, service_name: str, now_ns: int) -> BrowserSpans:
    """Read an OTLP/JSON body from a browser. Never raises, whatever the bytes."""
    if len(body) > BODY_BYTES_MAX:
        return BrowserSpans((), ("body longer than 64 KiB",))
    try:
        message: object = json.loads(body)
    except (ValueError, RecursionError):
        return BrowserSpans((), ("body is not JSON",))
    resource = Resource({"service.name": service_name})
    spans: list[ReadableSpan] = []
    faults: list[str] = []
    for given in _span_objects(message):
        if len(spans) + len(faults) >= SPAN_COUNT_MAX:
            faults.append(f"more than {SPAN_COUNT_MAX} spans")
            break
        try:
            spans.append(_read_span(given, resource, now_ns))
        except _SpanFaultError as fault:
            faults.append(str(fault))
    return BrowserSpans(tuple(spans), tuple(faults))


class _SpanFaultError(Exception):
    """Ends the reading of one span; never leaves this module."""


def _span_objects(message: object) -> Iterator[Mapping[str, object]]:
    for resource_spans in _objects(_member(message, "resourceSpans")):
        for scope_spans in _objects(resource_spans.get("scopeSpans")):
            yield from _objects(scope_spans.get("spans"))


def _read_span(given: Mapping[str, object], resource: Resource, now_ns: int) -> ReadableSpan:
    trace_id = _identity(given.get("traceId"), digit_count=32)
    start_ns = _time(given.get("startTimeUnixNano"), now_ns)
    end_ns = _time(given.get("endTimeUnixNano"), now_ns)
    if end_ns < start_ns:
        raise _SpanFaultError("span ends before it starts")
    parent = None
    if given.get("parentSpanId"):
        parent = _context(trace_id, _identity(given["parentSpanId"], digit_count=16))
    status = given.get("status")
    code = _number(_member(status, "code"))
    message = _text(_member(status, "message")) if code == StatusCode.ERROR.value else None
    return ReadableSpan(
        name=_text(given.get("name")) or "unnamed",
        context=_context(trace_id, _identity(given.get("spanId"), digit_count=16)),
        parent=parent,
        resource=resource,
        attributes=_attributes(given.get("attributes")),
        events=[_read_event(one, start_ns) for one in _objects(given.get("events"))][
            :EVENT_COUNT_MAX
        ],
        kind=_KINDS.get(_number(given.get("kind")), SpanKind.INTERNAL),
        status=Status(_STATUSES.get(code, StatusCode.UNSET), message),
        start_time=start_ns,
        end_time=end_ns,
    )


def _read_event(given: Mapping[str, object], start_ns: int) -> Event:
    at = given.get("timeUnixNano")
    is_time = isinstance(at, str) and _DIGITS.fullmatch(at) is not None
    return Event(
        name=_text(given.get("name")) or "unnamed",
        attributes=_attributes(given.get("attributes")),
        timestamp=int(str(at)) if is_time else start_ns,
    )


def _attributes(given: object) -> dict[str, AttributeValue]:
    values: dict[str, AttributeValue] = {}
    for one in list(_objects(given))[:ATTRIBUTE_COUNT_MAX]:
        value = _attribute_value(one.get("value"))
        if value is not None:
            values[_text(one.get("key"))] = value
    return values


def _attribute_value(given: object) -> AttributeValue | None:
    match given:
        case {"stringValue": str(text)}:
            return text[:TEXT_LENGTH_MAX]
        case {"boolValue": bool(flag)}:
            return flag
        case {"intValue": str(digits)} if _DIGITS.fullmatch(digits):
            return int(digits)
        case {"doubleValue": int(number) | float(number)}:
            return float(number) if abs(number) < float("inf") else None
        case _:
            return None


def _context(trace_id: int, span_id: int) -> SpanContext:
    return SpanContext(trace_id, span_id, is_remote=False, trace_flags=TraceFlags(1))


def _identity(given: object, *, digit_count: int) -> int:
    if not isinstance(given, str) or len(given) != digit_count or not _HEX.fullmatch(given):
        raise _SpanFaultError(f"id is not {digit_count} hexadecimal digits")
    if (identity := int(given, 16)) == 0:
        raise _SpanFaultError("id is all zero")
    return identity


def _time(given: object, now_ns: int) -> int:
    if not isinstance(given, str) or not _DIGITS.fullmatch(given):
        raise _SpanFaultError("time is not nanoseconds as a text of digits")
    if not now_ns - AGE_NS_MAX <= int(given) <= now_ns + AHEAD_NS_MAX:
        raise _SpanFaultError("time is more than a day ago or in the future")
    return int(given)


def _objects(given: object) -> Iterator[Mapping[str, object]]:
    if isinstance(given, list):
        yield from (one for one in given if isinstance(one, dict))


def _member(given: object, name: str) -> object:
    return given.get(name) if isinstance(given, dict) else None


def _number(given: object) -> int:
    return given if isinstance(given, int) else 0


def _text(given: object) -> str:
    return given[:TEXT_LENGTH_MAX] if isinstance(given, str) else ""
