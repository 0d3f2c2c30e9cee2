"""Sign what one site tells another, and check it: right key, right body, not long ago.

x-ticketing-signature: t=1790000000,v1=<hexadecimal HMAC-SHA256 of "t.body">
"""

from __future__ import annotations

import hashlib
import hmac
import re
from enum import StrEnum, unique
from typing import Final

HEADER: Final = "x-ticketing-signature"
AGE_S_MAX: Final = 300
"""Beyond it a caught message is worthless; within it `received_webhooks` knows it already."""

_HEADER: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


@unique
class SignatureFault(StrEnum):
    """Why a message is not believed."""

    MISSING = "signature is missing or not in the form t=…,v1=…"
    WRONG = "signature does not match"
    OLD = "signature is too old or from the future"


def sign(body: bytes, key: str, *, now_s: int) -> str:
    """The value of the header."""
    return f"t={now_s},v1={_digest(body, key, now_s)}"


def check(body: bytes, key: str, header: str | None, *, now_s: int) -> SignatureFault | None:
    """None when the message is to be believed."""
    match = _HEADER.fullmatch(header or "")
    if match is None:
        return SignatureFault.MISSING
    signed_at_s = int(match[1])
    if not hmac.compare_digest(_digest(body, key, signed_at_s), match[2]):
        return SignatureFault.WRONG
    if abs(now_s - signed_at_s) > AGE_S_MAX:
        return SignatureFault.OLD
    return None


def _digest(body: bytes, key: str, signed_at_s: int) -> str:
    return hmac.new(key.encode(), f"{signed_at_s}.".encode() + body, hashlib.sha256).hexdigest()
