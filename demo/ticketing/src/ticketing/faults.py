"""Faults on purpose: each has a name and a sentence, is off by default and ends by itself."""

from __future__ import annotations

from enum import StrEnum, unique
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from ticketing.database import Connection

DURATION_S_MAX: Final = 600
"""Nobody leaves a fault on overnight."""


@unique
class Fault(StrEnum):
    """What can be broken."""

    SLOW_INVENTORY = "slow-inventory"
    PRINTER_JAM = "printer-jam"

    @property
    def sentence(self) -> str:
        """What happens, for the page that switches it."""
        return _SENTENCES[self]


_SENTENCES: Final = {
    Fault.SLOW_INVENTORY: "Checking the inventory takes 1.2 seconds in the database.",
    Fault.PRINTER_JAM: "Making tickets fails; the order is taken back as a whole.",
}


async def faults_on(connection: Connection) -> frozenset[Fault]:
    """Which faults are on now."""
    cursor = await connection.execute("SELECT name FROM faults WHERE enabled_until > now()")
    return frozenset(Fault(row["name"]) for row in await cursor.fetchall())


async def switch_on(connection: Connection, fault: Fault, duration_s: int) -> None:
    """Switch one on for a while."""
    await connection.execute(
        "INSERT INTO faults (name, enabled_until) VALUES (%s, now() + %s * interval '1 second')"
        " ON CONFLICT (name) DO UPDATE SET enabled_until = excluded.enabled_until",
        [fault.value, min(max(duration_s, 1), DURATION_S_MAX)],
    )


async def switch_all_off(connection: Connection) -> None:
    """One call and everything is well."""
    await connection.execute("DELETE FROM faults")
