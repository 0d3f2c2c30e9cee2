"""The blob store: bytes under keys that only the server makes.

BlobError
├── BlobUnreachable     try again later
└── BlobMissing         no such key
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol


class BlobError(Exception):
    """The blob store could not do what was asked."""


class BlobUnreachable(BlobError):  # noqa: N818 - a state, not a mistake
    """The folder or the service does not answer."""


class BlobMissing(BlobError):  # noqa: N818 - a state, not a mistake
    """Nothing is kept under this key."""


@dataclass(frozen=True, slots=True)
class BlobInfo:
    """What is kept under a key."""

    key: str
    byte_count: int


class Blobs(Protocol):
    """Keys are made by the server: lower-case letters, digits, `-`, `_`, `.` and `/` between parts.

    No part begins with `.` or is longer than `keys.PART_LENGTH_MAX`, no key than
    `keys.KEY_LENGTH_MAX`. A key that does not look so is a mistake of ours and raises ValueError:
    nothing a client names ever becomes a key. Where `a/b` is kept, `a` must never be a key too: a
    folder cannot hold both, so nothing is promised.

    A put is seen whole or not at all, by readers and after a crash. Any thread may call. Every
    method may raise BlobUnreachable.
    """

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, durably, replacing what was there."""
        ...

    def get(self, key: str) -> bytes:
        """Return what is kept.

        Raises:
            BlobMissing: Nothing is.
        """
        ...

    def delete(self, key: str) -> None:
        """Forget it; an unknown key changes nothing."""
        ...

    def list(self, prefix: str) -> Iterator[BlobInfo]:
        """Yield what lies under a prefix that ends with `/`, or everything for an empty one.

        In no particular order. What is put or deleted meanwhile may be in it or not.
        """
        ...

    def check(self) -> None:
        """Return if the store answers.

        Raises:
            BlobError: It does not; the text says why.
        """
        ...
