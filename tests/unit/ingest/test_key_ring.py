"""The door knows a new key at once, however much strangers knock."""

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from vedette.ingest.key_ring import LOOK_EVERY_S, LOOKS_AFTER_MISSES_MAX, KeyRing
from vedette.model.project import ProjectKey


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
