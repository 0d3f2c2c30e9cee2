"""Every adapter of the telemetry, empty, for each test of the contract."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fakes.memory_telemetry import MemoryTelemetry
from vedette.storage.telemetry.chdb_store import EngineLimits, open_telemetry
from vedette.storage.telemetry.port import Telemetry


@pytest.fixture(params=["memory", "chdb"])
def telemetry(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Telemetry]:
    """One adapter, empty."""
    opened: Telemetry
    if request.param == "memory":
        opened = MemoryTelemetry()
    else:
        opened = open_telemetry(tmp_path / "telemetry", EngineLimits(), has_attribute_index=False)
    yield opened
    opened.close()
