"""Secrets that people and scripts show: how they are made, kept and checked.

What is long and random (tokens, sessions, sign-in links) is kept as its SHA-256; what people think
up is kept as argon2id. Neither can be read back.
"""

import base64
import functools
import hashlib
import hmac
import json
import threading
import unicodedata
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.base.ids import IdSource

PASSWORD_LENGTH_MIN: Final = 8
PASSWORD_LENGTH_MAX: Final = 256
"""Hashing costs time by length; nobody types more."""

_TOKEN_BYTE_COUNT: Final = 32
_HASHING_COUNT_MAX: Final = 2
"""Each takes 64 MiB meanwhile: a flood of sign-ins must wait, not take the machine's memory."""

# The library's defaults, which follow RFC 9106's second recommendation.
_hasher: Final = PasswordHasher()
_hashing: Final = threading.BoundedSemaphore(_HASHING_COUNT_MAX)


def hash_of_secret(secret: str) -> str:
    """Return the form in which tokens, sessions and sign-in links are kept and looked up.

    They cannot be guessed, so one round is enough; and looking one up by its hash tells whoever
    measures the time nothing about the secret.
    """
    return hashlib.sha256(_bytes(secret)).hexdigest()


def is_same_secret(one: str, other: str) -> bool:
    """Compare in a time that depends on the lengths alone."""
    return hmac.compare_digest(_bytes(one), _bytes(other))


def hash_of_password(password: str) -> str:
    """Return the form in which passwords are kept.

    Raises:
        ValueError: The password is too short or too long.
    """
    password = _as_typed_anywhere(password)
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise ValueError(
            f"A password has {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters."
        )
    with _hashing:
        return _hasher.hash(_bytes(password))


def is_password_right(*, password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one that was hashed.

    Without a hash (nobody has this address) the same time passes and the answer is no.
    """
    if len(password) > PASSWORD_LENGTH_MAX:
        password, password_hash = "", None
    try:
        with _hashing:
            _hasher.verify(
                password_hash or _hash_of_nothing(), _bytes(_as_typed_anywhere(password))
            )
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_user_token(ids: IdSource) -> str:
    """Return a new token of a person, in the form that Sentry's tools know."""
    return f"sntryu_{ids.secret(_TOKEN_BYTE_COUNT)}"


def new_organization_token(ids: IdSource, *, url: str, organization: str, now_ns: int) -> str:
    """Return a new token of an organization.

    sentry-cli reads from it which server and organization it is meant for, so that it is all the
    configuration that a build machine needs.
    """
    facts = {
        "iat": now_ns / NANOSECONDS_PER_SECOND,
        "url": url,
        # Of a server of one's own, the region is the server itself.
        "region_url": url,
        "org": organization,
    }
    secret = bytes.fromhex(ids.secret(_TOKEN_BYTE_COUNT))
    middle = base64.b64encode(json.dumps(facts, separators=(",", ":")).encode()).decode()
    end = base64.b64encode(secret).decode().rstrip("=")
    return f"sntrys_{middle}_{end}"


def _as_typed_anywhere(password: str) -> str:
    """Return the one form of what keyboards write in several ways, such as "é"."""
    return unicodedata.normalize("NFKC", password)


def _bytes(text: str) -> bytes:
    # JSON can bring halves of surrogate pairs: they are wrong, and must not be a crash.
    return text.encode("utf-8", "surrogatepass")


@functools.cache
def _hash_of_nothing() -> str:
    return _hasher.hash(b"")
