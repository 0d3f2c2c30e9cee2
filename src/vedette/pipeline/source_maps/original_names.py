"""What an original file is called for people: without the bundler's own prefixes."""

import re
from dataclasses import dataclass
from typing import Final

from vedette.model.script_url import joined, path_of

_BUNDLER: Final = re.compile(
    r"(?:webpack|webpack-internal|turbopack|rollup|vite|metro|ng|parcel)://"
)
_NAMESPACE: Final = re.compile(r"^[^/]*/")
_UPWARDS: Final = re.compile(r"^(?:\.\.?/)+")
_QUERY: Final = re.compile(r"\?[^/]*$")
_ENDING: Final = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|map)$")
_FOREIGN: Final = re.compile(
    r"(?:^|/)(?:node_modules|bower_components)/|^~/|^webpack/|^\(webpack\)"
)
_HAS_SCHEME: Final = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]{1,30}://")


@dataclass(frozen=True, slots=True)
class OriginalNames:
    """The names of one file."""

    filename: str
    abs_path: str
    module: str
    is_foreign: bool
    """Somebody else's code, by its path."""


def original_names(source: str, script_url: str) -> OriginalNames:
    """Return how the file is called that a map of the script at this URL calls `source`."""
    if _BUNDLER.match(source):
        inside = _NAMESPACE.sub("", source.partition("://")[2], count=1)
        filename, abs_path = _QUERY.sub("", inside), source
    elif _HAS_SCHEME.match(source):
        filename, abs_path = path_of(source) or source, source
    else:
        filename, abs_path = _UPWARDS.sub("", source), joined(script_url, source)
    plain = _UPWARDS.sub("", filename)
    return OriginalNames(
        filename=filename,
        abs_path=abs_path,
        module=_ENDING.sub("", plain),
        is_foreign=bool(_FOREIGN.search(plain)),
    )
