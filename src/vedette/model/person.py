"""People and the tokens with which they or their scripts read."""

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """What a member may do, from most to least."""

    OWNER = "owner"
    MANAGER = "manager"
    MEMBER = "member"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class User:
    """A person who can sign in."""

    user_id: int
    email: str
    name: str
    role: Role
    is_active: bool
    created_ns: int


@dataclass(frozen=True, slots=True)
class Token:
    """A secret for scripts. The secret itself is shown once and kept only as a hash."""

    token_id: int
    user_id: int
    label: str
    scopes: frozenset[str]
    created_ns: int
    last_used_ns: int | None
