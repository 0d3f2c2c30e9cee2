"""What stays of a URL or path when its ids go: two calls of one endpoint look alike."""

import re
from functools import lru_cache
from typing import Final
from urllib.parse import urlsplit

LENGTH_MAX: Final = 2_048
_ID: Final = re.compile(
    r"\d+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
    r"|(?=[^/]*\d)[0-9a-f]{10,}|(?=(?:[^/]*\d){3})[\w\-]{12,}",
    re.IGNORECASE,
)
_HASH_IN_NAME: Final = re.compile(r"(?<=[.\-_])(?=[^.\-_/]*\d)[0-9A-Za-z]{6,}(?=[.\-_])")


@lru_cache(maxsize=4_096)
def path_shape(address: str) -> str:
    """Return the path of a URL with `*` for ids; the host, the query and the fragment are gone."""
    try:
        path = urlsplit(address[:LENGTH_MAX]).path
    except ValueError:
        path = address[:LENGTH_MAX]
    parts = [_part(part) for part in path.split("/")]
    return "/".join(parts) or "/"


def _part(part: str) -> str:
    return "*" if _ID.fullmatch(part) else _HASH_IN_NAME.sub("*", part)
