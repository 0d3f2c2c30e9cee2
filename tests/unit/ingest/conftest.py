"""A door over fakes that pass their contract suites."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from vedette.app.first_start import FirstProject, ensure_first_project
from vedette.base.ids import RandomIds
from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.door import Door
from vedette.ingest.door_load import DoorLoad
from vedette.ingest.door_tally import DoorTally
from vedette.ingest.door_tools import DoorLimits, DoorTools
from vedette.ingest.door_watch import DoorWatch
from vedette.ingest.key_ring import KeyRing
from vedette.ingest.quota_gate import QuotaGate
from vedette.model.record import Record
from vedette.storage.journal.memory import MemoryJournal
from vedette.storage.journal.port import JournalLimits

LIMITS = DoorLimits(
    packed_bytes_max=200_000, unpacked_bytes_max=1_000_000, memory_bytes_max=400_000
)


@dataclass
class DoorUnderTest:
    """A door and all that can be seen of it."""

    door: Door
    tools: DoorTools
    journal: MemoryJournal
    metadata: FreshMetadata
    clock: HandClock
    first: FirstProject

    @property
    def key(self) -> str:
        return self.first.key.public_key

    @property
    def auth(self) -> dict[str, str]:
        return {"x-sentry-auth": f"Sentry sentry_version=7, sentry_key={self.key}"}

    def records(self) -> list[Record]:
        return list(
            self.journal.read(
                after_sequence=0, record_count_max=1_000, byte_count_max=10**9, wait_s=0.0
            )
        )

    def refresh_keys(self) -> None:
        self.clock.move(5)
        self.tools.keys.refresh()

    async def post(
        self,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        peer: str = "203.0.113.9",
    ) -> httpx.Response:
        return await self.ask("POST", path, body, headers, peer)

    async def ask(  # the parts of a request
        self,
        method: str,
        path: str,
        body: bytes = b"",
        headers: dict[str, str] | None = None,
        peer: str = "203.0.113.9",
    ) -> httpx.Response:
        transport = httpx.ASGITransport(app=self.door, client=(peer, 4711))
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            return await client.request(method, path, content=body, headers=headers)


Ask = Callable[..., Awaitable[httpx.Response]]


@pytest.fixture
def door(tmp_path: Path) -> DoorUnderTest:
    clock = HandClock()
    metadata = FreshMetadata()
    first = ensure_first_project(metadata, clock, RandomIds())
    journal = MemoryJournal(
        JournalLimits(
            bytes_max=10_000_000,
            disk_free_bytes_min=0,
            waiting_bytes_max=10_000_000,
        )
    )
    keys = KeyRing(metadata, clock)
    tools = DoorTools(
        keys=keys,
        gate=QuotaGate(clock),
        tally=DoorTally(),
        journal=journal,
        clock=clock,
        ids=RandomIds(),
        limits=LIMITS,
        budget=ByteBudget(LIMITS.memory_bytes_max),
        watch=DoorWatch(journal, lambda: 0, 900.0, clock, DoorLoad()),
    )
    keys.refresh()
    return DoorUnderTest(Door(tools), tools, journal, metadata, clock, first)
