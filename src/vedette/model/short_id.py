"""Short ids of issues, such as SHOP-1A: the project's slug, and its issues counted in 32 digits."""

import re
from typing import Final

_DIGITS: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's: without the letters that are taken for digits."""

_VALUES: Final = {digit: value for value, digit in enumerate(_DIGITS)} | {"O": 0, "I": 1, "L": 1}
_SHORT_ID: Final = re.compile(r"(?P<slug>.+)-(?P<number>[0-9A-Za-z]{1,12})")


def write_short_id(slug: str, number: int) -> str:
    """Return the short id of a project's issue."""
    digits = ""
    rest = number
    while rest:
        rest, value = divmod(rest, len(_DIGITS))
        digits = _DIGITS[value] + digits
    return f"{slug.upper()}-{digits or '0'}"


def read_short_id(text: str) -> tuple[str, int] | None:
    """Return the slug (in lower case) and the number; None if the text is no short id."""
    found = _SHORT_ID.fullmatch(text.strip())
    if found is None:
        return None
    number = 0
    for digit in found["number"].upper():
        value = _VALUES.get(digit)
        if value is None:
            return None
        number = number * len(_DIGITS) + value
    return found["slug"].lower(), number
