"""Every adapter of the telemetry, empty, for each test of the contract."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.fakes.memory_telemetry import MemoryTelemetry
from vedette.storage.telemetry.chdb_store import ChdbTelemetry, EngineLimits, open_telemetry
from vedette.storage.telemetry.port import Telemetry


@pytest.fixture(scope="session")
def made_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with all tables, empty: a copy of it opens faster than a new one is made."""
    folder = tmp_path_factory.mktemp("made") / "telemetry"
    open_telemetry(folder, EngineLimits(), has_attribute_index=False).close()
    return folder


@pytest.fixture
def open_engine(made_folder: Path, tmp_path: Path) -> Iterator[Callable[[], ChdbTelemetry]]:
    """Opens the telemetry in the engine; again, after it was closed, on the same folder."""
    folder = tmp_path / "telemetry"
    shutil.copytree(made_folder, folder, symlinks=True)
    opened: list[ChdbTelemetry] = []

    def open_it() -> ChdbTelemetry:
        opened.append(open_telemetry(folder, EngineLimits(), has_attribute_index=False))
        return opened[-1]

    yield open_it
    for each in opened:
        each.close()


@pytest.fixture(params=["memory", "chdb"])
def telemetry(request: pytest.FixtureRequest) -> Iterator[Telemetry]:
    """One adapter, empty."""
    if request.param == "memory":
        yield MemoryTelemetry()
        return
    open_it: Callable[[], ChdbTelemetry] = request.getfixturevalue("open_engine")
    yield open_it()
