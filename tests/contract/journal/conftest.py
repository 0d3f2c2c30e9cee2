"""The journals that the contract is tried on."""

import gc
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from vedette.model.record import RecordKind, RecordMeta
from vedette.storage.journal.local import LocalJournal
from vedette.storage.journal.memory import MemoryJournal
from vedette.storage.journal.port import Journal, JournalLimits

MEBIBYTE = 1024 * 1024
LIMITS = JournalLimits(
    bytes_max=64 * MEBIBYTE,
    disk_free_bytes_min=0,
    waiting_bytes_max=16 * MEBIBYTE,
)
META = RecordMeta(RecordKind.ENVELOPE, project_id=1, key_id=2, received_ns=1_000)


class Opener(Protocol):
    """Opens the same journal again and again, and declares what it can do."""

    is_durable: bool

    def __call__(self, limits: JournalLimits = LIMITS) -> Journal: ...


class MemoryOpener:
    is_durable = False

    def __call__(self, limits: JournalLimits = LIMITS) -> Journal:
        return MemoryJournal(limits)


class LocalOpener:
    is_durable = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._opened: list[LocalJournal] = []

    def __call__(self, limits: JournalLimits = LIMITS) -> Journal:
        return self.open_local(limits)

    def open_local(
        self, limits: JournalLimits = LIMITS, *, segment_bytes: int = 4 * MEBIBYTE
    ) -> LocalJournal:
        for before in self._opened:
            before.close()
        journal = LocalJournal.open(self.folder, limits, segment_bytes=segment_bytes)
        self._opened.append(journal)
        return journal

    def close_all(self) -> None:
        for journal in self._opened:
            journal.close()


@pytest.fixture
def local(tmp_path: Path) -> Iterator[LocalOpener]:
    opener = LocalOpener(tmp_path / "journal")
    yield opener
    opener.close_all()
    gc.collect()


@pytest.fixture(params=["memory", "local"])
def opener(request: pytest.FixtureRequest, local: LocalOpener) -> Opener:
    return MemoryOpener() if request.param == "memory" else local
