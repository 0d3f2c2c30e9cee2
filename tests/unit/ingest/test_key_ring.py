"""The door knows a new key at once, however much strangers knock."""

from typing_extensions import override

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from vedette.ingest.key_ring import LOOK_EVERY_S, LOOKS_AFTER_MISSES_MAX, KeyRing
from vedette.model.project import ProjectKey
from vedette.storage.metadata.port import MetadataUnreachable


def add_key(metadata: FreshMetadata, slug: str) -> ProjectKey:
    organizations = metadata.organizations()
    organization = (
        organizations[0]
        if organizations
        else metadata.create_organization(slug="default", name="Default", created_ns=0)
    )
    project = metadata.create_project(
        organization_id=organization.organization_id,
        slug=slug,
        name=slug,
        platform="other",
        created_ns=0,
    )
    return metadata.create_key(
        project_id=project.project_id, public_key=slug * 32, label="Default", created_ns=0
    )


def test_a_key_made_just_after_a_look_is_known_when_it_is_used() -> None:
    metadata = FreshMetadata()
    ring = KeyRing(metadata, HandClock())
    ring.refresh()
    assert ring.find("f" * 32) is None

    key = add_key(metadata, "a")

    assert ring.find(key.public_key) == key


def test_strangers_make_the_store_be_asked_only_so_often() -> None:
    metadata, clock = FreshMetadata(), HandClock()
    ring = KeyRing(metadata, clock)
    for _ in range(LOOKS_AFTER_MISSES_MAX):
        assert ring.find("f" * 32) is None

    key = add_key(metadata, "a")
    among_strangers = ring.find(key.public_key)
    clock.move(1)

    assert among_strangers is None
    assert ring.find(key.public_key) == key


def test_without_misses_changes_are_seen_within_a_second() -> None:
    metadata, clock = FreshMetadata(), HandClock()
    ring = KeyRing(metadata, clock)
    ring.refresh()
    add_key(metadata, "a")

    clock.move(LOOK_EVERY_S / 2)
    early = ring.refresh()
    clock.move(LOOK_EVERY_S / 2)

    assert not early
    assert ring.refresh()


class MetadataThatIsAway(FreshMetadata):
    """Counts how often it is asked, and does not answer while the test says so."""

    is_away = False
    asked_count = 0

    @override
    def version(self) -> int:
        self.asked_count += 1
        if self.is_away:
            raise MetadataUnreachable("the database is away")
        return super().version()


def test_a_store_that_is_away_is_asked_for_no_miss_until_it_is_back() -> None:
    clock, metadata = HandClock(), MetadataThatIsAway()
    known = add_key(metadata, "a")
    ring = KeyRing(metadata, clock)
    ring.refresh()
    metadata.is_away = True
    ring.find("0" * 32)
    asked_count = metadata.asked_count

    assert [ring.find("0" * 32) for _ in range(5)] == [None] * 5
    assert ring.find(known.public_key) == known, "what was known stays good"
    assert metadata.asked_count == asked_count

    metadata.is_away = False
    new = add_key(metadata, "b")
    clock.move(5)
    ring.refresh()
    assert ring.find(new.public_key) == new
    assert ring.find("0" * 32) is None
    assert metadata.asked_count > asked_count + 1, "misses are asked again"
