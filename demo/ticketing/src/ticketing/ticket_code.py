"""The code in a ticket's QR picture: which ticket, which event, which trace, and a signature.

    T1.7Q2M4XK9D3HZ.open-air.00-<trace id>-<span id>-01.<signature>

The gate can read it without asking anybody. A person may also type the ticket number alone.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from enum import StrEnum, unique
from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that reading aloud works."""

NUMBER_LENGTH: Final = 12
"""Sixty random bits: not to be guessed at a gate that counts attempts."""

SIGNATURE_BYTES: Final = 16
CODE_LENGTH_MAX: Final = 300
VERSION: Final = "T1"
PART_COUNT: Final = 4

_NUMBER: Final = re.compile(f"[{ALPHABET}]{{{NUMBER_LENGTH}}}", re.ASCII)
_LOOKALIKES: Final = str.maketrans({"I": "1", "L": "1", "O": "0", "-": None, " ": None})


@unique
class CodeFault(StrEnum):
    """Why a code is refused before any ticket is looked up."""

    UNREADABLE = "This is not a ticket code."
    FORGED = "The signature is wrong: this ticket was not issued by us."


@dataclass(frozen=True, slots=True)
class SignedTicket:
    """A code whose signature was right."""

    ticket_id: str
    event_id: str
    traceparent: str


@dataclass(frozen=True, slots=True)
class TicketNumber:
    """A number that somebody typed; whether there is such a ticket is not known yet."""

    ticket_id: str


def new_ticket_number() -> str:
    """A random ticket number."""
    return "".join(secrets.choice(ALPHABET) for _ in range(NUMBER_LENGTH))


def write_code(ticket: SignedTicket, key: str) -> str:
    """The text for the QR picture."""
    signed = f"{VERSION}.{ticket.ticket_id}.{ticket.event_id}.{ticket.traceparent}"
    return f"{signed}.{_signature(signed, key)}"


def read_code(text: str, key: str) -> SignedTicket | TicketNumber | CodeFault:
    """Read what was scanned, uploaded or typed. Never raises."""
    text = text.strip()
    if len(text) > CODE_LENGTH_MAX:
        return CodeFault.UNREADABLE
    number = text.upper().translate(_LOOKALIKES)
    if _NUMBER.fullmatch(number):
        return TicketNumber(number)
    signed, _dot, signature = text.rpartition(".")
    parts = signed.split(".")
    if len(parts) != PART_COUNT or parts[0] != VERSION:
        return CodeFault.UNREADABLE
    if not hmac.compare_digest(_signature(signed, key).encode(), signature.encode()):
        return CodeFault.FORGED
    return SignedTicket(ticket_id=parts[1], event_id=parts[2], traceparent=parts[3])


def _signature(signed: str, key: str) -> str:
    digest = hmac.digest(key.encode(), signed.encode(), hashlib.sha256)[:SIGNATURE_BYTES]
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
