"""Releases in the order of what their sessions say."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

from vedette.model.release import Release
from vedette.query.release_health import Place, ReleaseHealth

Rank = Callable[[Sequence[ReleaseHealth]], float | None]


def ranked(
    releases: Sequence[Release], health: Mapping[Place, ReleaseHealth], rank: str
) -> list[Release]:
    """Return the releases, largest figure first; those without one keep their order at the end."""
    measure = RANKS[rank]

    def figure(release: Release) -> float | None:
        places = [
            found
            for project_id in sorted(release.project_ids)
            if (found := health.get((project_id, release.version))) is not None
        ]
        return measure(places)

    figures = [(figure(each), each) for each in releases]
    known = [(number, each) for number, each in figures if number is not None]
    known.sort(key=lambda pair: pair[0], reverse=True)
    return [each for _, each in known] + [each for number, each in figures if number is None]


def _sum(part: Callable[[ReleaseHealth], int]) -> Rank:
    return lambda places: sum(map(part, places)) or None


def _best(part: Callable[[ReleaseHealth], float | None]) -> Rank:
    def best(places: Sequence[ReleaseHealth]) -> float | None:
        return max((each for each in map(part, places) if each is not None), default=None)

    return best


RANKS: Final[Mapping[str, Rank]] = {
    "sessions": _sum(lambda health: health.whole.sessions.total),
    "users": _sum(lambda health: health.whole.users.total),
    "sessions_24h": _sum(lambda health: health.day.sessions.total),
    "users_24h": _sum(lambda health: health.day.users.total),
    "crash_free_sessions": _best(lambda health: health.whole.sessions.crash_free_rate),
    "crash_free_users": _best(lambda health: health.whole.users.crash_free_rate),
    "adoption": _best(lambda health: health.users_adoption or health.sessions_adoption),
}
"""By what a list can be sorted, besides date and number."""
