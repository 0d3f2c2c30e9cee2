"""Read parts of an event whatever their type: a wrong type reads as nothing."""

from vedette.model.json_value import JsonObject, JsonValue

_NOTHING: JsonObject = {}


def text_of(value: JsonValue) -> str:
    """Return a text as it is, numbers and booleans as text, anything else as an empty text."""
    if type(value) is str:
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    # Thousands of digits cannot be written as text, and say nothing.
    if isinstance(value, int) and value.bit_length() > 256:  # noqa: PLR2004 - see the line above
        return ""
    return str(value) if isinstance(value, int | float) else ""


def object_of(value: JsonValue) -> JsonObject:
    """Return an object, or an empty one."""
    return value if isinstance(value, dict) else _NOTHING


def list_of(value: JsonValue) -> list[JsonValue]:
    """Return a list, or an empty one."""
    return value if isinstance(value, list) else []


def values_of(value: JsonValue, count_max: int) -> list[JsonObject]:
    """Return the objects in `{"values": [...]}`, at most the last `count_max`."""
    return [
        each for each in list_of(object_of(value).get("values"))[-count_max:] if type(each) is dict
    ]


def number_of(value: JsonValue) -> int | None:
    """Return an address or an id, written as a number or as text with or without `0x`."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= 24:  # noqa: PLR2004 - 64 bits fit in any base
        try:
            return int(value, 16 if value[:2].lower() == "0x" else 10)
        except ValueError:
            return None
    return None
