"""Releases become known by what is digested."""

from collections.abc import Sequence

import pytest
from typing_extensions import override

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.ingest.release_watch import ReleaseWatch
from vedette.ingest.releases_seen import releases_seen
from vedette.model.release import ReleaseInEnvironment, ReleaseSeen
from vedette.storage.metadata.port import MetadataUnreachable

SECOND = NANOSECONDS_PER_SECOND


class CountingMetadata(FreshMetadata):
    """Counts how often it is told, and can be away."""

    def __init__(self) -> None:
        super().__init__()
        self.told = 0
        self.is_away = False
        organization = self.create_organization(slug="default", name="", created_ns=1)
        self.organization_id = organization.organization_id
        self.project_id = self.create_project(
            organization_id=self.organization_id, slug="web", name="", platform="", created_ns=1
        ).project_id

    @override
    def see_releases(self, seen: Sequence[ReleaseSeen], *, now_ns: int) -> None:
        if self.is_away:
            raise MetadataUnreachable("gone")
        self.told += 1
        super().see_releases(seen, now_ns=now_ns)


def watched(metadata: CountingMetadata) -> ReleaseWatch:
    return ReleaseWatch(metadata, HandClock())


def seen(metadata: CountingMetadata, version: str, first_s: int, last_s: int) -> ReleaseSeen:
    return ReleaseSeen(
        metadata.project_id, version, "production", first_s * SECOND, last_s * SECOND
    )


def test_the_same_release_is_told_once_in_a_while() -> None:
    metadata = CountingMetadata()
    watch = watched(metadata)

    for second in range(100, 131):
        watch.see([seen(metadata, "a@1.0", second, second)])

    release = metadata.release(metadata.organization_id, "a@1.0")
    assert release is not None
    assert metadata.told == 4
    assert release.environments == (
        ReleaseInEnvironment(metadata.project_id, "production", 100 * SECOND, 130 * SECOND),
    )


def test_what_was_not_told_is_told_the_next_time() -> None:
    metadata = CountingMetadata()
    watch = watched(metadata)
    metadata.is_away = True
    with pytest.raises(MetadataUnreachable):
        watch.see([seen(metadata, "a@1.0", 1, 1)])

    metadata.is_away = False
    watch.see([seen(metadata, "a@1.0", 1, 1)])

    assert metadata.release(metadata.organization_id, "a@1.0") is not None


@pytest.mark.parametrize("version", ["..", "latest", "x" * 5_000, "a\nb", "/"])
def test_what_cannot_be_a_version_makes_no_release_and_stops_nothing(version: str) -> None:
    metadata = CountingMetadata()
    watch = watched(metadata)

    watch.see([seen(metadata, version, 1, 1), seen(metadata, "b", 1, 1)])
    watch.see([ReleaseSeen(metadata.project_id, "c", "e" * 5_000, 1, 1)])

    assert metadata.release(metadata.organization_id, "b") is not None
    assert metadata.release(metadata.organization_id, "c") is not None
    assert metadata.release(metadata.organization_id, version) is None


def test_the_rows_of_a_batch_are_one_sighting_for_each_place() -> None:
    rows: list[dict[str, object]] = [
        {"project_id": 1, "release": "a", "environment": "x", "time": 5_000},
        {"project_id": 1, "release": "a", "environment": "x", "time": 2_000},
        {"project_id": 2, "release": "a", "environment": "x", "time": 9_000},
    ]

    assert releases_seen(rows, time="time", ticks_per_s=1_000_000) == (
        ReleaseSeen(1, "a", "x", 2_000_000, 5_000_000),
        ReleaseSeen(2, "a", "x", 9_000_000, 9_000_000),
    )


def test_a_batch_of_very_many_releases_is_told_in_parts() -> None:
    metadata = CountingMetadata()
    watch = watched(metadata)

    watch.see([seen(metadata, f"v{number}", 1, 1) for number in range(2_500)])

    assert metadata.told == 3
    assert metadata.release(metadata.organization_id, "v2499") is not None
