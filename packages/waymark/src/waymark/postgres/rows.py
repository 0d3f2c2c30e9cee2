"""Turn finished spans into lines for PostgreSQL's COPY, whatever their attributes hold.

PostgreSQL refuses some texts that Python allows: NUL, half a surrogate pair. A batch must not fail
for one of them, so they are replaced here, and only where they occur; NaN becomes null. This code
runs for every span in the application's process: nearly all values take the short road, and orjson
takes it in a third of the time of the standard library.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, TypeAlias

import orjson

if TYPE_CHECKING:
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import Event, ReadableSpan
    from opentelemetry.trace import Link

Json: TypeAlias = "str | int | float | bool | list[Json] | dict[str, Json] | None"

COLUMNS: Final = (
    "trace_id, span_id, parent_span_id, is_entry, span_name, span_kind, start_unix_ns, end_unix_ns,"
    " status, status_message, attributes, events, links, service_name, resource"
)
"""The columns of a line, in their order."""

UNIX_NS_MAX: Final = 2**63 - 1
"""The year 2262, the end of PostgreSQL's bigint; a span of later days is not one."""

NESTING_MAX: Final = 16
"""Deeper values are written as text: nobody reads them, and recursion must end."""

INTEGER_BOUND: Final = 2**63
"""Larger integers are written as text: readers of JSON would round them."""

_NULL: Final = r"\N"
_ESCAPES: Final = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


def copy_line(span: ReadableSpan, resource_columns: str) -> str:
    """One line in the order of `COLUMNS`."""
    context, parent, status = span.context, span.parent, span.status
    assert context is not None, "a finished span has ids"
    start_ns = min(max(span.start_time or 0, 0), UNIX_NS_MAX)
    end_ns = min(max(span.end_time or 0, start_ns), UNIX_NS_MAX)
    parent_id = _NULL if parent is None else f"{parent.span_id:016x}"
    is_entry = "t" if parent is None or parent.is_remote else "f"
    message = _NULL if status.description is None else text_field(status.description)
    attributes = json_field(_as_dict(given)) if (given := span.attributes) else "{}"
    events = json_field([_event(one) for one in had]) if (had := span.events) else "[]"
    links = json_field([_link(one) for one in linked]) if (linked := span.links) else "[]"
    return (
        f"{context.trace_id:032x}\t{context.span_id:016x}\t{parent_id}\t{is_entry}"
        f"\t{text_field(span.name)}\t{span.kind.name}\t{start_ns}\t{end_ns}"
        f"\t{status.status_code.name}\t{message}\t{attributes}\t{events}\t{links}"
        f"\t{resource_columns}\n"
    )


def resource_columns(resource: Resource) -> str:
    """The last columns: the same for all spans of a program, so they are made once."""
    service_name = str(resource.attributes.get("service.name", "unknown_service"))
    return f"{text_field(service_name)}\t{json_field(dict(resource.attributes))}"


def text_field(text: str) -> str:
    """The text as COPY wants it, without NUL and half surrogate pairs."""
    if text.isprintable() and "\\" not in text:
        return text
    return _storable_text(text).translate(_ESCAPES)


def json_field(value: object) -> str:
    """JSON as COPY and PostgreSQL want it, for any value."""
    try:
        text = orjson.dumps(value).decode()
        if text.isprintable() and "\\" not in text:
            return text
    except orjson.JSONEncodeError:
        pass  # the long road makes something of every value
    return orjson.dumps(_storable(value, nesting_left=NESTING_MAX)).decode().translate(_ESCAPES)


def _as_dict(values: Mapping[str, object]) -> dict[str, object]:
    # Spans show attributes through a proxy, whose own `copy` is seven times faster than dict().
    return values.copy() if isinstance(values, MappingProxyType) else dict(values)


def _storable_text(text: str) -> str:
    return text.replace("\0", "\N{REPLACEMENT CHARACTER}").encode("utf-8", "replace").decode()


def _storable(value: object, *, nesting_left: int) -> Json:
    if value is None or isinstance(value, bool | float):
        return value
    if isinstance(value, int):
        return value if abs(value) < INTEGER_BOUND else str(value)
    if isinstance(value, str) or nesting_left == 0:
        return _storable_text(str(value))
    if isinstance(value, Mapping):
        return {
            _storable_text(str(key)): _storable(one, nesting_left=nesting_left - 1)
            for key, one in value.items()
        }
    if isinstance(value, Sequence) and not isinstance(value, bytes):
        return [_storable(one, nesting_left=nesting_left - 1) for one in value]
    return _storable_text(str(value))


def _event(event: Event) -> dict[str, object]:
    return {
        "name": event.name,
        "time_unix_ns": event.timestamp,
        "attributes": dict(event.attributes or {}),
    }


def _link(link: Link) -> dict[str, object]:
    return {
        "trace_id": f"{link.context.trace_id:032x}",
        "span_id": f"{link.context.span_id:016x}",
        "attributes": dict(link.attributes or {}),
    }
