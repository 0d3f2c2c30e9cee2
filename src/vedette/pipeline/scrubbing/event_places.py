"""What stands where in an event, and how carefully it is scrubbed when nobody says otherwise."""

from enum import Enum
from typing import Final

ELEMENT: Final = "*"
"""Stands for the number of an element in a path, unless some selector names numbers."""


class Care(Enum):
    """How carefully a place is scrubbed by the default rules."""

    NEVER = "never"
    """Ids, times and the like: no rule reaches it."""
    NAMED = "named"
    """What grouping and lists live on: only rules that name the place reach it."""
    TEXT = "text"
    """Told by people to people: e-mail addresses and numbers go, the rest of the text stays."""
    ERROR = "error"
    """The same, but addresses stay."""
    ALL = "all"
    """Everything that looks sensitive goes."""


_NEVER: Final = frozenset(
    {
        *("event_id", "timestamp", "start_timestamp", "received", "level", "platform", "type"),
        *("project", "key_id", "sdk", "modules", "debug_meta", "_meta", "errors", "version"),
        *("dist", "environment", "release", "measurements", "breakdowns", "checksum"),
        *("transaction_info", "time_spent", "ingest_path"),
    }
)
_NAMED: Final = frozenset(
    {"fingerprint", "logger", "server_name", "culprit", "transaction", "template", "site"}
)
_TRACE_TEXTS: Final = frozenset({"data", "tags", "description"})
_FRAMES: Final = frozenset({"stacktrace", "raw_stacktrace"})
_PARTS: Final = frozenset({"exception", "threads", "breadcrumbs", "extra", "tags", "csp"})
_PAIRS: Final = frozenset(
    {
        ("tags",),
        ("request", "headers"),
        ("request", "cookies"),
        ("request", "query_string"),
        ("request", "env"),
        ("contexts", "response", "headers"),
        ("contexts", "response", "cookies"),
    }
)


def care_of(path: tuple[str, ...]) -> Care:  # noqa: PLR0911 - a table
    """Return how carefully the value at a path is scrubbed."""
    if not path:
        return Care.ALL
    head = path[0]
    if head in _NEVER:
        return Care.NEVER
    if head in _NAMED:
        return Care.NAMED
    match head:
        case "logentry":
            return Care.TEXT if path[-1] in ("message", "formatted") else Care.ALL
        case "exception" | "threads":
            return _care_of_value(path[3:]) if len(path) > 3 else Care.ALL  # noqa: PLR2004 - "exception", "values", number
        case "contexts" if path[1:2] == ("trace",) and len(path) > 2:  # noqa: PLR2004 - below the context
            return Care.ALL if path[2] in _TRACE_TEXTS else Care.NEVER
        case "breadcrumbs" if path[3:] in (("timestamp",), ("level",), ("type",), ("category",)):
            return Care.NAMED
        case "request" if path[-1].lower() == "user-agent":
            return Care.NAMED
        case _:
            return Care.ALL


def _care_of_value(path: tuple[str, ...]) -> Care:
    """Return the same for what lies inside an exception or a thread."""
    match path:
        case ("value",):
            return Care.ERROR
        case ("mechanism", *_):
            return Care.ALL if "data" in path or path[-1] == "mechanism" else Care.NAMED
        case (stack, *rest) if stack in _FRAMES:
            is_on_the_way = not rest or rest == ["frames"] or len(rest) == 2  # noqa: PLR2004 - a frame
            return Care.ALL if is_on_the_way or rest[2:3] == ["vars"] else Care.NAMED
        case _:
            return Care.NAMED


def is_structure(path: tuple[str, ...]) -> bool:
    """Tell whether the name here is the event's own, and says nothing of what is in it."""
    return (len(path) == 1 and path[0] in _PARTS) or path[1:] == ("values",) or bool(type_of(path))


def holds_pairs(path: tuple[str, ...]) -> bool:
    """Tell whether a list here may be one of pairs, each a name and a value."""
    return path in _PAIRS


def type_of(path: tuple[str, ...]) -> frozenset[str]:  # noqa: PLR0911 - a table
    """Return what the value at a path is in an event."""
    match path:
        case ():
            return frozenset({"event"})
        case ("user" | "request" | "logentry" | "sdk" | "contexts" as name,):
            return frozenset({name})
        case ("contexts", _):
            return frozenset({"context"})
        case ("exception" | "threads", "values", _):
            return frozenset({"exception" if path[0] == "exception" else "thread"})
        case ("breadcrumbs", "values", _):
            return frozenset({"breadcrumb"})
        case ("exception" | "threads", "values", _, stack) if stack in _FRAMES:
            return frozenset({"stacktrace"})
        case ("exception" | "threads", "values", _, stack, "frames", _) if stack in _FRAMES:
            return frozenset({"frame"})
        case _:
            return frozenset()
