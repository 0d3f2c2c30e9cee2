"""Every adapter of the blob store, empty, for each test of the contract."""

from pathlib import Path

import pytest

from tests.fakes.memory_blobs import MemoryBlobs
from tests.services.fixtures import s3_place, s3_server
from vedette.storage.blobs.folder import FolderBlobs
from vedette.storage.blobs.port import Blobs
from vedette.storage.blobs.s3 import S3Blobs

__all__ = ["s3_place", "s3_server"]

BUILDING_S_MAX = 900
"""The service is built by the first test that needs it, perhaps behind other work."""

S3 = pytest.param("s3", marks=pytest.mark.timeout(BUILDING_S_MAX))


@pytest.fixture(params=["memory", "folder", S3])
def blobs(request: pytest.FixtureRequest, tmp_path: Path) -> Blobs:
    """One adapter, empty."""
    match request.param:
        case "memory":
            return MemoryBlobs()
        case "folder":
            return FolderBlobs(tmp_path / "blobs")
        case _:
            return S3Blobs(request.getfixturevalue("s3_place"))
