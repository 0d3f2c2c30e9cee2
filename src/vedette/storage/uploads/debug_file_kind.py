"""What kind of debug file the first bytes of one are."""

import re
from typing import Final

from vedette.model.upload import FileKind

_BEGINNINGS: Final = (
    (b"\x7fELF", FileKind.ELF),
    (b"\xfe\xed\xfa\xce", FileKind.MACH_O),
    (b"\xfe\xed\xfa\xcf", FileKind.MACH_O),
    (b"\xce\xfa\xed\xfe", FileKind.MACH_O),
    (b"\xcf\xfa\xed\xfe", FileKind.MACH_O),
    (b"\xca\xfe\xba\xbe", FileKind.MACH_O),
    (b"Microsoft C/C++ MSF", FileKind.PDB),
    (b"MZ", FileKind.PE),
    (b"\x00asm", FileKind.WASM),
    (b"MODULE ", FileKind.BREAKPAD),
    (b"SYSB", FileKind.SOURCE_BUNDLE),
    (b"PK\x03\x04", FileKind.SOURCE_BUNDLE),
)
_PROGUARD_LINE: Final = re.compile(rb"^\S.{0,500} -> \S{1,500}:\s*$", re.MULTILINE)
_LOOKED_AT_BYTES: Final = 64 * 1024


def kind_of_debug_file(head: bytes, name: str) -> FileKind:
    """Return the kind, by the file's first bytes; `name` decides only what they leave open."""
    for beginning, kind in _BEGINNINGS:
        if head.startswith(beginning):
            return kind
    if _PROGUARD_LINE.search(head[:_LOOKED_AT_BYTES]) or "proguard" in name.lower():
        return FileKind.PROGUARD
    return FileKind.OTHER
