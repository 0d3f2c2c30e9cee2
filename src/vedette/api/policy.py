"""Who may do what: the one place where roles and scopes become permissions."""

from typing import Final

from vedette.model.person import Role


class Scope:
    """The permissions, under the names that Sentry's tokens use."""

    ORG_READ: Final = "org:read"
    ORG_WRITE: Final = "org:write"
    ORG_ADMIN: Final = "org:admin"
    ORG_CI: Final = "org:ci"
    PROJECT_READ: Final = "project:read"
    PROJECT_WRITE: Final = "project:write"
    PROJECT_ADMIN: Final = "project:admin"
    PROJECT_RELEASES: Final = "project:releases"
    TEAM_READ: Final = "team:read"
    TEAM_WRITE: Final = "team:write"
    TEAM_ADMIN: Final = "team:admin"
    MEMBER_READ: Final = "member:read"
    MEMBER_WRITE: Final = "member:write"
    MEMBER_ADMIN: Final = "member:admin"
    EVENT_READ: Final = "event:read"
    EVENT_WRITE: Final = "event:write"
    EVENT_ADMIN: Final = "event:admin"
    ALERTS_READ: Final = "alerts:read"
    ALERTS_WRITE: Final = "alerts:write"

    ADMIN: Final = "admin"
    """Of tokens only: everything that its owner may do."""


_READER: Final = frozenset(
    {
        Scope.ORG_READ,
        Scope.PROJECT_READ,
        Scope.TEAM_READ,
        Scope.MEMBER_READ,
        Scope.EVENT_READ,
        Scope.ALERTS_READ,
    }
)
_MEMBER: Final = _READER | {Scope.EVENT_WRITE, Scope.PROJECT_RELEASES, Scope.ORG_CI}
_MANAGER: Final = _MEMBER | {
    Scope.ORG_WRITE,
    Scope.PROJECT_WRITE,
    Scope.PROJECT_ADMIN,
    Scope.TEAM_WRITE,
    Scope.TEAM_ADMIN,
    Scope.MEMBER_WRITE,
    Scope.EVENT_ADMIN,
    Scope.ALERTS_WRITE,
}
_OWNER: Final = _MANAGER | {Scope.ORG_ADMIN, Scope.MEMBER_ADMIN}

_SCOPES_OF_ROLE: Final = {
    Role.READER: _READER,
    Role.MEMBER: _MEMBER,
    Role.MANAGER: _MANAGER,
    Role.OWNER: _OWNER,
}
ALL_SCOPES: Final = _OWNER

# Whoever may write may read, as in Sentry: tokens name only their widest scope.
_INCLUDES: Final[dict[str, frozenset[str]]] = {
    Scope.ORG_WRITE: frozenset({Scope.ORG_READ}),
    Scope.ORG_ADMIN: frozenset({Scope.ORG_READ, Scope.ORG_WRITE}),
    Scope.ORG_CI: frozenset({Scope.ORG_READ, Scope.PROJECT_READ, Scope.PROJECT_RELEASES}),
    Scope.PROJECT_WRITE: frozenset({Scope.PROJECT_READ}),
    Scope.PROJECT_ADMIN: frozenset({Scope.PROJECT_READ, Scope.PROJECT_WRITE}),
    Scope.PROJECT_RELEASES: frozenset({Scope.PROJECT_READ}),
    Scope.TEAM_WRITE: frozenset({Scope.TEAM_READ}),
    Scope.TEAM_ADMIN: frozenset({Scope.TEAM_READ, Scope.TEAM_WRITE}),
    Scope.MEMBER_WRITE: frozenset({Scope.MEMBER_READ}),
    Scope.MEMBER_ADMIN: frozenset({Scope.MEMBER_READ, Scope.MEMBER_WRITE}),
    Scope.EVENT_WRITE: frozenset({Scope.EVENT_READ}),
    Scope.EVENT_ADMIN: frozenset({Scope.EVENT_READ, Scope.EVENT_WRITE}),
    Scope.ALERTS_WRITE: frozenset({Scope.ALERTS_READ}),
}


def scopes_of_role(role: Role) -> frozenset[str]:
    """Return what a person of this role may do."""
    return _SCOPES_OF_ROLE[role]


def scopes_of_token(role: Role, token_scopes: frozenset[str]) -> frozenset[str]:
    """Return what a token may do: what it was made for, and never more than its owner may."""
    if Scope.ADMIN in token_scopes:
        return scopes_of_role(role)
    named = token_scopes | {
        included for scope in token_scopes for included in _INCLUDES.get(scope, frozenset())
    }
    return named & scopes_of_role(role)
