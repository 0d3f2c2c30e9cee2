"""Large answers, packed for clients that take them so."""

from dataclasses import dataclass
from typing import Final

from fastapi import Response

from vedette.api.json_answer import answer_bytes
from vedette.native import pack

PACKED_BYTES_MIN: Final = 256 * 1024
"""Below, packing costs more time than it saves on any wire."""
_ENCODINGS: Final = ("zstd", "gzip")
"""In the order of preference: zstd takes a third of the time."""


@dataclass(frozen=True, slots=True)
class PackedBody:
    """A body, and how it is packed; not at all with an empty encoding."""

    body: bytes
    encoding: str


def chosen_encoding(accepted: str) -> str:
    """Return the encoding for a client, by its Accept-Encoding; empty if it takes none of ours."""
    taken = {}
    for each in accepted.lower().split(","):
        name, _, weight = each.partition(";")
        taken[name.strip()] = weight.replace(" ", "") not in {"q=0", "q=0.0", "q=0.00", "q=0.000"}
    return next((each for each in _ENCODINGS if taken.get(each, False)), "")


def pack_large(body: bytes | None, encoding: str) -> PackedBody | None:
    """Pack a body that is worth it. Takes its time: call it in a thread."""
    if body is None:
        return None
    if not encoding or len(body) < PACKED_BYTES_MIN:
        return PackedBody(body, "")
    return PackedBody(pack(body, encoding), encoding)


def answer_packed(packed: PackedBody) -> Response:
    """Return JSON that may be packed."""
    headers = {"Vary": "Accept-Encoding"}
    if packed.encoding:
        headers["Content-Encoding"] = packed.encoding
    return answer_bytes(packed.body, headers=headers)
