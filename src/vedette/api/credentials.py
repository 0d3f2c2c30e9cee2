"""Secrets that people and scripts show: how they are kept and checked."""

import hashlib
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

PASSWORD_LENGTH_MIN: Final = 8
PASSWORD_LENGTH_MAX: Final = 256
"""Hashing costs time by length; nobody types more."""
SECRET_LENGTH_MAX: Final = 512

# argon2id with the library's defaults, which follow RFC 9106's second recommendation.
_hasher: Final = PasswordHasher()


def hash_of_secret(secret: str) -> str:
    """Return the form in which tokens, sessions and sign-in links are kept.

    They are long and random, so one round of SHA-256 is enough, and looking one up by its hash
    tells an attacker who measures time nothing about the secret.
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def hash_of_password(password: str) -> str:
    """Return the form in which passwords are kept.

    Raises:
        ValueError: The password is too short or too long.
    """
    if not PASSWORD_LENGTH_MIN <= len(password) <= PASSWORD_LENGTH_MAX:
        raise ValueError(
            f"A password has {PASSWORD_LENGTH_MIN} to {PASSWORD_LENGTH_MAX} characters."
        )
    return _hasher.hash(password)


def is_password_right(*, password: str, password_hash: str | None) -> bool:
    """Tell whether the password is the one that was hashed.

    Without a hash (nobody has this address) the same time passes and the answer is no.
    """
    try:
        _hasher.verify(password_hash or _hash_of_nothing(), password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


_nothing: list[str] = []


def _hash_of_nothing() -> str:
    if not _nothing:
        _nothing.append(_hasher.hash(""))
    return _nothing[0]
