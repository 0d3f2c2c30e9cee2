"""Blobs as files of one folder, kept through a power cut once `put` has returned."""

import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

from vedette.storage.blobs.keys import checked_key, checked_prefix
from vedette.storage.blobs.port import BlobInfo, BlobMissing, BlobUnreachable

_INCOMING: Final = ".incoming"
"""Where files lie until they are whole. No key begins with a dot."""

_LEFTOVER_AGE_S: Final = 24 * 3600
"""An unfinished file this old belongs to a process that has died."""

_SYNCED_FOLDER_COUNT_MAX: Final = 10_000
"""Beyond it the memory of synced folders starts anew: that costs a few syncs and saves the RAM."""


class FolderBlobs:
    """The Blobs port over a folder that nobody else writes to."""

    def __init__(self, folder: Path) -> None:
        """Make the folder, readable by its owner alone, if it is not there yet.

        Raises:
            BlobUnreachable: It cannot be made or written.
        """
        self._folder = folder
        self._incoming = folder / _INCOMING
        self._synced_folders: set[Path] = set()
        self._lock = threading.Lock()
        with _os_errors_named(folder):
            self._incoming.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.chmod(0o700)
            self._remove_leftovers()

    def put(self, key: str, data: bytes) -> None:
        """Keep `data`, durably, replacing what was there."""
        path = self._path(key)
        with _os_errors_named(path), self._incoming_file() as (descriptor, incoming):
            _write_all(descriptor, data)
            # First the bytes, then the name: a name must never lead to less than all bytes.
            os.fsync(descriptor)
            self._make_durable_folder(path.parent)
            incoming.replace(path)
            _sync_folder(path.parent)

    def get(self, key: str) -> bytes:
        """Return what is kept."""
        path = self._path(key)
        with _os_errors_named(path):
            try:
                return path.read_bytes()
            except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
                raise BlobMissing(f"nothing is kept under {key}") from None

    def delete(self, key: str) -> None:
        """Forget it; an unknown key changes nothing."""
        path = self._path(key)
        with _os_errors_named(path), suppress(FileNotFoundError, NotADirectoryError):
            path.unlink()

    def list(self, prefix: str) -> Iterator[BlobInfo]:
        """Yield what lies under a prefix that ends with `/`, or everything for an empty one."""
        return self._walk(self._folder / checked_prefix(prefix))

    def check(self) -> None:
        """Return if the folder can be written to."""
        with _os_errors_named(self._folder), self._incoming_file() as (descriptor, _):
            _write_all(descriptor, b"probe")

    def _path(self, key: str) -> Path:
        return self._folder / checked_key(key)

    def _walk(self, top: Path) -> Iterator[BlobInfo]:
        waiting = [top]
        while waiting:
            folder = waiting.pop()
            for entry in _entries(folder):
                if entry.name.startswith("."):
                    continue
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                    continue
                info = self._info(entry)
                if info is not None:
                    yield info

    def _info(self, entry: os.DirEntry[str]) -> BlobInfo | None:
        key = Path(entry.path).relative_to(self._folder).as_posix()
        with _os_errors_named(self._folder / key):
            try:
                return BlobInfo(key=key, byte_count=entry.stat().st_size)
            except FileNotFoundError:
                return None  # deleted since the folder was read

    @contextmanager
    def _incoming_file(self) -> Iterator[tuple[int, Path]]:
        """Give a new file of mode 0600; if it still has its first name at the end, it goes."""
        descriptor, name = tempfile.mkstemp(dir=self._incoming)
        try:
            yield descriptor, Path(name)
        finally:
            os.close(descriptor)
            Path(name).unlink(missing_ok=True)

    def _make_durable_folder(self, folder: Path) -> None:
        """Make `folder`, and make sure that every folder on the way to it survives a power cut."""
        missing = [folder, *folder.parents]
        missing = missing[: missing.index(self._folder)]
        for each in reversed(missing):
            if each in self._synced_folders:
                continue
            each.mkdir(mode=0o700, exist_ok=True)
            # Also when another thread made it just now: its sync may not be over.
            _sync_folder(each.parent)
            with self._lock:
                if len(self._synced_folders) >= _SYNCED_FOLDER_COUNT_MAX:
                    self._synced_folders.clear()
                self._synced_folders.add(each)

    def _remove_leftovers(self) -> None:
        # The folder's own clock tells ages: it is the one that dated the files.
        with self._incoming_file() as (descriptor, _):
            now_s = os.fstat(descriptor).st_mtime
        for path in self._incoming.iterdir():
            with suppress(FileNotFoundError):
                if now_s - path.stat().st_mtime > _LEFTOVER_AGE_S:
                    path.unlink()


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    with _os_errors_named(folder):
        try:
            with os.scandir(folder) as entries:
                return list(entries)
        except (FileNotFoundError, NotADirectoryError):
            return []


def _write_all(descriptor: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(descriptor, rest) :]


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def _os_errors_named(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise BlobUnreachable(f"blobs: {path}: {error.strerror}") from error
