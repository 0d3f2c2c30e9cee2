"""How sightings become issues: once each, with exact counts, whatever comes together."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.contract.metadata.conftest import Shop
from tests.fakes.sightings import JOURNAL, NOON_NS, SECOND_NS, a_hash, a_sighting, see
from vedette.issues.on_sighting import on_sighting
from vedette.model.digest_range import DigestRange
from vedette.model.issue import ActivityType, IssueStatus, Substatus
from vedette.model.issue_question import IssueQuestion
from vedette.model.sighting import grouped


def titles(shop: Shop) -> list[str]:
    found = shop.metadata.find_issues(IssueQuestion((shop.project_id, shop.other_project_id)))
    return sorted(each.title for each in found)


def test_the_first_sighting_of_a_group_makes_an_issue(shop: Shop) -> None:
    sighting = a_sighting(project_id=shop.project_id, release="shop@1.0", level="warning")

    (made,) = see(shop.metadata, sighting)

    assert [each.type for each in made.activities] == [ActivityType.FIRST_SEEN]
    (issue,) = shop.metadata.find_issues(IssueQuestion((shop.project_id,)))
    assert issue == made.issue
    assert (issue.number, issue.times_seen) == (1, 1)
    assert (issue.status, issue.substatus) == (IssueStatus.UNRESOLVED, Substatus.NEW)
    assert (issue.first_seen_ns, issue.last_seen_ns) == (NOON_NS, NOON_NS)
    assert issue.first_release == "shop@1.0"


def test_more_sightings_count_and_the_newest_gives_the_title(shop: Shop) -> None:
    see(shop.metadata, a_sighting(project_id=shop.project_id))

    news = see(
        shop.metadata,
        *(
            a_sighting(
                project_id=shop.project_id,
                time_ns=NOON_NS + number * SECOND_NS,
                title=f"number {number}",
            )
            for number in (5, -3, 2)
        ),
    )

    (issue,) = shop.metadata.find_issues(IssueQuestion((shop.project_id,)))
    assert news == []
    assert (issue.times_seen, issue.title) == (4, "number 5")
    assert issue.first_seen_ns == NOON_NS - 3 * SECOND_NS
    assert issue.last_seen_ns == NOON_NS + 5 * SECOND_NS


def test_a_batch_that_is_finished_again_counts_nothing_twice(shop: Shop) -> None:
    see(shop.metadata, a_sighting(project_id=shop.project_id))
    again = DigestRange(1, 1)

    groups = grouped([a_sighting(project_id=shop.project_id)])
    news = shop.metadata.finish_with_issues(JOURNAL, again, groups, on_sighting)

    assert list(news) == []
    (issue,) = shop.metadata.find_issues(IssueQuestion((shop.project_id,)))
    assert issue.times_seen == 1


def test_a_batch_that_cannot_be_finished_leaves_no_issues(shop: Shop) -> None:
    groups = grouped([a_sighting(project_id=shop.project_id)])

    with pytest.raises(ValueError, match="not the oldest"):
        shop.metadata.finish_with_issues(JOURNAL, DigestRange(1, 1), groups, on_sighting)

    assert titles(shop) == []


def test_each_project_counts_its_own_issues_and_equal_hashes_are_different_issues(
    shop: Shop,
) -> None:
    see(
        shop.metadata,
        a_sighting(1, project_id=shop.project_id),
        a_sighting(2, project_id=shop.project_id),
        a_sighting(1, project_id=shop.other_project_id),
    )
    see(shop.metadata, a_sighting(3, project_id=shop.project_id))

    found = shop.metadata.find_issues(IssueQuestion((shop.project_id, shop.other_project_id)))

    assert sorted((each.project_id, each.number, each.title) for each in found) == [
        (shop.project_id, 1, "Error 1"),
        (shop.project_id, 2, "Error 2"),
        (shop.project_id, 3, "Error 3"),
        (shop.other_project_id, 1, "Error 1"),
    ]


def test_a_group_that_is_known_by_another_hash_joins_its_issue_and_brings_its_own(
    shop: Shop,
) -> None:
    see(shop.metadata, a_sighting(1, project_id=shop.project_id))
    former = (a_hash(1),)

    see(shop.metadata, a_sighting(2, project_id=shop.project_id, other_hashes=former))
    see(shop.metadata, a_sighting(2, project_id=shop.project_id))

    (issue,) = shop.metadata.find_issues(IssueQuestion((shop.project_id,)))
    assert issue.times_seen == 3
    hashes = shop.metadata.hashes_of_issues([issue.issue_id])[issue.issue_id]
    assert [each.hash for each in hashes] == [a_hash(1), a_hash(2)]


def test_groups_of_one_batch_that_share_a_hash_become_one_issue(shop: Shop) -> None:
    shared = (a_hash(9),)

    see(
        shop.metadata,
        a_sighting(1, project_id=shop.project_id, other_hashes=shared),
        a_sighting(2, project_id=shop.project_id, other_hashes=shared),
    )

    (issue,) = shop.metadata.find_issues(IssueQuestion((shop.project_id,)))
    assert issue.times_seen == 2


def test_sightings_of_a_project_that_is_gone_are_left_out(shop: Shop) -> None:
    see(shop.metadata, a_sighting(1, project_id=4_711), a_sighting(2, project_id=shop.project_id))

    assert titles(shop) == ["Error 2"]
    assert shop.metadata.finished_up_to(JOURNAL) == 1


def test_texts_that_no_database_keeps_are_kept_as_far_as_they_can(shop: Shop) -> None:
    sighting = a_sighting(project_id=shop.project_id)

    see(shop.metadata, replace(sighting, title="a\x00b\ud800" + "x" * 5_000, release="\x00"))

    (title,) = titles(shop)
    assert title.startswith("a\ufffdb\ufffdxxx")


def test_thousands_of_groups_become_issues_in_one_batch(shop: Shop) -> None:
    see(shop.metadata, *(a_sighting(n, project_id=shop.project_id) for n in range(1, 2_501)))
    see(shop.metadata, *(a_sighting(n, project_id=shop.project_id) for n in range(1, 2_501)))

    found = shop.metadata.find_issues(IssueQuestion((shop.project_id,), row_count_max=5_000))

    assert len({each.number for each in found}) == 2_500
    assert {each.times_seen for each in found} == {2}


def test_two_that_see_the_same_groups_at_once_make_each_issue_once(shop: Shop) -> None:
    groups = grouped(
        a_sighting(number, project_id=project_id)
        for number in range(1, 51)
        for project_id in (shop.project_id, shop.other_project_id)
    )
    ways = {"one": groups, "other": groups[::-1]}

    def take_in(journal_id: str) -> None:
        for sequence in (1, 2, 3):
            batch = DigestRange(sequence, sequence)
            shop.metadata.plan(journal_id, batch)
            shop.metadata.finish_with_issues(journal_id, batch, ways[journal_id], on_sighting)

    with ThreadPoolExecutor(2) as threads:
        list(threads.map(take_in, ways))

    both = (shop.project_id, shop.other_project_id)
    found = shop.metadata.find_issues(IssueQuestion(both, row_count_max=500))
    assert {each.times_seen for each in found} == {6}
    assert sorted((each.project_id, each.number) for each in found) == [
        (project_id, number) for project_id in both for number in range(1, 51)
    ]
