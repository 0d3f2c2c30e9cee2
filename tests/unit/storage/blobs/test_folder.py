"""What the folder adds to the contract: durability, privacy, clear words."""

import os
import stat
from pathlib import Path

import pytest

from vedette.storage.blobs.folder import FolderBlobs
from vedette.storage.blobs.port import BlobUnreachable


class Spy:
    """Writes down, in order, what is synced and renamed, and lets it happen."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.seen: list[str] = []
        self._fsync = os.fsync
        rename = Path.replace
        monkeypatch.setattr(os, "fsync", self.fsync)

        def replace(source: Path, target: Path) -> Path:
            self.seen.append(f"rename to {target.name}")
            return rename(source, target)

        monkeypatch.setattr(Path, "replace", replace)

    def fsync(self, descriptor: int) -> None:
        path = Path(f"/proc/self/fd/{descriptor}").readlink()
        self.seen.append(f"sync {path.name if path.is_dir() else 'the file'}")
        self._fsync(descriptor)


def test_the_file_is_synced_before_it_gets_its_name_and_the_folders_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    spy = Spy(monkeypatch)

    blobs.put("a/b/c", b"first")
    blobs.put("a/b/d", b"second")

    assert spy.seen == [
        "sync the file",
        "sync blobs",
        "sync a",
        "rename to c",
        "sync b",
        "sync the file",
        "rename to d",
        "sync b",
    ]


def test_a_put_that_fails_leaves_what_was_there_and_no_rubbish(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path)
    blobs.put("a", b"first")

    def no_space(_descriptor: int, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "write", no_space)
        with pytest.raises(BlobUnreachable, match="No space left on device"):
            blobs.put("a", b"second")

    assert blobs.get("a") == b"first"
    assert list((tmp_path / ".incoming").iterdir()) == []


def test_a_write_that_stops_half_way_is_continued(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    blobs = FolderBlobs(tmp_path)
    write = os.write
    monkeypatch.setattr(os, "write", lambda descriptor, data: write(descriptor, data[:3]))

    blobs.put("a", b"0123456789")

    assert blobs.get("a") == b"0123456789"


def test_folders_and_files_are_their_owners_alone(tmp_path: Path) -> None:
    old_mask = os.umask(0)
    try:
        FolderBlobs(tmp_path / "blobs").put("a/b", b"")
    finally:
        os.umask(old_mask)

    modes = {
        path.relative_to(tmp_path).as_posix(): oct(stat.S_IMODE(path.stat().st_mode))
        for path in tmp_path.rglob("*")
    }

    assert modes == {
        "blobs": "0o700",
        "blobs/.incoming": "0o700",
        "blobs/a": "0o700",
        "blobs/a/b": "0o600",
    }


def test_leftovers_of_a_dead_process_go_and_fresh_ones_stay(tmp_path: Path) -> None:
    FolderBlobs(tmp_path)
    old, fresh = tmp_path / ".incoming" / "old", tmp_path / ".incoming" / "fresh"
    old.touch()
    fresh.touch()
    two_days_ago_s = fresh.stat().st_mtime - 2 * 24 * 3600
    os.utime(old, (two_days_ago_s, two_days_ago_s))

    blobs = FolderBlobs(tmp_path)

    assert [path.name for path in (tmp_path / ".incoming").iterdir()] == ["fresh"]
    assert list(blobs.list("")) == []


def test_what_is_kept_is_there_for_the_next_process(tmp_path: Path) -> None:
    FolderBlobs(tmp_path).put("a/b", b"x")

    assert FolderBlobs(tmp_path).get("a/b") == b"x"


def test_a_folder_that_cannot_be_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_bytes(b"a file")

    with pytest.raises(BlobUnreachable, match="taken"):
        FolderBlobs(tmp_path / "taken")


def test_check_tells_that_the_folder_has_gone(tmp_path: Path) -> None:
    blobs = FolderBlobs(tmp_path / "blobs")
    (tmp_path / "blobs").rename(tmp_path / "elsewhere")

    with pytest.raises(BlobUnreachable, match="No such file"):
        blobs.check()
