"""What may be kept: the rules that every adapter of the metadata holds, whatever its database."""

import re
from collections.abc import Sequence
from typing import Final

from vedette.model.digest_range import DigestRange

TEXT_LENGTH_MAX: Final = 1_000
"""Longer names, addresses and labels are no such things; PostgreSQL cannot index 2,700 bytes."""

ID_MAX: Final = 2**63 - 1
"""The largest number both databases can keep."""

_SECRET_HASH: Final = re.compile(r"[0-9a-f]{64}", re.ASCII)
_PUBLIC_KEY: Final = re.compile(r"[0-9a-f]{32}", re.ASCII)
_SCOPE: Final = re.compile(r"[!-~]{1,100}", re.ASCII)
_NOT_KEEPABLE: Final = re.compile("[\x00\ud800-\udfff]")


def row_id(number: int) -> int:
    """Return `number`, or for one that no row can have 0, which no row has."""
    return number if 0 < number <= ID_MAX else 0


def keepable(text: str) -> str:
    """Return `text` as every database can keep it.

    Raises:
        ValueError: It is too long.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise ValueError(f"a text of {len(text)} characters is too long to keep")
    return _NOT_KEEPABLE.sub("\ufffd", text)


def email_key(email: str) -> str:
    """Return the form under which an address is unique and looked up."""
    return _NOT_KEEPABLE.sub("\ufffd", email).strip().lower()


def secret_hash(text: str) -> str:
    """Return `text`, a SHA-256 in hex.

    Raises:
        ValueError: It is none: a secret itself must never be kept.
    """
    if not _SECRET_HASH.fullmatch(text):
        raise ValueError("a secret is kept as 64 lower-case hex digits of its hash")
    return text


def password_hash(text: str) -> str:
    """Return `text`, an argon2id hash.

    Raises:
        ValueError: It is none: a password itself must never be kept.
    """
    if not text.startswith("$argon2id$"):
        raise ValueError("a password is kept as its argon2id hash")
    return keepable(text)


def public_key(text: str) -> str:
    """Return `text`, the public half of a DSN.

    Raises:
        ValueError: It is not 32 lower-case hex digits.
    """
    if not _PUBLIC_KEY.fullmatch(text):
        raise ValueError("a project key is 32 lower-case hex digits")
    return text


def scopes(words: frozenset[str]) -> frozenset[str]:
    """Return `words`, the scopes of a token.

    Raises:
        ValueError: One of them is empty, long, or not one word of visible ASCII.
    """
    for word in words:
        if not _SCOPE.fullmatch(word):
            raise ValueError(f"{word!r} is not the name of a scope")
    return words


def must_follow(
    planned: DigestRange, open_ranges: Sequence[DigestRange], *, finished_up_to: int
) -> None:
    """Return if `planned` is a range that begins after everything planned and finished.

    Raises:
        ValueError: It is none, or begins earlier.
    """
    if not 1 <= planned.first_sequence <= planned.last_sequence <= ID_MAX:
        raise ValueError(f"{planned} is not a range of sequences")
    last_sequence = open_ranges[-1].last_sequence if open_ranges else finished_up_to
    if planned.first_sequence <= last_sequence:
        raise ValueError(f"{planned} begins before the end of what was planned: {last_sequence}")


def must_be_oldest(finished: DigestRange, open_ranges: Sequence[DigestRange]) -> None:
    """Return if `finished` is the first of the open ranges.

    Raises:
        ValueError: It is not.
    """
    if not open_ranges or open_ranges[0] != finished:
        raise ValueError(f"{finished} is not the oldest open range")
