"""Names of scripts: how one URL is written in different places, and what points from it."""

import posixpath
import re
from collections.abc import Sequence
from typing import Final
from urllib.parse import urljoin, urlsplit

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]{0,30}:", re.IGNORECASE)
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
    if _SCHEME.match(reference) or reference[:1] == "/":
        return reference
    scheme, separator, path = base.rpartition("://") if "://" in base else ("", "", base)
    folder = posixpath.dirname(path)
    whole = posixpath.normpath(posixpath.join(folder, reference))
    return f"{scheme}{separator}{whole.lstrip('/') if separator and path[:1] != '/' else whole}"
