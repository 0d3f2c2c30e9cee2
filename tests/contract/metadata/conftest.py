"""Every adapter of the metadata, empty, for each test of the contract."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.services.fixtures import postgres_server, postgres_url
from vedette.storage.metadata.port import Metadata
from vedette.storage.metadata.store import open_metadata

__all__ = ["postgres_server", "postgres_url"]


@dataclass(frozen=True, slots=True)
class Shop:
    """Two projects with a key each: what most tests begin with."""

    metadata: Metadata
    organization_id: int
    project_id: int
    key_id: int
    other_project_id: int
    other_key_id: int


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where an adapter keeps what several processes share; not made yet."""
    match request.param:
        case "sqlite":
            return f"sqlite:///{tmp_path}/metadata.sqlite3"
        case _:
            url: str = request.getfixturevalue("postgres_url")
            return url


@pytest.fixture(params=["sqlite", "postgres"])
def metadata(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Metadata]:
    """One adapter, empty."""
    opened: Metadata
    match request.param:
        case "sqlite":
            opened = open_metadata(f"sqlite:///{tmp_path}/metadata.sqlite3")
        case _:
            opened = open_metadata(request.getfixturevalue("postgres_url"))
    yield opened
    opened.close()


@pytest.fixture
def shop(metadata: Metadata) -> Shop:
    """An organization with two projects, each with a key."""
    organization = metadata.create_organization(slug="default", name="Default", created_ns=1)
    own, other = (
        metadata.create_project(
            organization_id=organization.organization_id,
            slug=slug,
            name=slug.title(),
            platform="python",
            created_ns=2,
        )
        for slug in ("shop", "blog")
    )
    key, other_key = (
        metadata.create_key(
            project_id=project.project_id, public_key=digit * 32, label="first", created_ns=3
        )
        for project, digit in ((own, "a"), (other, "b"))
    )
    return Shop(
        metadata=metadata,
        organization_id=organization.organization_id,
        project_id=own.project_id,
        key_id=key.key_id,
        other_project_id=other.project_id,
        other_key_id=other_key.key_id,
    )
