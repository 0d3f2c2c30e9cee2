"""Where a script says that its source map is."""

import re
from typing import Final

_SOURCE_MAP: Final = re.compile(rb"//[#@] ?sourceMappingURL=([^\s'\"]{1,4000})\s*$", re.MULTILINE)
_MAPPING_WORD: Final = b"sourceMappingURL="
_TAIL_BYTES: Final = 64 * 1024


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
