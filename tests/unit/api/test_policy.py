"""Roles, scopes and origins."""

import itertools

import pytest

from vedette.api.asker import is_own_origin
from vedette.api.outer_layers import one_slash_form
from vedette.api.policy import ALL_SCOPES, Scope, scopes_of_role, scopes_of_token
from vedette.model.person import Role


def test_each_role_may_what_the_next_lower_may_and_more() -> None:
    ranks = [scopes_of_role(role) for role in (Role.READER, Role.MEMBER, Role.MANAGER, Role.OWNER)]

    for lower, higher in itertools.pairwise(ranks):
        assert lower < higher
    assert ranks[-1] == ALL_SCOPES


@pytest.mark.parametrize("role", list(Role))
def test_a_token_never_opens_more_than_its_owner_may(role: Role) -> None:
    every = ALL_SCOPES | {Scope.ADMIN, "invented:scope"}

    assert scopes_of_token(role, every) == scopes_of_role(role)


def test_a_token_without_scopes_opens_nothing() -> None:
    assert scopes_of_token(Role.OWNER, frozenset()) == frozenset()


def test_writing_includes_reading() -> None:
    assert scopes_of_token(Role.OWNER, frozenset({Scope.PROJECT_WRITE})) == {
        Scope.PROJECT_WRITE,
        Scope.PROJECT_READ,
    }


@pytest.mark.parametrize(
    ("origin", "is_own"),
    [
        ("http://vedette.test", True),
        ("https://monitoring.example.org", True),
        ("https://evil.test", False),
        ("http://vedette.test.evil.test", False),
        ("http://vedette.test:81", False),
        ("ftp://vedette.test", False),
        ("null", False),
        ("", False),
        ("http://[", False),
    ],
)
def test_an_origin_is_ours_when_it_names_the_server(origin: str, *, is_own: bool) -> None:
    found = is_own_origin(origin, host="vedette.test", public_url="https://monitoring.example.org")

    assert found is is_own


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/api/0", "/api/0/"),
        ("/api/0/auth", "/api/0/auth/"),
        ("/api/0/auth/", "/api/0/auth/"),
        ("/api/v1/status/", "/api/v1/status"),
        ("/readyz/", "/readyz"),
        ("/", "/"),
        ("/anything/", "/anything/"),
    ],
)
def test_each_path_has_one_form(path: str, form: str) -> None:
    assert one_slash_form(path) == form
