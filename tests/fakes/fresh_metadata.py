"""The metadata store for tests of what stands above it: the real one, empty, quickly there."""

import atexit
import shutil
import tempfile
import weakref
from functools import cache
from pathlib import Path
from typing import Final

from vedette.storage.metadata.engine import open_database
from vedette.storage.metadata.store import SqlMetadata, open_metadata

_FILE: Final = "metadata.sqlite3"
_IN_MEMORY: Final = Path("/dev/shm")


class FreshMetadata(SqlMetadata):
    """A database of its own in a folder that goes with it."""

    def __init__(self) -> None:
        folder = _new_folder()
        shutil.copy(_migrated(), folder / _FILE)
        super().__init__(open_database(f"sqlite:///{folder}/{_FILE}"))
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


@cache
def _migrated() -> Path:
    """Return a database with all tables, made once: a copy opens faster than a new one is made."""
    folder = _new_folder()
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    open_metadata(f"sqlite:///{folder}/{_FILE}").close()
    return folder / _FILE


def _new_folder() -> Path:
    # Syncing to the disk is what takes time, and nothing of it is wanted here.
    where = _IN_MEMORY if _IN_MEMORY.is_dir() else None
    return Path(tempfile.mkdtemp(prefix="vedette-test-", dir=where))
