"""Under which names a script, its map and its sources may have been uploaded."""

import posixpath
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

_SOURCE_MAP: Final = re.compile(rb"//[#@] ?sourceMappingURL=([^\s'\"]{1,4000})\s*$", re.MULTILINE)
_MAPPING_WORD: Final = b"sourceMappingURL="
_TAIL_BYTES: Final = 64 * 1024
_ANY_HOST: Final = "~/"
_PLAIN_HOST: Final = "https://any.invalid/"


def names_of(url: str) -> Sequence[str]:
    """Return the names under which a URL may have been uploaded, the most exact first."""
    plain = url.partition("#")[0]
    without_query = plain.partition("?")[0]
    names = [plain, without_query]
    for each in (plain, without_query):
        path = path_of(each)
        if path:
            names.append(f"{_ANY_HOST}{path}")
    return tuple(dict.fromkeys(name for name in names if name))


def path_of(url: str) -> str:
    """Return what follows the host, without the first slash: `~/` stands for any host."""
    if url.startswith(_ANY_HOST):
        return url.removeprefix(_ANY_HOST)
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    path = parts.path.lstrip("/")
    return f"{path}?{parts.query}" if path and parts.query else path


def joined(base: str, reference: str) -> str:
    """Return what a reference inside the file at `base` points at."""
    if reference.startswith(_ANY_HOST):
        return reference
    hosted = _PLAIN_HOST + base.removeprefix(_ANY_HOST) if base.startswith(_ANY_HOST) else base
    if hosted.startswith(("http:", "https:")):
        try:
            whole = urljoin(hosted, reference)
        except ValueError:
            return reference
        return _ANY_HOST + whole.removeprefix(_PLAIN_HOST) if base != hosted else whole
    return _joined_path(base, reference)


def _joined_path(base: str, reference: str) -> str:
    """Join where there is no host: paths of files, and schemes such as app:///."""
    if re.match(r"[a-z][a-z0-9+.-]{0,30}:", reference, re.IGNORECASE) or reference[:1] == "/":
        return reference
    scheme, separator, path = base.rpartition("://") if "://" in base else ("", "", base)
    folder = posixpath.dirname(path)
    whole = posixpath.normpath(posixpath.join(folder, reference))
    return f"{scheme}{separator}{whole.lstrip('/') if separator and path[:1] != '/' else whole}"


def map_reference(script: bytes) -> str:
    """Return where a script says its map is; empty if it says nothing.

    A map that is written into the script itself is returned as its `data:` URL.
    """
    place = script.rfind(_MAPPING_WORD)
    if place < 0:
        return ""
    rest = script[place + len(_MAPPING_WORD) :]
    if rest.startswith(b"data:"):
        return rest.split(None, 1)[0].rstrip(b"*/").decode("ascii", "replace")
    found: list[bytes] = _SOURCE_MAP.findall(script[-_TAIL_BYTES:])
    return found[-1].decode("utf-8", "replace") if found else ""
