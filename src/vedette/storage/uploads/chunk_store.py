"""Keep chunks: pieces of files, each once for an organization, as long as an upload needs them."""

import hashlib
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.model.upload import Chunk
from vedette.storage.blobs.port import Blobs
from vedette.storage.metadata.uploads_port import Uploads
from vedette.storage.uploads.limits import CHUNK_UNNEEDED_S_MAX

FORGOTTEN_AT_ONCE: Final = 500
"""Chunks that one round of housekeeping lets go in one transaction."""


@dataclass(frozen=True, slots=True)
class ChunkStore:
    """Bytes in the blob store, what is known of them in the metadata."""

    blobs: Blobs
    uploads: Uploads
    clock: Clock

    def keep(self, organization_id: int, data: bytes) -> str:
        """Keep a chunk; return its SHA-1. One that is there already costs nothing more."""
        sha1 = sha1_of(data)
        if self.uploads.chunks(organization_id, [sha1]):
            return sha1
        chunk = Chunk(sha1, len(data), self.clock.now_ns())
        self.blobs.put(_key(organization_id, chunk), data)
        counts = self.uploads.add_chunk(organization_id, chunk)
        if counts.stored_ns != chunk.stored_ns:
            self.blobs.delete(_key(organization_id, chunk))
        return sha1

    def read(self, organization_id: int, chunk: Chunk) -> bytes:
        """Return a chunk.

        Raises:
            BlobError: It is gone, or the blob store does not answer.
        """
        return self.blobs.get(_key(organization_id, chunk))

    def forget_unneeded(self) -> int:
        """Let go of old chunks that are part of nothing; return how many."""
        before_ns = self.clock.now_ns() - CHUNK_UNNEEDED_S_MAX * NANOSECONDS_PER_SECOND
        count = 0
        while True:
            # Forgotten before it is deleted: the same content may be coming again at this moment,
            # and gets another key. A crash in between leaves bytes that nobody finds.
            taken = self.uploads.take_unneeded_chunks(before_ns=before_ns, limit=FORGOTTEN_AT_ONCE)
            for organization_id, chunk in taken:
                self.blobs.delete(_key(organization_id, chunk))
            count += len(taken)
            if len(taken) < FORGOTTEN_AT_ONCE:
                return count


def sha1_of(data: bytes) -> str:
    """Return the name of a chunk or a file: clients use it to recognise, not to protect."""
    return hashlib.sha1(data, usedforsecurity=False).hexdigest()


def _key(organization_id: int, chunk: Chunk) -> str:
    return f"chunks/{organization_id}/{chunk.sha1[:2]}/{chunk.sha1}-{chunk.stored_ns:x}"
