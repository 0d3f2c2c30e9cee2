"""Releases, commits, deploys, environments and sessions by the read door."""

from typing import Any
from urllib.parse import quote

import httpx
import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.release import ReleaseSeen
from vedette.model.session_question import SessionQuestion
from vedette.storage.telemetry.session_port import SESSION_SUMS

RELEASES = "/api/0/organizations/default/releases/"
OF_PROJECT = "/api/0/projects/default/web/releases/"
SECOND = NANOSECONDS_PER_SECOND


@pytest.fixture(autouse=True)
def begin_without_releases(server: ReadServer) -> None:
    for version in ("web@1.0", "theirs@1.0"):
        for organization in (server.organization, server.foreign_organization):
            found = server.metadata.release(organization.organization_id, version)
            if found is not None:
                server.metadata.delete_release(found.release_id)


def send(server: ReadServer, method: str, path: str, body: object = None) -> httpx.Response:
    return server.ask(path, method=method, headers=server.token(), json=body)


def make(server: ReadServer, version: str, **more: object) -> dict[str, Any]:
    body = {"version": version, "projects": ["web"]} | more
    answer = send(server, "POST", RELEASES, body)
    assert answer.status_code in (201, 208), answer.text
    return dict(answer.json())


def versions(server: ReadServer, search: str = "", path: str = RELEASES) -> list[str]:
    answer = server.get(f"{path}?{search}")
    assert answer.status_code == 200, answer.text
    return [each["version"] for each in answer.json()]


def test_a_release_is_made_once_then_changed(server: ReadServer) -> None:
    body = {"version": "shop@1.2.3+45", "projects": ["web"], "url": "https://ci.test/1"}
    first = send(server, "POST", RELEASES, body)
    again = send(server, "POST", RELEASES, body | {"dateReleased": "2026-01-01T10:00:00+01:00"})

    assert (first.status_code, again.status_code) == (201, 208)
    made = again.json()
    assert made["dateReleased"] == "2026-01-01T09:00:00Z"
    assert made["url"] == "https://ci.test/1"
    assert [each["slug"] for each in made["projects"]] == ["web"]
    assert made["shortVersion"] == "1.2.3+45"
    assert made["versionInfo"]["version"]["buildCode"] == "45"


@pytest.mark.parametrize(
    "version",
    ["shop@1.2.3+build", "feature/login", "a b", "ünï 🎉", "100%", "a#b?c", "%2F.x"],
)
def test_a_release_is_found_by_its_name_whatever_it_is(server: ReadServer, version: str) -> None:
    make(server, version)
    address = f"{RELEASES}{quote(version, safe='')}/"

    shown = server.get(address)
    changed = send(server, "PUT", address, {"ref": "main"})
    gone = send(server, "DELETE", address)

    assert shown.json()["version"] == version
    assert changed.json()["ref"] == "main"
    assert (gone.status_code, server.get(address).status_code) == (204, 404)


@pytest.mark.parametrize("version", ["", " ", ".", "..", "latest", "a\nb", "/", "x" * 201])
@pytest.mark.parametrize("path", [RELEASES, OF_PROJECT])
def test_what_cannot_be_a_version_is_refused(server: ReadServer, path: str, version: str) -> None:
    answer = send(server, "POST", path, {"version": version, "projects": ["web"]})

    assert answer.status_code == 400
    assert answer.json()["version"]


@pytest.mark.parametrize(
    "more",
    [
        {"projects": []},
        {"projects": None},
        {"projects": ["theirs"]},
        {"projects": ["99"]},
        {"dateReleased": "yesterday"},
        {"dateReleased": "9999-01-01T00:00:00Z"},
        {"url": "x" * 501},
        {"status": "gone"},
        {"commits": [{"id": ""}]},
        {"commits": [{"id": "x" * 501}]},
        {"commits": [{"id": "1", "patch_set": [{"path": "a", "type": "X"}]}]},
        {"commits": [{"id": "1", "timestamp": "noon"}]},
        {"commits": [{"id": "1"}] * 2_001},
        {"refs": [{"repository": "a"}]},
        {"refs": "a"},
    ],
)
def test_a_release_with_something_wrong_is_not_made(server: ReadServer, more: Any) -> None:
    answer = send(server, "POST", RELEASES, {"version": "a", "projects": ["web"]} | more)

    assert answer.status_code == 400, answer.text
    assert answer.json()["detail"]
    assert versions(server) == []


def test_a_number_names_a_project_too(server: ReadServer) -> None:
    made = make(server, "a", projects=[server.project.project_id])

    assert [each["slug"] for each in made["projects"]] == ["web"]


def test_another_organizations_release_of_the_same_name_is_another(server: ReadServer) -> None:
    theirs = "/api/0/organizations/others/releases/"
    send(server, "POST", theirs, {"version": "a", "projects": ["theirs"], "ref": "secret"})

    assert server.get(f"{RELEASES}a/").status_code == 404
    assert versions(server) == []
    assert make(server, "a")["ref"] is None


def test_releases_are_sorted_and_found(server: ReadServer) -> None:
    for number, version in enumerate(["shop@1.10.0", "shop@1.9.0", "blog@2.0.0"]):
        server.clock.wall_ns = number * SECOND
        make(server, version)
    send(server, "PUT", f"{RELEASES}blog@2.0.0/", {"status": "archived"})

    assert versions(server) == ["shop@1.9.0", "shop@1.10.0"]
    assert versions(server, "sort=semver") == ["shop@1.10.0", "shop@1.9.0"]
    assert versions(server, "query=1.9") == ["shop@1.9.0"]
    assert versions(server, "query=release.package:shop") == ["shop@1.9.0", "shop@1.10.0"]
    assert versions(server, "query=release:shop@1.9*") == ["shop@1.9.0"]
    assert versions(server, "status=archived") == ["blog@2.0.0"]
    assert versions(server, "per_page=1&cursor=0:1:0") == ["shop@1.10.0"]
    assert versions(server, path=OF_PROJECT) == ["shop@1.9.0", "shop@1.10.0"]
    for wrong in ("sort=x", "status=x", "query=has:x", "per_page=0", "project=theirs"):
        assert server.get(f"{RELEASES}?{wrong}").status_code in (400, 404)


def test_commits_come_with_their_release(server: ReadServer) -> None:
    make(server, "a")
    commits = [
        {
            "id": "c2",
            "repository": "shop/web",
            "author_name": "Kim Lee",
            "author_email": "OWNER@example.org",
            "message": "Mend\n\nall",
            "timestamp": "2026-01-01T10:00:00+02:00",
            "patch_set": [{"path": "src/a.py", "type": "M"}, {"path": "b.py", "type": "D"}],
        },
        {"id": "c1", "author_name": "Ola Ø", "message": "x" * 3_000},
    ]

    changed = send(server, "PUT", f"{RELEASES}a/", {"commits": commits}).json()
    listed = server.get(f"{RELEASES}a/commits/").json()
    files = server.get(f"{RELEASES}a/commitfiles/").json()

    assert (changed["commitCount"], changed["lastCommit"]["id"]) == (2, "c2")
    assert [each.get("email") for each in changed["authors"]] == [
        "owner@example.org",
        "ola@localhost",
    ]
    assert changed["refs"] == [
        {"repository": "organization-1", "commit": "c1"},
        {"repository": "shop/web", "commit": "c2"},
    ]
    assert [each["id"] for each in listed] == ["c2", "c1"]
    assert listed[0]["dateCreated"] == "2026-01-01T08:00:00Z"
    assert listed[0]["repository"]["name"] == "shop/web"
    assert len(listed[1]["message"]) == 1_000
    assert listed[1]["message"].endswith("…")
    assert {(each["filename"], each["type"]) for each in files} == {
        ("src/a.py", "M"),
        ("b.py", "D"),
    }
    assert [each["name"] for each in server.get("/api/0/organizations/default/repos/").json()] == [
        "shop/web",
        "organization-1",
    ]
    assert server.get(f"{OF_PROJECT}a/commits/").json() == listed


def test_the_release_before_is_the_latest_with_commits(server: ReadServer) -> None:
    for number, version in enumerate(["one", "two", "three", "four"]):
        server.clock.wall_ns = number * SECOND
        make(server, version, **({"commits": [{"id": version}]} if number < 2 else {}))

    previous = server.get(f"{RELEASES}four/previous-with-commits/").json()

    assert (previous["version"], previous["lastCommit"]["id"]) == ("two", "two")
    assert server.get(f"{RELEASES}one/previous-with-commits/").json() == {}


def test_refs_are_kept_and_cleared(server: ReadServer) -> None:
    make(server, "a")
    refs = [{"repository": "shop/web", "commit": "aaa..bbb"}]

    kept = send(server, "PUT", f"{RELEASES}a/", {"refs": refs}).json()
    cleared = send(server, "PUT", f"{RELEASES}a/", {"refs": []}).json()

    assert kept["refs"] == [{"repository": "shop/web", "commit": "bbb"}]
    assert cleared["refs"] == []


def test_a_deploy_is_kept_and_names_its_environment(server: ReadServer) -> None:
    make(server, "a")
    body = {"environment": "production", "name": "Friday", "dateFinished": "2026-01-01T10:00:00Z"}

    made = send(server, "POST", f"{RELEASES}a/deploys/", body)

    assert made.status_code == 201
    assert server.get(f"{RELEASES}a/deploys/").json() == [made.json()]
    shown = server.get(f"{RELEASES}a/").json()
    assert (shown["deployCount"], shown["lastDeploy"]["name"]) == (1, "Friday")
    assert shown["dateReleased"] == "2026-01-01T10:00:00Z"
    for path in ("organizations/default", "projects/default/web"):
        names = [each["name"] for each in server.get(f"/api/0/{path}/environments/").json()]
        assert "production" in names


@pytest.mark.parametrize("environment", ["", "None", "a/b", "a\nb", "x" * 65])
def test_a_deploy_needs_an_environment(server: ReadServer, environment: str) -> None:
    make(server, "a")

    answer = send(server, "POST", f"{RELEASES}a/deploys/", {"environment": environment})

    assert answer.status_code == 400


def test_an_environment_is_hidden_from_lists(server: ReadServer) -> None:
    seen = ReleaseSeen(server.project.project_id, "", "staging", 1, 1)
    server.metadata.see_releases([seen], now_ns=1)
    path = "/api/0/projects/default/web/environments/"

    changed = send(server, "PUT", f"{path}staging/", {"isHidden": True})

    assert changed.json()["isHidden"] is True
    assert [each["name"] for each in server.get(path).json()] == ["production"]
    assert [each["name"] for each in server.get(f"{path}?visibility=hidden").json()] == ["staging"]
    assert server.get(f"{path}?visibility=x").status_code == 400
    assert server.get(f"{path}other/").status_code == 404


def test_a_release_that_was_seen_is_there(server: ReadServer) -> None:
    seen = ReleaseSeen(server.project.project_id, "shop@1.0", "staging", SECOND, 2 * SECOND)
    server.metadata.see_releases([seen], now_ns=3 * SECOND)

    [found] = server.get(f"{RELEASES}?environment=staging").json()

    assert (found["firstEvent"], found["lastEvent"]) == (
        "1970-01-01T00:00:01Z",
        "1970-01-01T00:00:02Z",
    )
    assert versions(server, "environment=production") == []


def sums(*keys: object, sessions: int, crashed: int = 0, users: int = 0) -> list[Any]:
    counts = [sessions, crashed, crashed, 0, 0, users, 0, 0, 0, 0]
    return [*keys, *counts, *([None] * 7)]


def test_health_stands_beside_each_project(server: ReadServer) -> None:
    make(server, "a")
    server.telemetry.session_sums = table(
        ("project", "release", "environment", "time", *SESSION_SUMS),
        sums(1, "a", "production", server.clock.now_ns(), sessions=10, crashed=1, users=4),
    )

    [found] = server.get(f"{RELEASES}?health=1").json()

    health = found["projects"][0]["healthData"]
    assert health["crashFreeSessions"] == pytest.approx(90)
    assert health["crashFreeUsers"] == 100
    assert (health["totalSessions"], health["sessionsAdoption"]) == (10, 100)
    assert found["projects"][0]["hasHealthData"] is True


def test_releases_are_ranked_by_their_sessions(server: ReadServer) -> None:
    for version in ("a", "b", "c"):
        make(server, version)
    server.telemetry.session_sums = table(
        ("project", "release", *SESSION_SUMS),
        sums(1, "a", sessions=10, crashed=9),
        sums(1, "b", sessions=5),
    )

    assert versions(server, "sort=sessions") == ["a", "b", "c"]
    assert versions(server, "sort=crash_free_sessions") == ["b", "a", "c"]


SESSIONS = "/api/0/organizations/default/sessions/"


def test_sessions_are_shown_by_group_and_step(server: ReadServer) -> None:
    server.telemetry.session_sums = table(
        ("release", "time", *SESSION_SUMS),
        sums("a", 0, sessions=4, crashed=1, users=2),
    )
    asked = (
        "field=sum(session)&field=crash_free_rate(session)&groupBy=release&groupBy=session.status"
        "&start=1970-01-01T00:10:00&end=1970-01-01T01:30:00&interval=1h&project=web"
        "&query=release:a&environment=production"
    )

    shown = server.get(f"{SESSIONS}?{asked}").json()

    assert shown["intervals"] == ["1970-01-01T00:00:00Z", "1970-01-01T01:00:00Z"]
    healthy = next(each for each in shown["groups"] if each["by"]["session.status"] == "healthy")
    assert healthy["by"] == {"release": "a", "session.status": "healthy"}
    assert healthy["totals"]["sum(session)"] == 3
    assert healthy["series"]["sum(session)"] == [3, 0]
    assert len(shown["groups"]) == 5
    question = server.telemetry.asked[-1]
    assert isinstance(question, SessionQuestion)
    assert question.project_ids == (1,)
    assert [each.texts for each in question.filters] == [("a",), ("production",)]


def test_no_sessions_are_no_rate(server: ReadServer) -> None:
    server.telemetry.session_sums = table(SESSION_SUMS)

    shown = server.get(f"{SESSIONS}?field=crash_free_rate(user)&field=sum(session)").json()

    assert shown["groups"][0]["totals"] == {"crash_free_rate(user)": None, "sum(session)": 0}


@pytest.mark.parametrize(
    "asked",
    [
        "",
        "field=sum(x)",
        "field=sum(session)&groupBy=x",
        "field=sum(session)&interval=1s",
        "field=sum(session)&interval=1m&statsPeriod=90d",
        "field=sum(session)&orderBy=x",
        "field=sum(session)&query=level:error",
        "field=sum(session)&query=release:>1",
        "field=sum(session)&query=(",
        "field=sum(session)&per_page=0",
    ],
)
def test_what_sessions_cannot_be_asked_is_refused(server: ReadServer, asked: str) -> None:
    assert server.get(f"{SESSIONS}?{asked}").status_code == 400
