"""Rows that the store refuses, kept aside: nothing accepted is lost to a mistake of ours."""

import threading

from vedette.model.block import Block
from vedette.model.digest_range import DigestRange
from vedette.storage.blobs.port import Blobs


class Quarantine:
    """Keeps refused blocks under `quarantine/` in the blob store, and counts them."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = threading.Lock()
        self.row_count = 0
        """Since the start of this process."""
        self.last_reason = ""

    def keep(self, block: Block, *, token: str, planned: DigestRange, why: str) -> None:
        """Keep a block and why it was refused. The same token is kept once."""
        batch = f"{planned.first_sequence}-{planned.last_sequence}"
        journal_id, number = token.partition(":")[0], token.rpartition(":")[2]
        name = f"quarantine/{journal_id}/{batch}/{block.table}-{number}"
        self._blobs.put(f"{name}.native", block.body)
        self._blobs.put(f"{name}.txt", why.encode())
        with self._lock:
            self.row_count += block.row_count
            self.last_reason = f"{block.table}: {why}"
