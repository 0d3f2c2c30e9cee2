"""Read an event's JSON into one canonical shape, whichever SDK and age it comes from."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.model.json_value import JsonObject, JsonValue
from vedette.protocols.json_text import Unreadable, read_object
from vedette.protocols.sentry_time import read_time_ns

_LEGACY_KEYS: Final = {
    "sentry.interfaces.Message": "logentry",
    "sentry.interfaces.Exception": "exception",
    "sentry.interfaces.Stacktrace": "stacktrace",
    "sentry.interfaces.Http": "request",
    "sentry.interfaces.User": "user",
    "sentry.interfaces.Template": "template",
    "sentry.interfaces.Breadcrumbs": "breadcrumbs",
    "sentry.interfaces.Contexts": "contexts",
    "sentry.interfaces.Csp": "csp",
}
_PLACEHOLDER: Final = re.compile(
    r"%%|%(?:\((\w+)\))?[-+ #0]{0,5}\d{0,9}(?:\.\d{1,9})?[sdrifgxXeEuc]|\{(\w*)\}"
)
"""A place to fill in, as printf or as braces write it."""

_PARAMETER_LENGTH_MAX: Final = 1_000
_LEVELS: Final = ("fatal", "error", "warning", "info", "debug")
_LEVEL_ALIASES: Final = {"log": "info", "warn": "warning", "critical": "fatal", "trace": "debug"}


@dataclass(frozen=True, slots=True)
class DecodedEvent:
    """An error event or message as its SDK meant it, in one shape."""

    event_id: str
    time_ns: int | None
    """None: not given, or not a time."""
    level: str
    platform: str
    body: JsonObject
    """The whole event; lists are lists and objects are objects in the places we know."""


def read_event_id(value: JsonValue) -> str | None:
    """Return an id as 32 lower-case hex digits; None if it is none."""
    return read_hex_id(value, length=EVENT_ID_LENGTH)


def read_event(payload: bytes, *, event_id: str) -> DecodedEvent | Unreadable:
    """Read one event. `event_id` is the envelope's (or the door's) and wins over the payload's."""
    source = read_object(payload)
    if isinstance(source, Unreadable):
        return source
    body = {_LEGACY_KEYS.get(key, key): value for key, value in source.items()}
    _shape_message(body)
    for key in ("exception", "threads", "breadcrumbs"):
        _shape_values(body, key)
    for key in ("user", "request", "contexts", "extra", "sdk", "debug_meta", "modules"):
        if key in body and not isinstance(body[key], dict):
            del body[key]
    _shape_single_stacktrace(body)
    body["tags"] = _read_tags(body.get("tags"))
    level = read_level(body.get("level"))
    platform = body.get("platform")
    body |= {"event_id": event_id, "level": level}
    return DecodedEvent(
        event_id=event_id,
        time_ns=read_time_ns(body.get("timestamp")),
        level=level,
        platform=platform if isinstance(platform, str) and platform else "other",
        body=body,
    )


def read_level(value: JsonValue) -> str:
    """Return one of Sentry's five levels; `error` when it is not given or not known."""
    if isinstance(value, str):
        word = value.lower()
        word = _LEVEL_ALIASES.get(word, word)
        return word if word in _LEVELS else "error"
    if isinstance(value, int | float) and not isinstance(value, bool):
        # The numbers of Python's logging: 10 debug … 50 critical.
        index = len(_LEVELS) - round(value / 10)
        return _LEVELS[min(max(index, 0), len(_LEVELS) - 1)]
    return "error"


def _shape_message(body: dict[str, JsonValue]) -> None:
    message, entry = body.get("message"), body.get("logentry")
    if isinstance(message, dict) and not isinstance(entry, dict):
        # Before `logentry` had a key of its own, `message` held the object.
        entry = message
    elif isinstance(message, str) and not isinstance(entry, dict):
        entry = {"formatted": message}
    body.pop("message", None)
    body.pop("logentry", None)
    if not isinstance(entry, dict):
        return
    shaped = dict(entry)
    template, formatted = shaped.get("message"), shaped.get("formatted")
    if not isinstance(formatted, str):
        formatted = _fill_in(template, shaped.get("params"))
    if formatted:
        body["logentry"] = shaped | {"formatted": formatted}


def _fill_in(template: JsonValue, parameters: JsonValue) -> str:
    """Put the parameters into the template, without widths and precisions.

    Not with Python's own `%`: a template that says `%999999999d` would fill the memory.
    """
    if not isinstance(template, str):
        return ""
    in_order = iter(_as_list(parameters))
    named = _object_of(parameters)

    def fill(match: re.Match[str]) -> str:
        if match[0] == "%%":
            return "%"
        name = match[1] or match[2]
        value = named.get(name, match[0]) if name else next(in_order, match[0])
        return value if isinstance(value, str) else str(value)[:_PARAMETER_LENGTH_MAX]

    return _PLACEHOLDER.sub(fill, template)


def _shape_values(body: dict[str, JsonValue], key: str) -> None:
    value = body.pop(key, None)
    if isinstance(value, dict) and isinstance(value.get("values"), list):
        values = value["values"]
    elif isinstance(value, list):
        values = value
    elif isinstance(value, dict) and value and "values" not in value:
        values = [value]
    else:
        return
    kept = [each for each in _as_list(values) if isinstance(each, dict) and each]
    if kept:
        body[key] = {"values": [_shape_stacktraces(each) for each in kept]}


def _shape_stacktraces(value: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    shaped = dict(value)
    for key in ("stacktrace", "raw_stacktrace"):
        if key in shaped:
            frames = _frames_of(shaped.pop(key))
            if frames:
                shaped[key] = {**_object_of(value[key]), "frames": frames}
    if "mechanism" in shaped and not isinstance(shaped["mechanism"], dict):
        del shaped["mechanism"]
    return shaped


def _shape_single_stacktrace(body: dict[str, JsonValue]) -> None:
    frames = _frames_of(body.pop("stacktrace", None))
    exception = body.get("exception")
    if not frames or not isinstance(exception, dict):
        return
    values = _as_list(exception["values"])
    if len(values) == 1 and isinstance(values[0], dict) and "stacktrace" not in values[0]:
        # Very old SDKs put the one stack trace beside the exception.
        body["exception"] = {"values": [{**values[0], "stacktrace": {"frames": frames}}]}


def _frames_of(value: JsonValue) -> list[JsonValue]:
    return [
        frame
        for frame in _as_list(_object_of(value).get("frames"))
        if isinstance(frame, dict) and frame
    ]


def _read_tags(value: JsonValue) -> list[JsonValue]:
    pairs: list[tuple[JsonValue, JsonValue]] = []
    if isinstance(value, dict):
        pairs = list(value.items())
    for each in _as_list(value):
        if isinstance(each, dict):
            pairs.append((each.get("key"), each.get("value")))
        elif isinstance(each, list) and len(each) == 2:  # noqa: PLR2004 - a pair
            pairs.append((each[0], each[1]))
    return [
        [key, _tag_text(tag)]
        for key, tag in pairs
        if isinstance(key, str) and key and tag is not None
    ]


def _tag_text(value: JsonValue) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else str(value)


def _as_list(value: JsonValue) -> list[JsonValue]:
    return value if isinstance(value, list) else []


def _object_of(value: JsonValue) -> dict[str, JsonValue]:
    return value if isinstance(value, dict) else {}
