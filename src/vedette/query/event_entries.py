"""The parts of an event that have a view of their own, such as exceptions and breadcrumbs."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final
from urllib.parse import parse_qsl

from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.payload import as_list, as_object, as_text, pairs_of, values_of


def entries_of(payload: JsonObject) -> list[JsonObject]:
    """Return the entries that the event has, the most telling first."""
    return [
        {"type": entry_type, "data": data}
        for entry_type, key, read in _ENTRIES
        if payload.get(key) and (data := read(payload[key], payload)) is not None
    ]


def _exception(value: JsonValue, payload: JsonObject) -> JsonObject | None:
    # A bare exception object is allowed too.
    listed = values_of(value) or ([value] if as_object(value).get("type") else ())
    exceptions = [_one_exception(as_object(one), payload) for one in listed if as_object(one)]
    if not exceptions:
        return None
    return {
        "values": exceptions,
        "hasSystemFrames": any(_has_system_frames(one["stacktrace"]) for one in exceptions),
        "excOmitted": None,
    }


def _one_exception(exception: JsonObject, payload: JsonObject) -> JsonObject:
    return {
        "type": as_text(exception.get("type")),
        "value": as_text(exception.get("value")),
        "module": as_text(exception.get("module")),
        "threadId": exception.get("thread_id"),
        "mechanism": as_object(exception.get("mechanism")) or None,
        "stacktrace": _stacktrace(exception.get("stacktrace"), payload),
        "rawStacktrace": _stacktrace(exception.get("raw_stacktrace"), payload),
    }


def _threads(value: JsonValue, payload: JsonObject) -> JsonObject | None:
    threads = [as_object(one) for one in values_of(value) if as_object(one)]
    if not threads:
        return None
    return {
        "values": [
            {
                "id": thread.get("id"),
                "name": as_text(thread.get("name")),
                "crashed": bool(thread.get("crashed")),
                "current": bool(thread.get("current")),
                "state": as_text(thread.get("state")),
                "heldLocks": thread.get("held_locks"),
                "stacktrace": _stacktrace(thread.get("stacktrace"), payload),
                "rawStacktrace": _stacktrace(thread.get("raw_stacktrace"), payload),
            }
            for thread in threads
        ]
    }


def _stacktrace(value: JsonValue, payload: JsonObject) -> JsonObject | None:
    stacktrace = as_object(value)
    frames = [as_object(frame) for frame in as_list(stacktrace.get("frames"))]
    frames = [frame for frame in frames if frame]
    if not frames:
        return None
    return {
        "frames": [_frame(frame, payload) for frame in frames],
        "framesOmitted": stacktrace.get("frames_omitted"),
        "registers": as_object(stacktrace.get("registers")) or None,
        "hasSystemFrames": any(frame.get("in_app") is True for frame in frames)
        and any(frame.get("in_app") is not True for frame in frames),
    }


def _frame(frame: JsonObject, payload: JsonObject) -> JsonObject:
    return {
        "filename": as_text(frame.get("filename")),
        "absPath": as_text(frame.get("abs_path")),
        "module": as_text(frame.get("module")),
        "package": as_text(frame.get("package")),
        "platform": as_text(frame.get("platform")) or as_text(payload.get("platform")),
        "function": as_text(frame.get("function")),
        "rawFunction": as_text(frame.get("raw_function")),
        "lineNo": _line(frame.get("lineno")),
        "colNo": _line(frame.get("colno")),
        "context": list(_context(frame)),
        "inApp": frame.get("in_app") is True,
        "vars": as_object(frame.get("vars")) or None,
        "instructionAddr": as_text(frame.get("instruction_addr")),
        "symbolAddr": as_text(frame.get("symbol_addr")),
        "symbol": as_text(frame.get("symbol")),
        "addrMode": as_text(frame.get("addr_mode")),
        "trust": as_text(frame.get("trust")),
        "lock": as_object(frame.get("lock")) or None,
        "sourceLink": as_text(frame.get("source_link")),
        "errors": None,
    }


def _context(frame: JsonObject) -> Iterator[list[JsonValue]]:
    """Yield the lines of source around the frame, each with its number."""
    line = _line(frame.get("lineno"))
    if line is None or frame.get("context_line") is None:
        return
    before = as_list(frame.get("pre_context"))
    texts = [*before, frame.get("context_line"), *as_list(frame.get("post_context"))]
    for number, text in enumerate(texts, start=line - len(before)):
        yield [number, as_text(text) or ""]


def _line(value: JsonValue) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _has_system_frames(stacktrace: JsonValue) -> bool:
    return bool(as_object(stacktrace).get("hasSystemFrames"))


def _message(value: JsonValue, _payload: JsonObject) -> JsonObject | None:
    if isinstance(value, str):
        return {"message": value, "formatted": value, "params": None}
    message = as_object(value)
    text = as_text(message.get("message"))
    formatted = as_text(message.get("formatted")) or text
    if formatted is None:
        return None
    return {"message": text, "formatted": formatted, "params": message.get("params")}


def _breadcrumbs(value: JsonValue, _payload: JsonObject) -> JsonObject | None:
    crumbs = [as_object(one) for one in values_of(value) if as_object(one)]
    if not crumbs:
        return None
    return {
        "values": [
            {
                "type": as_text(crumb.get("type")) or "default",
                "timestamp": crumb.get("timestamp"),
                "level": as_text(crumb.get("level")) or "info",
                "category": as_text(crumb.get("category")),
                "message": as_text(crumb.get("message")),
                "data": as_object(crumb.get("data")) or None,
                "event_id": as_text(crumb.get("event_id")),
            }
            for crumb in crumbs
        ]
    }


def _request(value: JsonValue, _payload: JsonObject) -> JsonObject | None:
    request = as_object(value)
    if not request:
        return None
    query = request.get("query_string")
    return {
        "method": as_text(request.get("method")),
        "url": as_text(request.get("url")),
        "query": _query_pairs(query) if isinstance(query, str) else pairs_of(query),
        "fragment": as_text(request.get("fragment")),
        "data": request.get("data"),
        "headers": pairs_of(request.get("headers")),
        "cookies": pairs_of(request.get("cookies")),
        "env": as_object(request.get("env")) or None,
        "inferredContentType": as_text(request.get("inferred_content_type")),
        "apiTarget": as_text(request.get("api_target")),
    }


def _query_pairs(text: str) -> list[list[JsonValue]]:
    try:
        pairs = parse_qsl(text.removeprefix("?"), keep_blank_values=True, max_num_fields=1_000)
    except ValueError:
        return [[text, ""]]
    return [[name, value] for name, value in pairs]


_Reader = Callable[[JsonValue, JsonObject], JsonObject | None]
_ENTRIES: Final[tuple[tuple[str, str, _Reader], ...]] = (
    ("message", "logentry", _message),
    ("exception", "exception", _exception),
    ("stacktrace", "stacktrace", _stacktrace),
    ("threads", "threads", _threads),
    ("breadcrumbs", "breadcrumbs", _breadcrumbs),
    ("request", "request", _request),
)
"""Sentry's name of the entry, the payload's key, and how it is read."""

_SHOWN_AS: Final = {"extra": "context", "modules": "packages", "logentry": "message"}
"""Parts of the payload that events show under another name."""


def meta_shape(meta: JsonObject, entries: Sequence[JsonObject]) -> JsonObject:
    """Return what was taken out of an event, by the names under which its parts are shown.

    What belongs to an entry also stands under `entries`, by the entry's place.
    """
    if not meta:
        return meta
    key_of = {entry_type: key for entry_type, key, _ in _ENTRIES}
    of_entries: dict[str, JsonValue] = {}
    for index, entry in enumerate(entries):
        told = as_object(meta.get(key_of[str(entry["type"])]))
        if told:
            query = {"query": told["query_string"]} if "query_string" in told else {}
            of_entries[str(index)] = {"data": {**told, **query}}
    named = {shown: meta[key] for key, shown in _SHOWN_AS.items() if key in meta}
    return {**meta, **named, **({"entries": of_entries} if of_entries else {})}
