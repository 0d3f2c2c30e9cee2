"""Read parts of an event, whatever stands where they should be."""

from typing import Final

from vedette.model.json_value import JsonObject, JsonValue

_INVALID_ENVIRONMENTS: Final = ("none",)


def object_at(body: JsonObject, *path: str) -> JsonObject:
    """Return the object at a path; an empty one if there is none."""
    node: JsonValue = body
    for part in path:
        node = node.get(part) if isinstance(node, dict) else None
    return node if isinstance(node, dict) else {}


def text_at(body: JsonObject, *path: str) -> str:
    """Return the text or number at a path as text; empty if there is none."""
    return text_of(object_at(body, *path[:-1]).get(path[-1]))


def text_of(value: JsonValue) -> str:
    """Return a text or number as text; empty for everything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return ""


def exceptions_of(body: JsonObject) -> list[JsonObject]:
    """Return the exceptions, causes first."""
    values = object_at(body, "exception").get("values")
    listed = values if isinstance(values, list) else []
    return [each for each in listed if isinstance(each, dict)]


def frames_of(value: JsonObject) -> list[JsonObject]:
    """Return the frames of an exception or a thread, oldest first."""
    frames = object_at(value, "stacktrace").get("frames")
    listed = frames if isinstance(frames, list) else []
    return [each for each in listed if isinstance(each, dict)]


def header_of(body: JsonObject, name: str) -> str:
    """Return a header of the event's request, by its name in lower case; empty if it has none."""
    return headers_of(body).get(name, "")


def headers_of(body: JsonObject) -> dict[str, str]:
    """Return the headers of the event's request, by their names in lower case; the first of each.

    For those who ask for several: the headers are gone through once.
    """
    headers = object_at(body, "request").get("headers")
    if isinstance(headers, dict):
        pairs = list(headers.items())
    else:
        listed = headers if isinstance(headers, list) else []
        pairs = [(each[0], each[1]) for each in listed if isinstance(each, list) and len(each) == 2]  # noqa: PLR2004 - a pair
    found: dict[str, str] = {}
    for key, value in pairs:
        if isinstance(key, str) and (name := key.lower()) not in found:
            found[name] = text_of(value[0] if isinstance(value, list) and value else value)
    return found


def environment_of(body: JsonObject) -> str:
    """Return the environment that an event names; empty for what can be none."""
    text = text_of(body.get("environment")).strip()
    if text.lower() in _INVALID_ENVIRONMENTS or "/" in text or "\n" in text:
        return ""
    return text[:64]


def release_of(body: JsonObject) -> str:
    """Return the release that an event names; empty for what can be none."""
    text = text_of(body.get("release")).strip()
    if text in (".", "..") or any(each in text for each in "\n\r\t\f\v/\\"):
        return ""
    return text[:200]
