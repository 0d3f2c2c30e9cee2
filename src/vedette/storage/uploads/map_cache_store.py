"""Caches of source maps: made once, kept in the blob store, the last ones used kept open."""

import threading
import zlib
from collections import OrderedDict
from typing import Final

from vedette.native import Malformed, MapCache
from vedette.storage.blobs.port import BlobMissing, Blobs

OPEN_BYTES_MAX: Final = 96 * 1024 * 1024
"""Of caches in memory; one that is larger is open alone."""

CACHE_BYTES_MAX: Final = 768 * 1024 * 1024
_FORM: Final = "1"
"""A part of every key: caches of another form are made anew."""

_MADE: Final = b"V"
_REFUSED: Final = b"X"
_QUICK: Final = 1
"""zlib's quickest level: sources pack to a fourth with it."""

CacheKey = tuple[int, int, int]
"""The upload with which the cache goes, the script's file, the map's file; 0 for none."""


class CacheRefused(Exception):  # noqa: N818 - a state of the map, not a mistake of ours
    """It was tried before: there is no cache for this map. The text says why."""


class MapCacheStore:
    """Any thread may call."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = threading.Lock()
        self._open: OrderedDict[CacheKey, MapCache] = OrderedDict()
        self._open_bytes = 0

    def get(self, key: CacheKey) -> MapCache | None:
        """Return a cache; None if it was not made yet.

        Raises:
            CacheRefused: It cannot be made.
        """
        with self._lock:
            found = self._open.get(key)
            if found is not None:
                self._open.move_to_end(key)
                return found
        try:
            kept = self._blobs.get(_blob_key(key))
        except BlobMissing:
            return None
        if kept[:1] == _REFUSED:
            raise CacheRefused(kept[1:].decode("utf-8", "replace"))
        try:
            opened = MapCache(zlib.decompressobj().decompress(kept[1:], CACHE_BYTES_MAX))
        except (zlib.error, Malformed):
            # Written by another version, or damaged: it is made anew.
            return None
        self._keep_open(key, opened)
        return opened

    def put(self, key: CacheKey, data: bytes) -> MapCache:
        """Keep a cache and return it open."""
        self._blobs.put(_blob_key(key), _MADE + zlib.compress(data, _QUICK))
        opened = MapCache(data)
        self._keep_open(key, opened)
        return opened

    def put_refused(self, key: CacheKey, why: str) -> None:
        """Remember that there is no cache to be had, also for the next start."""
        self._blobs.put(_blob_key(key), _REFUSED + why.encode("utf-8", "replace"))

    def forget(self, upload_id: int) -> None:
        """Delete the caches that go with an upload."""
        with self._lock:
            for key in [each for each in self._open if each[0] == upload_id]:
                self._open_bytes -= self._open.pop(key).byte_count
        for info in list(self._blobs.list(f"map-caches/{upload_id}/")):
            self._blobs.delete(info.key)

    def _keep_open(self, key: CacheKey, cache: MapCache) -> None:
        with self._lock:
            before = self._open.pop(key, None)
            self._open[key] = cache
            self._open_bytes += cache.byte_count - (before.byte_count if before else 0)
            while self._open_bytes > OPEN_BYTES_MAX and len(self._open) > 1:
                _, oldest = self._open.popitem(last=False)
                self._open_bytes -= oldest.byte_count


def _blob_key(key: CacheKey) -> str:
    upload_id, script_id, map_id = key
    return f"map-caches/{upload_id}/{script_id}-{map_id}-{_FORM}"
