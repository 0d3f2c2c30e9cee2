"""The blob port in memory, for tests of whoever stands above it."""

from collections.abc import Iterator

from vedette.storage.blobs.keys import checked_key, checked_prefix
from vedette.storage.blobs.port import BlobInfo, BlobMissing


class MemoryBlobs:
    """A dictionary of bytes by key."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    def put(self, key: str, data: bytes) -> None:
        self._kept[checked_key(key)] = bytes(data)

    def get(self, key: str) -> bytes:
        try:
            return self._kept[checked_key(key)]
        except KeyError:
            raise BlobMissing(f"nothing is kept under {key}") from None

    def delete(self, key: str) -> None:
        self._kept.pop(checked_key(key), None)

    def list(self, prefix: str) -> Iterator[BlobInfo]:
        checked_prefix(prefix)
        kept = self._kept.copy()
        return (
            BlobInfo(key=key, byte_count=len(data))
            for key, data in kept.items()
            if key.startswith(prefix)
        )

    def check(self) -> None:
        return
