"""Sightings for tests: say what matters, the rest is like that of any error."""

from dataclasses import replace
from typing import Final

from vedette.issues.take_in import take_in_sightings
from vedette.model.digest_range import DigestRange
from vedette.model.issue import Decision
from vedette.model.sighting import Sighting
from vedette.storage.metadata.port import Metadata

NOON_NS: Final = 1_767_268_800 * 1_000_000_000
"""1 January 2026, 12:00 UTC."""

SECOND_NS: Final = 1_000_000_000
JOURNAL: Final = "journal-of-the-test"


def a_hash(number: int) -> str:
    """Return the hash of a group."""
    return f"{number:032x}"


def a_sighting(group: int = 1, **given: object) -> Sighting:
    """Return a sighting of a group; `group` tells it from others."""
    plain = Sighting(
        project_id=1,
        group_hash=a_hash(group),
        other_hashes=(),
        event_id=f"{group:032x}",
        time_ns=NOON_NS,
        title=f"Error {group}",
        culprit="app in main",
        level="error",
        platform="python",
    )
    return replace(plain, **given)  # type: ignore[arg-type] # a test says what it wants


def see(metadata: Metadata, *sightings: Sighting) -> list[Decision]:
    """Let sightings become issues as the next batch of a journal; return what was decided."""
    sequence = metadata.finished_up_to(JOURNAL) + 1
    batch = DigestRange(sequence, sequence)
    metadata.plan(JOURNAL, batch)
    return list(take_in_sightings(metadata, JOURNAL, batch, sightings))
