"""sentry-cli, old and new, that tells of releases, their commits and deploys."""

import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.journey.server import wait_for
from tests.wire.installs import need, node_with, run
from tests.wire.project import ORGANIZATION, Project

OLD, NEW = "2.58.6", "3.8.0"
versions = pytest.mark.parametrize("cli", [OLD, NEW])


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A repository with two commits."""
    need("git")
    folder = tmp_path / "shop"
    folder.mkdir()
    for words in (
        ["init", "-q", "-b", "main"],
        ["config", "user.name", "Kim Lee"],
        ["config", "user.email", "kim@shop.example"],
        ["remote", "add", "origin", "https://git.example/shop/web.git"],
    ):
        _git(folder, *words)
    for number in (1, 2):
        (folder / f"cart{number}.py").write_text(f"total = {number}\n")
        _git(folder, "add", ".")
        _git(folder, "commit", "-q", "-m", f"Count the cart, {number}")
    return folder


def _git(folder: Path, *words: str) -> str:
    done = subprocess.run(
        ["git", *words], cwd=folder, check=True, capture_output=True, text=True, timeout=60
    )
    return done.stdout.strip()


class Cli:
    """One sentry-cli as it is used in a pipeline."""

    def __init__(self, version: str, project: Project, folder: Path) -> None:
        installed = node_with(f"sentry-cli-{version}", f"@sentry/cli@{version}")
        self._program = str(installed / "node_modules" / ".bin" / "sentry-cli")
        self._folder = folder
        self._environment = {
            "SENTRY_URL": project.server.url,
            "SENTRY_AUTH_TOKEN": project.server.token,
            "SENTRY_ORG": "default",
            "SENTRY_PROJECT": project.slug,
        }

    def __call__(self, *words: str) -> str:
        return run([self._program, *words], folder=self._folder, environment=self._environment)


def _release(project: Project, version: str, part: str = "") -> Any:
    answer = project.server.get(f"{ORGANIZATION}/releases/{version}/{part}")
    assert answer.status_code == 200, answer.text
    return answer.json()


@versions
def test_a_pipeline_tells_of_a_release_from_beginning_to_end(
    new_project: Callable[[str], Project], checkout: Path, cli: str
) -> None:
    project = new_project(f"releases-{cli.partition('.')[0]}")
    sentry_cli = Cli(cli, project, checkout)
    version = f"{project.slug}@1.0.0+7"

    sentry_cli("releases", "new", version, "--url", "https://ci.example/7")
    sentry_cli("releases", "set-commits", version, "--local", "--initial-depth", "10")
    sentry_cli("releases", "finalize", version)
    deploy = ["deploys", "new", "--env", "production", "--name", "Friday"]
    if cli == NEW:
        sentry_cli("deploys", "new", "--release", version, *deploy[2:])
    else:
        sentry_cli("releases", "deploys", version, "new", *deploy[2:])
    listed = sentry_cli("releases", "list")
    told = sentry_cli("releases", "info", version, "--show-commits", "--show-projects")

    release = _release(project, version)
    assert release["dateReleased"] is not None
    assert (release["url"], release["commitCount"]) == ("https://ci.example/7", 2)
    assert release["lastCommit"]["id"] == _git(checkout, "rev-parse", "HEAD")
    assert release["authors"] == [{"name": "Kim Lee", "email": "kim@shop.example"}]
    assert release["lastDeploy"]["environment"] == "production"
    assert version in listed
    assert project.slug in told
    files = {each["filename"] for each in _release(project, version, "commitfiles/")}
    assert files == {"cart1.py", "cart2.py"}


@versions
def test_the_next_release_brings_the_commits_since_the_last(
    new_project: Callable[[str], Project], checkout: Path, cli: str
) -> None:
    project = new_project(f"next-{cli.partition('.')[0]}")
    sentry_cli = Cli(cli, project, checkout)
    first, second = (f"{project.slug}@{number}.0.0" for number in (1, 2))
    sentry_cli("releases", "new", first)
    sentry_cli("releases", "set-commits", first, "--auto")
    (checkout / "basket.py").write_text("empty = True\n")
    _git(checkout, "add", ".")
    _git(checkout, "commit", "-q", "-m", "A basket")

    sentry_cli("releases", "new", second)
    sentry_cli("releases", "set-commits", second, "--auto")

    release = _release(project, second)
    new_commit = _git(checkout, "rev-parse", "HEAD")
    assert release["lastCommit"]["id"] == new_commit
    assert [each["id"] for each in _release(project, second, "commits/")][:1] == [new_commit]


@versions
def test_a_named_commit_clearing_archiving_and_deleting(
    new_project: Callable[[str], Project], checkout: Path, cli: str
) -> None:
    project = new_project(f"named-{cli.partition('.')[0]}")
    sentry_cli = Cli(cli, project, checkout)
    version = f"{project.slug}@3.0.0"
    head = _git(checkout, "rev-parse", "HEAD")
    project.server.client.post(
        f"{project.server.url}{ORGANIZATION}/repos/",
        json={"name": f"shop/{project.slug}"},
        headers={"authorization": f"Bearer {project.server.token}"},
    )

    sentry_cli("releases", "new", version)
    sentry_cli("releases", "set-commits", version, "--commit", f"shop/{project.slug}@{head}")
    named = _release(project, version)["refs"]
    sentry_cli("releases", "set-commits", version, "--clear")
    sentry_cli("releases", "archive", version)
    archived = _release(project, version)
    sentry_cli("releases", "restore", version)
    sentry_cli("releases", "delete", version)

    assert named == [{"repository": f"shop/{project.slug}", "commit": head}]
    assert (archived["status"], archived["refs"]) == ("archived", [])
    gone = project.server.get(f"{ORGANIZATION}/releases/{version}/")
    assert gone.status_code == 404


def test_who_changed_the_file_is_suspect(
    new_project: Callable[[str], Project], checkout: Path
) -> None:
    project = new_project("suspects")
    version = f"{project.slug}@1.0.0"
    sentry_cli = Cli(NEW, project, checkout)
    sentry_cli("releases", "new", version)
    sentry_cli("releases", "set-commits", version, "--local", "--initial-depth", "10")
    event_id = "5" * 32
    frames = [{"filename": "cart2.py", "function": "count", "lineno": 1, "in_app": True}]
    error = {"type": "ValueError", "value": "no", "stacktrace": {"frames": frames}}
    event = {
        "event_id": event_id,
        "platform": "python",
        "release": version,
        "environment": "production",
        "exception": {"values": [error]},
    }
    sent = project.server.client.post(
        f"{project.server.url}/api/{project.project_id}/store/",
        params={"sentry_key": project.key},
        json=event,
    )
    assert sent.status_code == 200, sent.text
    project.event(event_id)

    path = f"/api/0/projects/default/{project.slug}/events/{event_id}/committers/"
    [committer] = project.server.get(path).json()["committers"]

    assert committer["author"]["email"] == "kim@shop.example"
    [commit] = committer["commits"]
    assert (commit["id"], commit["score"]) == (_git(checkout, "rev-parse", "HEAD"), 5)

    def seen() -> Any:
        release = _release(project, version)
        return release if release["firstEvent"] and release["newGroups"] else None

    release = wait_for(seen, "the release as it was seen by an event")
    assert release["newGroups"] == 1
    environments = project.server.get(f"/api/0/projects/default/{project.slug}/environments/")
    assert [each["name"] for each in environments.json()] == ["production"]
