"""Read JSON as SDKs really write it: with NaN, lone surrogates and broken UTF-8 now and then."""

import json
import re
from typing import Final

import orjson

from vedette.model.json_value import JsonObject, JsonValue
from vedette.native import json_depth

DEPTH_MAX: Final = 64
"""Levels of nesting that are kept: honest events stay below 20, a bomb does not."""

VALUE_COUNT_MAX: Final = 500_000
"""Values in one text: each takes some fifty times its two bytes when it is read. Honest events have
thousands; an event of the largest size with nothing but short texts stays below, too."""

_NAMES: Final = (
    (bool, "a boolean"),
    (int | float, "a number"),
    (str, "a text"),
    (list, "a list"),
)
_LONE_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class Unreadable:
    """The bytes are no JSON. `why` is a sentence for the sender."""

    __slots__ = ("why",)

    def __init__(self, why: str) -> None:
        self.why = why


def read_json(data: bytes) -> JsonValue | Unreadable:
    """Read JSON text; what strict readers refuse but can be understood is mended, not refused."""
    if _has_too_many_values(data):
        return Unreadable(f"more than {VALUE_COUNT_MAX} values")
    try:
        value: JsonValue = orjson.loads(data)
    except orjson.JSONDecodeError:
        mended = _read_mended(data)
        if isinstance(mended, Unreadable):
            return mended
        value = mended
    # Looking at the bytes costs a hundredth of walking the tree, and hardly a text is too deep.
    return cut_depth(value, DEPTH_MAX) if json_depth(data) > DEPTH_MAX else value


def read_object(data: bytes) -> JsonObject | Unreadable:
    """Read JSON text that must be an object."""
    value = read_json(data)
    if isinstance(value, Unreadable | dict):
        return value
    return Unreadable(f"expected a JSON object, found {_name_of(value)}")


def write_json(value: JsonValue) -> bytes:
    """Write compact JSON; integers of any size and any text are fine."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:
        # Integers beyond 64 bits: rare, and only the slow writer knows them.
        return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode(
            "utf-8", "replace"
        )


def cut_depth(value: JsonValue, depth_max: int) -> JsonValue:
    """Return `value`, with everything below `depth_max` levels replaced by a mark."""
    if not isinstance(value, dict | list):
        return value
    if depth_max <= 0:
        return "<nested too deeply>"
    children = value.values() if isinstance(value, dict) else value
    if not any(isinstance(child, dict | list) for child in children):
        return value
    if isinstance(value, dict):
        return {key: cut_depth(child, depth_max - 1) for key, child in value.items()}
    return [cut_depth(child, depth_max - 1) for child in value]


def _has_too_many_values(data: bytes) -> bool:
    """Tell whether the text may hold more values than are read, by what stands before each."""
    # A text has no more values than bytes: nearly all texts are not even looked at.
    if len(data) <= VALUE_COUNT_MAX:
        return False
    return sum(map(data.count, (b",", b"[", b"{"))) > VALUE_COUNT_MAX


def _read_mended(data: bytes) -> JsonValue | Unreadable:
    text = data.decode("utf-8", "replace")
    try:
        value: JsonValue = json.loads(text, parse_constant=lambda _name: None, strict=False)
    except json.JSONDecodeError as error:
        return Unreadable(f"no JSON at byte {error.pos}: {error.msg.lower()}")
    except (RecursionError, ValueError):
        # ValueError: an integer of thousands of digits, refused by the interpreter.
        return Unreadable("JSON nested too deeply or with a number too long")
    return _mend_text(value)


def _mend_text(value: JsonValue) -> JsonValue:
    if isinstance(value, str):
        return _LONE_SURROGATE.sub("\ufffd", value)
    if isinstance(value, dict):
        return {
            _LONE_SURROGATE.sub("\ufffd", key): _mend_text(child) for key, child in value.items()
        }
    if isinstance(value, list):
        return [_mend_text(child) for child in value]
    return value


def _name_of(value: JsonValue) -> str:
    for kind, name in _NAMES:
        if isinstance(value, kind):
            return name
    return "null"
