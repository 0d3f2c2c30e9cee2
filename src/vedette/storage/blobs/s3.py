"""Blobs in a bucket of S3, or of anything that speaks its protocol."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Final

import obstore
from obstore.exceptions import BaseError
from obstore.store import S3Store

from vedette.storage.blobs.keys import checked_key, checked_prefix
from vedette.storage.blobs.port import BlobInfo, BlobMissing, BlobUnreachable

_RETRY_COUNT_MAX: Final = 3
_RETRY_TIME_MAX: Final = timedelta(seconds=15)
"""The digester waits meanwhile; beyond it the batch is tried again as a whole."""

_ERROR_LENGTH_MAX: Final = 300
"""The client's texts repeat whole answers of the service."""


@dataclass(frozen=True, slots=True)
class S3Place:
    """Where a bucket is and who we are there. The bucket must exist."""

    endpoint: str
    bucket: str
    access_key: str
    secret_key: str = field(repr=False)
    region: str = "us-east-1"


class S3Blobs:
    """The Blobs port over one bucket."""

    def __init__(self, place: S3Place) -> None:
        """Name the bucket; nothing is asked of it yet."""
        self._place = place
        self._store = S3Store(
            place.bucket,
            endpoint=place.endpoint,
            region=place.region,
            access_key_id=place.access_key,
            secret_access_key=place.secret_key,
            # Buckets as host names need a DNS entry each, which own services rarely have.
            virtual_hosted_style_request=False,
            client_options={"allow_http": place.endpoint.startswith("http://")},
            retry_config={"max_retries": _RETRY_COUNT_MAX, "retry_timeout": _RETRY_TIME_MAX},
        )

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, durably, replacing what was there."""
        with self._errors_named():
            obstore.put(self._store, checked_key(key), data)

    def get(self, key: str) -> bytes:
        """Return what is kept."""
        with self._errors_named():
            try:
                return bytes(obstore.get(self._store, checked_key(key)).bytes())
            except FileNotFoundError:
                raise BlobMissing(f"nothing is kept under {key}") from None

    def delete(self, key: str) -> None:
        """Forget it; an unknown key changes nothing."""
        with self._errors_named():
            try:
                obstore.delete(self._store, checked_key(key))
            except FileNotFoundError:
                return

    def list(self, prefix: str) -> Iterator[BlobInfo]:
        """Yield what lies under a prefix that ends with `/`, or everything for an empty one."""
        return self._pages(checked_prefix(prefix))

    def check(self) -> None:
        """Return if the bucket is there and lets us in."""
        with self._errors_named():
            next(iter(obstore.list(self._store, chunk_size=1)), None)

    def _pages(self, prefix: str) -> Iterator[BlobInfo]:
        with self._errors_named():
            for page in obstore.list(self._store, prefix or None):
                for meta in page:
                    yield BlobInfo(key=meta["path"], byte_count=meta["size"])

    @contextmanager
    def _errors_named(self) -> Iterator[None]:
        try:
            yield
        except (BaseError, FileNotFoundError) as error:
            raise BlobUnreachable(
                f"blobs: bucket {self._place.bucket} at {self._place.endpoint}:"
                f" {str(error)[:_ERROR_LENGTH_MAX]}"
            ) from error
