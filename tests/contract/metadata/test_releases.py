"""The Releases and Commits faces, on every adapter."""

import pytest

from tests.contract.metadata.conftest import Shop
from tests.fakes.sightings import a_sighting, see
from vedette.model.commit import FileChange, FileChangeKind, Head, NewCommit
from vedette.model.release import (
    IssuesOfRelease,
    Release,
    ReleaseChange,
    ReleaseInEnvironment,
    ReleaseInProject,
    ReleaseOrder,
    ReleaseQuestion,
    ReleaseSeen,
    ReleaseStatus,
)
from vedette.storage.metadata.port import OwnerMissing

NOW_NS = 1_000


def make(shop: Shop, version: str, *, now_ns: int = NOW_NS, **change: object) -> Release:
    facts = {"project_ids": (shop.project_id,)} | change
    release, _ = shop.metadata.create_release(
        organization_id=shop.organization_id,
        version=version,
        change=ReleaseChange(**facts),  # type: ignore[arg-type] # given by name below
        now_ns=now_ns,
    )
    return release


def question(shop: Shop, **facts: object) -> ReleaseQuestion:
    projects = {"project_ids": (shop.project_id, shop.other_project_id)}
    return ReleaseQuestion(organization_id=shop.organization_id, **(projects | facts))  # type: ignore[arg-type] # given by name below


def versions(shop: Shop, **facts: object) -> list[str]:
    return [each.version for each in shop.metadata.releases(question(shop, **facts))]


def seen(
    project_id: int, version: str, environment: str = "", *, first: int = 5, last: int = 9
) -> ReleaseSeen:
    return ReleaseSeen(project_id, version, environment, first, last)


def commit(sha: str, *paths: str, time_ns: int = 1, repository: str = "shop/web") -> NewCommit:
    files = tuple(FileChange(path, FileChangeKind.MODIFIED) for path in paths)
    return NewCommit(sha, repository, f"did {sha}", "Kim", "kim@shop.example", time_ns, files)


def test_what_is_seen_first_is_made_and_seen_again_is_widened(shop: Shop) -> None:
    shop.metadata.see_releases([seen(shop.project_id, "a@1.0", "production")], now_ns=NOW_NS)
    shop.metadata.see_releases(
        [
            seen(shop.project_id, "a@1.0", "production", first=2, last=3),
            seen(shop.project_id, "a@1.0", "staging", first=8, last=20),
            seen(shop.other_project_id, "a@1.0", "", first=6, last=6),
        ],
        now_ns=NOW_NS,
    )

    release = shop.metadata.release(shop.organization_id, "a@1.0")

    assert release is not None
    assert (release.created_ns, release.status) == (5, ReleaseStatus.OPEN)
    assert release.projects == (
        ReleaseInProject(shop.project_id, 2, 20),
        ReleaseInProject(shop.other_project_id, 6, 6),
    )
    assert release.environments == (
        ReleaseInEnvironment(shop.project_id, "production", 2, 9),
        ReleaseInEnvironment(shop.project_id, "staging", 8, 20),
        ReleaseInEnvironment(shop.other_project_id, "", 6, 6),
    )
    names = [each.name for each in shop.metadata.environments([shop.project_id])]
    assert names == ["production", "staging"]


def test_seeing_twice_is_seeing_once(shop: Shop) -> None:
    both = [seen(shop.project_id, "a", "x"), seen(shop.project_id, "b", "x")]

    shop.metadata.see_releases(both, now_ns=NOW_NS)
    once = shop.metadata.releases(question(shop))
    shop.metadata.see_releases(both, now_ns=NOW_NS + 1)

    assert shop.metadata.releases(question(shop)) == once


def test_projects_that_are_gone_and_empty_versions_make_no_release(shop: Shop) -> None:
    shop.metadata.see_releases(
        [seen(99, "a"), seen(2**70, "b"), seen(shop.project_id, "", "staging")], now_ns=NOW_NS
    )

    assert versions(shop) == []
    assert [each.name for each in shop.metadata.environments([shop.project_id])] == ["staging"]


def test_a_clock_ahead_makes_no_release_of_the_future(shop: Shop) -> None:
    ahead = seen(shop.project_id, "a", first=NOW_NS * 9, last=NOW_NS * 9)
    shop.metadata.see_releases([ahead], now_ns=NOW_NS)

    release = shop.metadata.release(shop.organization_id, "a")

    assert release is not None
    assert release.created_ns == NOW_NS


def test_a_release_is_made_once_and_changed_afterwards(shop: Shop) -> None:
    first, is_new = shop.metadata.create_release(
        organization_id=shop.organization_id,
        version="a@1.0",
        change=ReleaseChange(url="http://a", project_ids=(shop.project_id,)),
        now_ns=NOW_NS,
    )
    second, is_new_again = shop.metadata.create_release(
        organization_id=shop.organization_id,
        version="a@1.0",
        change=ReleaseChange(
            ref="main", released_ns=77, project_ids=(shop.project_id, shop.other_project_id)
        ),
        now_ns=NOW_NS + 5,
    )

    assert (is_new, is_new_again) == (True, False)
    assert first.release_id == second.release_id
    assert (second.url, second.ref, second.date_ns, second.created_ns) == (
        "http://a",
        "main",
        77,
        NOW_NS,
    )
    assert second.project_ids == {shop.project_id, shop.other_project_id}


def test_a_release_of_a_foreign_or_unknown_project_is_not_made(shop: Shop) -> None:
    other = shop.metadata.create_organization(slug="others", name="", created_ns=1)

    for organization_id, project_id in (
        (other.organization_id, shop.project_id),
        (shop.organization_id, 99),
    ):
        with pytest.raises(OwnerMissing):
            shop.metadata.create_release(
                organization_id=organization_id,
                version="a",
                change=ReleaseChange(project_ids=(project_id,)),
                now_ns=NOW_NS,
            )
        assert shop.metadata.release(organization_id, "a") is None


def test_releases_are_listed_by_date_or_by_number(shop: Shop) -> None:
    for number, version in enumerate(["a@1.10.0", "a@1.9.0", "a@1.10.0-rc.1", "main"]):
        make(shop, version, now_ns=NOW_NS + number)
    make(shop, "a@1.9.0", released_ns=NOW_NS + 50)

    assert versions(shop) == ["a@1.9.0", "main", "a@1.10.0-rc.1", "a@1.10.0"]
    assert versions(shop, order=ReleaseOrder.SEMVER) == [
        "a@1.10.0",
        "a@1.10.0-rc.1",
        "a@1.9.0",
        "main",
    ]


def test_releases_are_found_by_part_package_environment_and_status(shop: Shop) -> None:
    make(shop, "Shop@1.0")
    make(shop, "blog@1.0", status=ReleaseStatus.ARCHIVED)
    make(shop, "100%_done")
    shop.metadata.see_releases([seen(shop.project_id, "Shop@1.0", "staging")], now_ns=NOW_NS)

    assert versions(shop, text="shop@") == ["Shop@1.0"]
    assert versions(shop, text="%_") == ["100%_done"]
    assert versions(shop, package="Shop") == ["Shop@1.0"]
    assert versions(shop, status=ReleaseStatus.ARCHIVED) == ["blog@1.0"]
    assert versions(shop, environments=("staging",)) == ["Shop@1.0"]
    assert versions(shop, project_ids=(shop.other_project_id,)) == []
    assert versions(shop, project_ids=()) == []


def test_pages_of_releases_join_without_gaps(shop: Shop) -> None:
    for number in range(5):
        make(shop, f"v{number}", now_ns=NOW_NS)

    first, second = (versions(shop, row_count_max=3, row_offset=offset) for offset in (0, 3))

    assert (len(first), len(second)) == (4, 2)
    assert first[:3] + second == ["v4", "v3", "v2", "v1", "v0"]


def test_a_deleted_release_takes_its_bonds_with_it(shop: Shop) -> None:
    release = make(shop, "a")
    shop.metadata.set_commits(release_id=release.release_id, commits=[commit("1")], now_ns=NOW_NS)

    shop.metadata.delete_release(release.release_id)
    shop.metadata.delete_release(10**30)

    assert shop.metadata.release(shop.organization_id, "a") is None
    assert list(shop.metadata.commits(release.release_id)) == []


def test_a_deploy_brings_a_release_out_and_names_its_environment(shop: Shop) -> None:
    release = make(shop, "a")
    deploy = shop.metadata.create_deploy(
        release_id=release.release_id,
        environment="production",
        name="Friday",
        url="",
        started_ns=None,
        finished_ns=4_000,
    )

    changed = shop.metadata.release(shop.organization_id, "a")

    assert changed is not None
    assert changed.released_ns == 4_000
    assert list(shop.metadata.deploys([release.release_id])) == [deploy]
    assert [each.name for each in shop.metadata.environments([shop.project_id])] == ["production"]
    with pytest.raises(OwnerMissing):
        shop.metadata.create_deploy(
            release_id=99, environment="x", name="", url="", started_ns=None, finished_ns=1
        )


def test_an_environment_is_hidden_and_shown_again(shop: Shop) -> None:
    shop.metadata.see_releases([seen(shop.project_id, "", "staging")], now_ns=NOW_NS)

    hidden = shop.metadata.hide_environment(
        project_id=shop.project_id, name="staging", is_hidden=True
    )

    assert hidden.is_hidden
    with pytest.raises(OwnerMissing):
        shop.metadata.hide_environment(
            project_id=shop.other_project_id, name="staging", is_hidden=True
        )


def test_the_commits_of_a_release_are_replaced_newest_first(shop: Shop) -> None:
    release = make(shop, "a")
    shop.metadata.set_commits(
        release_id=release.release_id, commits=[commit("old", "a.py")], now_ns=NOW_NS
    )
    summary = shop.metadata.set_commits(
        release_id=release.release_id,
        commits=[
            commit("new", "src/a.py", "b.py", time_ns=9),
            commit("mid", time_ns=8),
            commit("new", "src/a.py"),
            commit("lib1", repository="shop/lib"),
        ],
        now_ns=NOW_NS,
    )

    kept = shop.metadata.commits(release.release_id)

    assert [one.sha for one, _ in kept] == ["new", "mid", "lib1"]
    assert [one.name for _, one in kept] == ["shop/web", "shop/web", "shop/lib"]
    assert (summary.commit_count, summary.authors) == (3, (("Kim", "kim@shop.example"),))
    assert summary.last_commit is not None
    assert [each.path for each in shop.metadata.files(kept[0][0].commit_id)] == ["b.py", "src/a.py"]
    assert list(shop.metadata.heads(release.release_id)) == [
        Head("shop/lib", "lib1"),
        Head("shop/web", "new"),
    ]
    assert versions(shop, with_commits=True) == ["a"]
    assert versions(shop, with_commits=False) == []


def test_files_are_found_by_the_end_of_their_path(shop: Shop) -> None:
    release, other = make(shop, "a"), make(shop, "b")
    for each, sha in ((release, "1"), (other, "2")):
        shop.metadata.set_commits(
            release_id=each.release_id,
            commits=[commit(sha, "src/app.py", "web\\app.py", "README")],
            now_ns=NOW_NS,
        )

    found = shop.metadata.changed_files(
        release_ids=[release.release_id], base_names=["app.py"], row_count_max=10
    )

    assert {(each.path, each.commit.sha) for each in found} == {
        ("src/app.py", "1"),
        ("web\\app.py", "1"),
    }
    assert (
        len(
            shop.metadata.changed_files(
                release_ids=[release.release_id, other.release_id], base_names=None, row_count_max=4
            )
        )
        == 4
    )


def test_heads_bring_the_known_commits_between_them(shop: Shop) -> None:
    first, second = make(shop, "a"), make(shop, "b")
    shop.metadata.set_commits(
        release_id=first.release_id,
        commits=[commit("c3", time_ns=3), commit("c2", time_ns=2), commit("c1", time_ns=1)],
        now_ns=NOW_NS,
    )

    shop.metadata.set_heads(
        release_id=second.release_id, heads=[Head("shop/web", "c3", "c1")], now_ns=NOW_NS
    )

    assert [one.sha for one, _ in shop.metadata.commits(second.release_id)] == ["c3", "c2"]
    shop.metadata.set_heads(release_id=second.release_id, heads=[], now_ns=NOW_NS)
    assert list(shop.metadata.commits(second.release_id)) == []
    assert list(shop.metadata.heads(second.release_id)) == []


def test_one_organizations_repositories_are_not_anothers(shop: Shop) -> None:
    other = shop.metadata.create_organization(slug="others", name="", created_ns=1)
    made = shop.metadata.create_repository(
        organization_id=shop.organization_id, name="x", url="", provider="git", created_ns=1
    )

    assert list(shop.metadata.repositories(shop.organization_id)) == [made]
    assert list(shop.metadata.repositories(other.organization_id)) == []


def test_issues_are_counted_where_they_began(shop: Shop) -> None:
    see(
        shop.metadata,
        a_sighting(1, project_id=shop.project_id, release="a@1.0"),
        a_sighting(2, project_id=shop.project_id, release="a@1.0"),
        a_sighting(1, project_id=shop.project_id, release="a@2.0"),
        a_sighting(1, project_id=shop.other_project_id, release="a@1.0"),
    )

    found = shop.metadata.issues_of_releases(
        project_ids=[shop.project_id], versions=["a@1.0", "a@2.0", "", "x" * 5_000]
    )

    assert found == {(shop.project_id, "a@1.0"): IssuesOfRelease(2, 0)}
