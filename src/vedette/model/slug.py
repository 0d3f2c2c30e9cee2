"""The names under which projects stand in addresses."""

import re
from typing import Final

SLUG_LENGTH_MAX: Final = 50
SLUG_RULE: Final = (
    f"at most {SLUG_LENGTH_MAX} lower-case letters, digits, - and _, beginning with a letter or "
    "digit, and not digits alone"
)
# Not digits alone: ids stand in the same place of an address.
_SLUG: Final = re.compile(r"(?=.*[a-z_-])[a-z0-9][a-z0-9_-]*")


def is_slug(text: str) -> bool:
    """Tell whether a text can be a slug."""
    return len(text) <= SLUG_LENGTH_MAX and _SLUG.fullmatch(text) is not None
