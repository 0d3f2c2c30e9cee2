"""Routes that write: projects and keys."""

import pytest

from tests.unit.api.read_server import ReadServer

KEYS = "/api/0/projects/default/web/keys/"
PROJECTS = "/api/0/organizations/default/projects/"


def post(server: ReadServer, path: str, body: object) -> tuple[int, dict[str, object]]:
    answer = server.ask(path, method="POST", headers=server.token(), json=body)
    return answer.status_code, answer.json()


def test_a_key_brings_its_dsn_and_addresses(server: ReadServer) -> None:
    [key] = server.get(KEYS).json()

    public = "ab" * 16
    assert key["dsn"]["public"] == f"http://{public}@vedette.test/1"
    assert key["dsn"]["otlp_traces"] == "http://vedette.test/api/1/otlp/v1/traces"
    assert key["isActive"] is True


def test_a_key_is_made_and_switched_off(server: ReadServer) -> None:
    status, made = post(server, KEYS, {"name": "Mobile"})
    off = server.ask(
        f"{KEYS}{made['id']}/", method="PUT", headers=server.token(), json={"isActive": False}
    )

    assert (status, made["label"]) == (201, "Mobile")
    assert off.json()["isActive"] is False
    active = {key.public_key for key in server.metadata.active_keys()}
    assert active == {"ab" * 16, "cd" * 16}


def test_a_key_keeps_what_a_change_does_not_name(server: ReadServer) -> None:
    answer = server.ask(
        f"{KEYS}{'ab' * 16}/", method="PUT", headers=server.token(), json={"name": "x"}
    )

    assert (answer.json()["name"], answer.json()["isActive"]) == ("x", True)


@pytest.mark.parametrize("path", [PROJECTS, "/api/0/teams/default/default/projects/"])
def test_a_project_is_made_with_a_key_that_may_write(server: ReadServer, path: str) -> None:
    status, made = post(server, path, {"name": "My Shop", "platform": "go"})

    assert status == 201
    assert (made["slug"], made["platform"]) == ("my-shop", "go")
    [key] = server.get("/api/0/projects/default/my-shop/keys/").json()
    assert key["isActive"] is True


def test_a_slug_that_is_taken_is_refused(server: ReadServer) -> None:
    assert post(server, PROJECTS, {"name": "Web"}) == (
        409,
        {"detail": "A project with this slug already exists."},
    )


@pytest.mark.parametrize(
    ("name", "slug"),
    [("My App!", "my-app"), ("123", "project-123"), ("Ünï", "n"), ("🎉", "project"), ("-a-", "a")],
)
def test_a_slug_is_made_of_the_name(server: ReadServer, name: str, slug: str) -> None:
    assert post(server, PROJECTS, {"name": name})[1]["slug"] == slug


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " "},
        {"name": "a" * 201},
        {"name": "a\nb"},
        {"name": 5},
        {"name": "a", "slug": "123"},
        {"name": "a", "slug": "Upper"},
        {"name": "a", "slug": "../x"},
        {"name": "a", "slug": "a\n"},
        {"name": "a", "slug": ""},
        {"name": "a", "slug": "a" * 51},
        {"name": "a", "platform": "p" * 65},
    ],
)
def test_a_project_without_a_good_name_is_refused(server: ReadServer, body: object) -> None:
    status, content = post(server, PROJECTS, body)

    assert status == 400
    assert content["detail"]
    assert len(server.metadata.projects(server.organization.organization_id)) == 1
