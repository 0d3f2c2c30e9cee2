"""Rows that the store refuses, kept aside: nothing accepted is lost to a mistake of ours."""

import logging
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from vedette.model.block import Block
from vedette.model.digest_range import DigestRange
from vedette.storage.blobs.port import BlobError, BlobMissing, Blobs
from vedette.storage.telemetry.port import StoreRefused, TelemetryWriter

logger = logging.getLogger(__name__)

LOOKED_AT_MAX: Final = 1_000
"""Blocks that are read about at start and shown; what is beyond is counted when these are gone."""

RESTORED_AT_ONCE_MAX: Final = 50
"""Blocks: a request for it must end."""

_FOLDER: Final = "quarantine/"
_BLOCK: Final = ".native"
_NOTE: Final = ".json"


class KeptBlock(msgspec.Struct, frozen=True):
    """A block of rows that lies aside, as its note says."""

    name: str
    """Its key in the blob store, without the ending."""
    table: str
    token: str
    row_count: int
    why: str


@dataclass(frozen=True, slots=True)
class Restored:
    """What came of storing kept blocks again."""

    block_count: int
    row_count: int
    refused_again: tuple[str, ...]
    """Names of blocks that the store still refuses."""
    left_count: int


class Quarantine:
    """Keeps refused blocks under `quarantine/` in the blob store. Any thread may call."""

    def __init__(self, blobs: Blobs) -> None:
        self._blobs = blobs
        self._lock = threading.Lock()
        self._restoring = threading.Lock()
        self._kept: dict[str, KeptBlock] = {}
        self._refused_again: set[str] = set()
        self.last_reason = ""

    def look(self) -> None:
        """Learn what was kept by earlier processes; a store that is away is told in the log."""
        try:
            for number, info in enumerate(self._blobs.list(_FOLDER)):
                if number >= 2 * LOOKED_AT_MAX:
                    break
                if info.key.endswith(_NOTE):
                    self._remember(msgspec.json.decode(self._blobs.get(info.key), type=KeptBlock))
        except (BlobError, msgspec.DecodeError):
            logger.exception("what lies in quarantine could not be read")

    def keep(self, block: Block, *, token: str, planned: DigestRange, why: str) -> None:
        """Keep a block and why it was refused. The same token is kept once."""
        batch = f"{planned.first_sequence}-{planned.last_sequence}"
        journal_id, number = token.partition(":")[0], token.rpartition(":")[2]
        name = f"{_FOLDER}{journal_id}/{batch}/{block.table}-{number}"
        kept = KeptBlock(name, block.table, token, block.row_count, why)
        # The note last: where it is, the block is too.
        self._blobs.put(name + _BLOCK, block.body)
        self._blobs.put(name + _NOTE, msgspec.json.encode(kept))
        self._remember(kept)

    def kept(self) -> Sequence[KeptBlock]:
        """Return what lies aside, by name."""
        with self._lock:
            return sorted(self._kept.values(), key=lambda each: each.name)

    @property
    def row_count(self) -> int:
        """How many rows lie aside."""
        return sum(each.row_count for each in self.kept())

    def summary(self) -> str:
        """Return a sentence on what lies aside; nothing when nothing does."""
        kept = self.kept()
        if not kept:
            return ""
        rows = sum(each.row_count for each in kept)
        tables = ", ".join(sorted({each.table for each in kept}))
        at_least = "at least " if len(kept) >= LOOKED_AT_MAX else ""
        return (
            f"the store refused {at_least}{rows} accepted rows ({tables}); they are kept aside:"
            " see `vedette quarantine list`, then `vedette quarantine restore`"
        )

    def restore(self, telemetry: TelemetryWriter) -> Restored:
        """Put kept blocks into the store under the tokens they had, and forget those it takes.

        May be repeated, after a crash in its middle too: the store knows the token.

        Raises:
            TelemetryError: The store does not answer.
            BlobError: Nor does the blob store.
        """
        with self._restoring:
            block_count, row_count, refused = 0, 0, []
            # Those that were refused again last time come last, so that all have their turn.
            before = sorted(self.kept(), key=lambda each: each.name in self._refused_again)
            for each in before[:RESTORED_AT_ONCE_MAX]:
                if not self._restore_one(each, telemetry):
                    refused.append(each.name)
                    continue
                block_count, row_count = block_count + 1, row_count + each.row_count
            self._refused_again |= set(refused)
            return Restored(block_count, row_count, tuple(refused), len(self.kept()))

    def _restore_one(self, kept: KeptBlock, telemetry: TelemetryWriter) -> bool:
        try:
            body = self._blobs.get(kept.name + _BLOCK)
        except BlobMissing:
            body = None  # it was stored, and the process ended before it could take the note away
        if body is not None:
            try:
                telemetry.put([Block(kept.table, body, kept.row_count)], token=kept.token)
            except StoreRefused as error:
                logger.warning("the store still refuses %s: %s", kept.name, error)
                return False
            self._blobs.delete(kept.name + _BLOCK)
        self._blobs.delete(kept.name + _NOTE)
        with self._lock:
            self._kept.pop(kept.name, None)
        return True

    def _remember(self, kept: KeptBlock) -> None:
        with self._lock:
            if len(self._kept) < LOOKED_AT_MAX:
                self._kept[kept.name] = kept
            self.last_reason = f"{kept.table}: {kept.why}"
