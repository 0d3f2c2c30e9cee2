"""Ids as they are sent, asked for and kept: hex digits without dashes, all zeros for none."""

import re
from typing import Final

from vedette.model.json_value import JsonValue

EVENT_ID_LENGTH: Final = 32
TRACE_ID_LENGTH: Final = 32
SPAN_ID_LENGTH: Final = 16
_DIGITS: Final = re.compile("[0-9a-f]+")


def read_hex_id(value: JsonValue, *, length: int) -> str | None:
    """Return an id in the form in which it is kept; None if the value is none."""
    if not isinstance(value, str):
        return None
    plain = value.replace("-", "").lower()
    is_id = len(plain) == length and _DIGITS.fullmatch(plain) and not is_no_id(plain)
    return plain if is_id else None


def is_no_id(value: JsonValue) -> bool:
    """Tell whether an id says that there is none: empty or all zeros."""
    return not isinstance(value, str) or not value.strip("0")
