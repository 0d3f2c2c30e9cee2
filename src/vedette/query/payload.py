"""Read what a sender wrote, whatever it is: each reader gives what fits and nothing else."""

from collections.abc import Mapping, Sequence

from vedette.model.json_value import JsonObject, JsonValue


def as_object(value: JsonValue) -> JsonObject:
    """Return an object; an empty one for anything else."""
    return value if isinstance(value, Mapping) else {}


def as_list(value: JsonValue) -> Sequence[JsonValue]:
    """Return a list; an empty one for anything else."""
    return value if isinstance(value, Sequence) and not isinstance(value, str) else ()


def as_text(value: JsonValue) -> str | None:
    """Return text, also of a number; None for anything else."""
    if isinstance(value, str):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return None


def values_of(value: JsonValue) -> Sequence[JsonValue]:
    """Return the list of an interface that is either `{"values": […]}` or the list itself."""
    return as_list(value["values"] if isinstance(value, Mapping) and "values" in value else value)


def pairs_of(value: JsonValue) -> list[list[JsonValue]]:
    """Return name and value pairs of an object, or of a list of pairs."""
    if isinstance(value, Mapping):
        return [[name, one] for name, one in value.items()]
    pairs = (as_list(pair) for pair in as_list(value))
    return [list(pair[:2]) for pair in pairs if len(pair) >= 2]  # noqa: PLR2004 - a pair has two


def number(value: JsonValue) -> float:
    """Return a number of the store."""
    assert isinstance(value, int | float)
    return value


def whole(value: JsonValue) -> int:
    """Return a number of the store as a whole number."""
    assert isinstance(value, int | float)
    return int(value)
