"""That something which belongs to an issue was seen: what lines hand to the room of issues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

ERROR_KIND: Final = "error"


@dataclass(frozen=True, slots=True)
class SightingDetails:
    """What an issue shows of the newest thing seen, besides its title. Empty: not known."""

    type: str = ""
    value: str = ""
    filename: str = ""
    function: str = ""


@dataclass(frozen=True, slots=True)
class Sighting:
    """One event, or one finding of a detector."""

    project_id: int
    group_hash: str
    """32 hex digits; the column `group_hash` of the row that the same line made."""
    other_hashes: tuple[str, ...]
    """More addresses of the same group, by which it may be known: other variants, and what
    former versions of the algorithm said."""
    event_id: str
    time_ns: int
    title: str
    culprit: str
    level: str
    platform: str
    kind: str = ERROR_KIND
    """`error`, or which kind of finding it is."""
    category: str = ERROR_KIND
    """The family of kinds that lists are filtered by: `error`, `performance`, …"""
    logger: str = ""
    release: str = ""
    environment: str = ""
    is_unhandled: bool = False
    details: SightingDetails = SightingDetails()


@dataclass(frozen=True, slots=True)
class GroupSeen:
    """All sightings of one group in a batch."""

    first: Sighting
    """The earliest, by its own time."""
    latest: Sighting
    count: int
    hashes: tuple[str, ...]
    """The group's own hash, then every other that came with it."""
    releases: tuple[tuple[str, int], ...]
    """Each release that it was seen in, and when last (in nanoseconds); "" for none."""

    @property
    def project_id(self) -> int:
        """Whose it is."""
        return self.first.project_id


def grouped(sightings: Iterable[Sighting]) -> list[GroupSeen]:
    """Return the sightings by their own hash, the groups in the order in which they came."""
    by_group: dict[tuple[int, str], list[Sighting]] = {}
    for each in sightings:
        by_group.setdefault((each.project_id, each.group_hash), []).append(each)
    return [_seen(same) for same in by_group.values()]


def _seen(same: Sequence[Sighting]) -> GroupSeen:
    first = latest = same[0]
    hashes: dict[str, None] = {first.group_hash: None}
    releases: dict[str, int] = {}
    for each in same:
        if each.time_ns < first.time_ns:
            first = each
        if each.time_ns >= latest.time_ns:
            latest = each
        for other in each.other_hashes:
            hashes[other] = None
        releases[each.release] = max(releases.get(each.release, 0), each.time_ns)
    return GroupSeen(first, latest, len(same), tuple(hashes), tuple(releases.items()))
