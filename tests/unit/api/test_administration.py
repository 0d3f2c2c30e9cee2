"""Projects, keys, members and tokens are changed and taken away."""

from typing import Any

import httpx
import pytest

from tests.unit.api.read_server import ReadServer
from vedette.api.policy import Scope
from vedette.model.person import Role

PROJECT = "/api/0/projects/default/web/"
KEYS = f"{PROJECT}keys/"
MEMBERS = "/api/0/organizations/default/members/"
TOKENS = "/api/0/api-tokens/"


def send(
    server: ReadServer, method: str, path: str, body: object = None, role: Role = Role.OWNER
) -> httpx.Response:
    return server.ask(path, method=method, headers=server.token(role), json=body)


def member_id(server: ReadServer, role: Role) -> int:
    return server.users[role].user_id


def test_a_project_is_renamed(server: ReadServer) -> None:
    changed = send(server, "PUT", PROJECT, {"name": "Shop", "slug": "shop", "platform": "go"})

    shown = server.get("/api/0/projects/default/shop/").json()
    assert changed.status_code == 200
    assert (shown["name"], shown["platform"]) == ("Shop", "go")
    assert server.get(PROJECT).status_code == 404


@pytest.mark.parametrize(
    "body", [{"slug": "Up"}, {"slug": ""}, {"name": ""}, {"name": "a\nb"}, {"platform": "x" * 65}]
)
def test_a_project_keeps_a_good_name(server: ReadServer, body: object) -> None:
    assert send(server, "PUT", PROJECT, body).status_code == 400
    assert server.get(PROJECT).json()["name"] == "Web"


def test_a_slug_that_is_taken_is_refused(server: ReadServer) -> None:
    send(server, "POST", "/api/0/organizations/default/projects/", {"name": "blog"})

    assert send(server, "PUT", PROJECT, {"slug": "blog"}).status_code == 409


def test_a_deleted_project_is_gone_with_its_keys(server: ReadServer) -> None:
    assert send(server, "DELETE", PROJECT).status_code == 204

    assert server.get(PROJECT).status_code == 404
    assert [each.public_key for each in server.metadata.active_keys()] == ["cd" * 16]


def test_a_key_has_a_limit_until_it_is_taken_away(server: ReadServer) -> None:
    limit = {"window": 60, "count": 100}
    made = send(server, "POST", KEYS, {"name": "m", "rateLimit": limit}).json()
    path = f"{KEYS}{made['id']}/"

    renamed = send(server, "PUT", path, {"name": "mobile"}).json()
    [quota] = server.metadata.quotas()
    freed = send(server, "PUT", path, {"rateLimit": None}).json()

    assert (made["rateLimit"], renamed["rateLimit"], renamed["name"]) == (limit, limit, "mobile")
    assert (quota.item_count_max, quota.window_s) == (100, 60)
    assert (freed["rateLimit"], list(server.metadata.quotas())) == (None, [])
    assert send(server, "PUT", path, {"rateLimit": {"window": 0, "count": 5}}).status_code == 400
    assert send(server, "DELETE", path).status_code == 204
    assert server.get(path).status_code == 404


def test_somebody_is_invited_and_comes_in_by_the_link(server: ReadServer) -> None:
    made = send(server, "POST", MEMBERS, {"email": "kim@shop.example", "orgRole": "manager"})

    link = made.json()["inviteLink"]
    signed_in = server.ask(link.removeprefix(server.state.url))
    again = send(server, "POST", MEMBERS, {"email": "KIM@shop.example"})

    assert (made.status_code, made.json()["orgRole"]) == (201, "manager")
    assert "vedette_session" in signed_in.headers["set-cookie"]
    assert again.status_code == 409


@pytest.mark.parametrize(
    "body",
    [{}, {"email": "kim"}, {"email": "@x"}, {"email": "a b@c"}, {"email": "a@b", "role": "x"}],
)
def test_an_invitation_needs_an_address_and_a_role(server: ReadServer, body: object) -> None:
    assert send(server, "POST", MEMBERS, body).status_code == 400


def test_nobody_makes_somebody_who_may_do_more(server: ReadServer) -> None:
    reader, owner = member_id(server, Role.READER), member_id(server, Role.OWNER)
    attempts: list[tuple[str, str, Any]] = [
        ("POST", MEMBERS, {"email": "kim@shop.example", "role": "owner"}),
        ("PUT", f"{MEMBERS}{reader}/", {"orgRole": "owner"}),
        ("PUT", f"{MEMBERS}{owner}/", {"orgRole": "reader"}),
        ("DELETE", f"{MEMBERS}{owner}/", None),
    ]

    for method, path, body in attempts:
        assert send(server, method, path, body, role=Role.MANAGER).status_code == 403
    assert [each.role for each in server.metadata.users()] == list(Role)


def test_the_only_owner_stays_until_there_is_another(server: ReadServer) -> None:
    owner, manager = member_id(server, Role.OWNER), member_id(server, Role.MANAGER)

    assert send(server, "DELETE", f"{MEMBERS}{owner}/").status_code == 409
    assert send(server, "PUT", f"{MEMBERS}me/", {"orgRole": "reader"}).status_code == 409
    promoted = send(server, "PUT", f"{MEMBERS}{manager}/", {"orgRole": "owner"})
    assert promoted.json()["orgRole"] == "owner"
    assert send(server, "DELETE", f"{MEMBERS}{manager}/").status_code == 204
    assert str(manager) not in {each["id"] for each in server.get(MEMBERS).json()}


def test_a_token_is_shown_once_and_revoked(server: ReadServer) -> None:
    body = {"name": "ci", "scopes": ["project:releases", "org:read"]}
    made = send(server, "POST", TOKENS, body).json()
    headers = {"Authorization": f"Bearer {made['token']}"}

    may = server.ask("/api/0/organizations/", headers=headers)
    listed = server.get(TOKENS).json()
    gone = send(server, "DELETE", TOKENS, {"tokenId": made["id"]})

    assert may.status_code == 200
    assert all("token" not in each for each in listed)
    assert gone.status_code == 204
    assert server.ask("/api/0/organizations/", headers=headers).status_code == 401


def test_a_token_makes_none_that_may_do_more(server: ReadServer) -> None:
    small = server.token(Role.OWNER, frozenset({Scope.ORG_READ}))

    refused = server.ask(
        TOKENS, method="POST", headers=small, json={"scopes": ["org:read", "org:admin"]}
    )

    assert refused.status_code == 403
    for scopes in ([], ["admin"], ["nothing"]):
        answer = send(server, "POST", TOKENS, {"scopes": scopes})
        assert answer.status_code == 400


def test_nobody_revokes_anothers_token(server: ReadServer) -> None:
    made = send(server, "POST", TOKENS, {"scopes": ["org:read"]}).json()

    tried = send(server, "DELETE", TOKENS, {"tokenId": made["id"]}, role=Role.READER)

    assert tried.status_code == 404


TEAMS = "/api/0/organizations/default/teams/"
TEAM = "/api/0/teams/default/front/"


def test_a_team_holds_the_projects_that_are_put_into_it(server: ReadServer) -> None:
    made = send(server, "POST", TEAMS, {"name": "Front"})
    added = send(server, "POST", f"{PROJECT}teams/front/")
    born = send(server, "POST", f"{TEAM}projects/", {"name": "Pages"})
    inside = [each["slug"] for each in server.get(f"{TEAM}projects/").json()]
    taken = send(server, "DELETE", f"{PROJECT}teams/front/")

    assert (made.status_code, made.json()["slug"]) == (201, "front")
    assert (added.status_code, born.status_code, taken.status_code) == (201, 201, 200)
    assert inside == ["web", "pages"]
    assert [each["slug"] for each in server.get(f"{TEAM}projects/").json()] == ["pages"]
    assert [each["slug"] for each in server.get(TEAMS).json()] == ["default", "front"]
    assert [each["slug"] for each in server.get(f"{PROJECT}teams/").json()] == ["default"]


def test_a_team_is_renamed_and_taken_away(server: ReadServer) -> None:
    send(server, "POST", TEAMS, {"slug": "front"})

    assert send(server, "POST", TEAMS, {"slug": "front"}).status_code == 409
    assert send(server, "POST", TEAMS, {"slug": "default"}).status_code == 409
    assert send(server, "PUT", TEAM, {"name": "Pages"}).json()["name"] == "Pages"
    assert send(server, "DELETE", TEAM).status_code == 204
    assert server.get(TEAM).status_code == 404


def test_the_team_of_everybody_stays(server: ReadServer) -> None:
    everybody = "/api/0/teams/default/default/"

    assert send(server, "DELETE", everybody).status_code == 400
    assert send(server, "PUT", everybody, {"slug": "x"}).status_code == 400
    assert send(server, "DELETE", f"{PROJECT}teams/default/").status_code == 400
