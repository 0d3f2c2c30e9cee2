"""What stays of a database query when its values go: two runs of one statement look alike."""

import re
from functools import lru_cache
from typing import Final

LENGTH_MAX: Final = 16_384
"""Of longer texts only the beginning is looked at."""

# Tried at each place in this order. Every repetition has a bound or cannot go back.
_TOKENS: Final = re.compile(
    r"(?P<comment>--[^\n]*+|/\*(?:[^*]|\*(?!/))*+\*/)"
    r"|(?P<value>'(?:[^'\\]|''|\\.)*+'"
    r"|\$\$.*?\$\$"
    r"|%\(\w{1,64}\)s|%s|\$\d{1,6}|@p?\d{1,6}|:\w{1,64}(?<!::)|\?"
    r"|\b0x[0-9a-fA-F]++\b|(?<![\w.])[+-]?\d++(?:\.\d++)?(?:[eE][+-]?\d++)?\b"
    r"|\b(?:true|false|null)\b)"
    r"|(?P<cast>::\s?\w++(?:\[\])?)"
    r"|(?P<name>[\"`][^\"`]{1,128}[\"`]|(?<!\w)\[[A-Za-z_][^\]\[]{0,127}\])"
    r"|(?P<white>\s++)",
    re.IGNORECASE | re.DOTALL,
)
_LIST: Final = re.compile(r"\(\s*\?(?:\s*,\s*\?)*+\s*\)(?:\s*,\s*\(\s*\?(?:\s*,\s*\?)*+\s*\))*+")
_MANY: Final = re.compile(r"\?(?:[\s,]+\?)++")
_QUALIFIED: Final = re.compile(r"\b\w{1,128}\.(?=\w)")
_SAVEPOINT: Final = re.compile(r"(savepoint )\S{1,128}")


@lru_cache(maxsize=4_096)
def query_shape(text: str) -> str:
    """Return the query without values, comments, quotes, casts and table qualifiers."""
    plain = _TOKENS.sub(_replaced, text[:LENGTH_MAX]).strip().rstrip(";").lower()
    plain = _LIST.sub("(?)", plain)
    plain = _MANY.sub("?", plain)
    plain = _QUALIFIED.sub("", plain)
    return _SAVEPOINT.sub(r"\1?", " ".join(plain.split()))


def _replaced(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "value":
            return "?"
        case "name":
            inner = found[0][1:-1]
            # A list literal of one name and an array index look alike; what is no word stays.
            return inner if inner.replace("_", "").replace(" ", "").isalnum() else found[0]
        case "white":
            return " "
        case _:
            return ""
