"""Who owns data: organization, project, the keys that may write to it, and their quotas."""

from dataclasses import dataclass
from typing import Final

from vedette.model.category import Category

PUBLIC_KEY_BYTES: Final = 16
"""A public key is written as 32 hex digits, which is what every SDK takes."""


@dataclass(frozen=True, slots=True)
class Organization:
    """The owner of projects and people. A fresh server has one, `default`."""

    organization_id: int
    slug: str
    name: str
    created_ns: int


@dataclass(frozen=True, slots=True)
class Project:
    """Where data belongs."""

    project_id: int
    organization_id: int
    slug: str
    name: str
    platform: str
    created_ns: int


@dataclass(frozen=True, slots=True)
class ProjectKey:
    """The public half of a DSN: it lets data in and shows nothing."""

    key_id: int
    project_id: int
    public_key: str
    label: str
    is_active: bool
    created_ns: int

    def dsn(self, url: str) -> str:
        """Return what an SDK is given to write with this key to the server at `url`."""
        scheme, _, host = url.partition("://")
        return f"{scheme}://{self.public_key}@{host}/{self.project_id}"


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `item_count_max` items of one category in each window, for a project or one key."""

    quota_id: int
    project_id: int
    key_id: int | None
    """None: the quota counts all keys of the project together."""
    category: Category | None
    """None: every category, together."""
    item_count_max: int
    window_s: int
