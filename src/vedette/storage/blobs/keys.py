"""What a key looks like: the one rule by which every adapter refuses a name that is not ours."""

import re
from typing import Final

PART_LENGTH_MAX: Final = 200
"""File systems end at 255 bytes."""

KEY_LENGTH_MAX: Final = 900
"""S3 ends at 1,024 bytes, and a bucket may be used under a prefix."""

_PART: Final = rf"[a-z0-9_-][a-z0-9._-]{{0,{PART_LENGTH_MAX - 1}}}"
_KEY: Final = re.compile(rf"{_PART}(?:/{_PART})*", re.ASCII)
_PREFIX: Final = re.compile(rf"(?:{_PART}/)*", re.ASCII)


def checked_key(key: str) -> str:
    """Return `key`.

    Raises:
        ValueError: It is no key.
    """
    if len(key) > KEY_LENGTH_MAX or not _KEY.fullmatch(key):
        raise ValueError(f"{key[:KEY_LENGTH_MAX]!r} is not a key of the blob store")
    return key


def checked_prefix(prefix: str) -> str:
    """Return `prefix`: empty, or parts that each end with `/`.

    Raises:
        ValueError: It is none.
    """
    if len(prefix) > KEY_LENGTH_MAX or not _PREFIX.fullmatch(prefix):
        raise ValueError(f"{prefix[:KEY_LENGTH_MAX]!r} is not a prefix of the blob store")
    return prefix
