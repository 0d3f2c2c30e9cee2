"""The data folder: made private, and where everything in it lies."""

import os
from dataclasses import dataclass
from pathlib import Path


class FolderUnusable(Exception):  # noqa: N818 - a state of the folder, told in a sentence
    """The data folder cannot be made or written; the text says why."""


@dataclass(frozen=True, slots=True)
class DataFolder:
    """Paths below the data folder."""

    path: Path

    @property
    def journal(self) -> Path:
        """Accepted bodies that are not digested."""
        return self.path / "journal"

    @property
    def telemetry(self) -> Path:
        """The engine's own folder."""
        return self.path / "telemetry"

    @property
    def blobs(self) -> Path:
        """Big files."""
        return self.path / "blobs"

    @property
    def metadata_url(self) -> str:
        """SQLite, when no other database is set."""
        return f"sqlite:///{self.path / 'metadata.sqlite'}"

    @property
    def server_file(self) -> Path:
        """How the command line finds the running server."""
        return self.path / "server.json"


def prepare_folder(path: str) -> DataFolder:
    """Make the folder if need be, readable by its owner alone.

    Raises:
        FolderUnusable: It cannot be made or written.
    """
    folder = Path(path)
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # Also when it was there: other people of the machine have no business in it.
        folder.chmod(0o700)
        for each in ("journal", "telemetry", "blobs"):
            (folder / each).mkdir(exist_ok=True, mode=0o700)
    except OSError as error:
        raise FolderUnusable(f"cannot use {folder} as data folder: {error.strerror}") from error
    if not os.access(folder, os.W_OK):
        raise FolderUnusable(f"cannot use {folder} as data folder: it is not writable")
    return DataFolder(folder)
