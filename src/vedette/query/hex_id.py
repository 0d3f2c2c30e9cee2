"""Ids as they are asked for and kept: hex digits without dashes, all zeros for none."""

from typing import Final

from vedette.model.json_value import JsonValue

EVENT_ID_LENGTH: Final = 32
TRACE_ID_LENGTH: Final = 32
SPAN_ID_LENGTH: Final = 16


def read_hex_id(text: str, *, length: int) -> str | None:
    """Return an id in the form in which it is kept; None if the text is none."""
    plain = text.replace("-", "").lower()
    is_id = len(plain) == length and set(plain) <= set("0123456789abcdef")
    return plain if is_id and not is_no_id(plain) else None


def is_no_id(value: JsonValue) -> bool:
    """Tell whether an id says that there is none: empty or all zeros."""
    return not isinstance(value, str) or not value.strip("0")
