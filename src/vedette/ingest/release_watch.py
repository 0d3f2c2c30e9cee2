"""Tells the metadata store of releases as they are seen, but not the same thing all the time."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from typing import Final, TypeAlias

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.model.release import ReleaseSeen
from vedette.model.release_version import why_not_a_version
from vedette.storage.metadata.releases_port import Releases

TOLD_AGAIN_AFTER_NS: Final = 10 * NANOSECONDS_PER_SECOND
"""When a release was last seen is known to ten seconds: else every batch would be a synced write
more."""

ENVIRONMENT_LENGTH_MAX: Final = 200
"""What SDKs hold for tags."""

TOLD_AT_ONCE_MAX: Final = 1_000
"""A batch whose every session names another release must not become a statement that is too long
for the database, or it would be tried for ever."""

REMEMBERED_MAX: Final = 10_000
"""Projects times releases times environments that send at a time; more are told again."""

_Key: TypeAlias = tuple[int, str, str]


class ReleaseWatch:
    """Used by one thread."""

    def __init__(self, releases: Releases, clock: Clock) -> None:
        self._releases = releases
        self._clock = clock
        self._told: OrderedDict[_Key, tuple[int, int]] = OrderedDict()

    def see(self, seen: Sequence[ReleaseSeen]) -> None:
        """Make known what is new in what was seen; may be repeated.

        Raises:
            MetadataError: Nothing of it is remembered; see it again.
        """
        news = [each for each in map(_nameable, seen) if self._is_news(each)]
        for start in range(0, len(news), TOLD_AT_ONCE_MAX):
            self._tell(news[start : start + TOLD_AT_ONCE_MAX])

    def _tell(self, news: Sequence[ReleaseSeen]) -> None:
        self._releases.see_releases(news, now_ns=self._clock.now_ns())
        for each in news:
            key = _key(each)
            first_ns, last_ns = self._told.pop(key, (each.first_ns, each.last_ns))
            self._told[key] = (min(first_ns, each.first_ns), max(last_ns, each.last_ns))
        while len(self._told) > REMEMBERED_MAX:
            self._told.popitem(last=False)

    def _is_news(self, seen: ReleaseSeen) -> bool:
        told = self._told.get(_key(seen))
        if told is None:
            return True
        first_ns, last_ns = told
        return seen.first_ns < first_ns or seen.last_ns >= last_ns + TOLD_AGAIN_AFTER_NS


def _key(seen: ReleaseSeen) -> _Key:
    return seen.project_id, seen.version, seen.environment


def _nameable(seen: ReleaseSeen) -> ReleaseSeen:
    """Return the same without names that could not be asked for."""
    is_version = not seen.version or why_not_a_version(seen.version) is None
    is_environment = len(seen.environment) <= ENVIRONMENT_LENGTH_MAX
    if is_version and is_environment:
        return seen
    return replace(
        seen,
        version=seen.version if is_version else "",
        environment=seen.environment if is_environment else "",
    )
