"""What people do with issues: changes, marks, comments, merging, parting, forgetting."""

from dataclasses import replace

import pytest

from tests.contract.metadata.conftest import Shop
from tests.fakes.sightings import NOON_NS, a_hash, a_sighting, see
from vedette.issues.by_people import archived, assigned, resolved
from vedette.issues.joining import TakenOut, merged, parted
from vedette.model.issue import (
    ActivityType,
    ArchiveUntil,
    Decision,
    Issue,
    IssueStatus,
    Resolution,
    ResolvedBy,
)
from vedette.model.issue_question import IssueQuestion
from vedette.model.person import Role
from vedette.model.question import Compare, Field, Operator
from vedette.storage.metadata.issue_feed_port import COMMENT_LENGTH_MAX
from vedette.storage.metadata.issue_marks_port import IssueMarks
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.saved_searches_port import SavedSearch, Visibility

LATER_NS = NOON_NS + 10**9


@pytest.fixture
def user_id(shop: Shop) -> int:
    person = shop.metadata.create_user(
        email="dev@example.org", name="Dev", role=Role.MEMBER, created_ns=1
    )
    return person.user_id


@pytest.fixture
def issues(shop: Shop) -> list[Issue]:
    """Two issues of the project and one of another."""
    return [
        each.issue
        for each in see(
            shop.metadata,
            a_sighting(1, project_id=shop.project_id, other_hashes=(a_hash(11),)),
            a_sighting(2, project_id=shop.project_id, time_ns=LATER_NS, title="the newer"),
            a_sighting(3, project_id=shop.other_project_id),
        )
    ]


def test_a_change_is_written_with_what_the_feed_says_of_it(
    shop: Shop, issues: list[Issue], user_id: int
) -> None:
    fix = Resolution(ResolvedBy.IN_RELEASE, "shop@2.0", at_ns=LATER_NS, user_id=user_id)

    decisions = shop.metadata.change_issues(
        [issues[1].issue_id, issues[0].issue_id, issues[2].issue_id, 99],
        project_ids=[shop.project_id],
        decide=lambda issue: resolved(issue, fix),
    )

    assert [each.issue.issue_id for each in decisions] == [issues[1].issue_id, issues[0].issue_id]
    kept = shop.metadata.issue(issues[0].issue_id, project_ids=[shop.project_id])
    assert kept == decisions[1].issue
    assert (kept.status, kept.resolution) == (IssueStatus.RESOLVED, fix)
    newest = shop.metadata.activities(issues[0].issue_id, row_count_max=1)
    assert [each.type for each in newest] == [
        ActivityType.SET_RESOLVED_IN_RELEASE,
        ActivityType.FIRST_SEEN,
    ]
    assert (newest[0].user_id, newest[0].data) == (user_id, {"version": "shop@2.0"})


def test_an_archive_comes_back_as_it_was_given(shop: Shop, issues: list[Issue]) -> None:
    until = ArchiveUntil(until_ns=LATER_NS, user_count=3, user_window_min=60, at_ns=NOON_NS)

    (decision,) = shop.metadata.change_issues(
        [issues[0].issue_id],
        project_ids=[shop.project_id],
        decide=lambda issue: archived(issue, until),
    )

    kept = shop.metadata.issue(issues[0].issue_id, project_ids=[shop.project_id])
    assert kept == decision.issue
    assert kept.archive == replace(until, times_seen=1)


def test_nobody_can_be_assigned_who_is_not_there(shop: Shop, issues: list[Issue]) -> None:
    with pytest.raises(OwnerMissing):
        shop.metadata.change_issues(
            [issues[0].issue_id],
            project_ids=[shop.project_id],
            decide=lambda issue: assigned(issue, to=4_711, user_id=None, now_ns=1),
        )

    kept = shop.metadata.issue(issues[0].issue_id, project_ids=[shop.project_id])
    assert kept == issues[0]


def test_issues_whose_time_has_come_are_due_the_most_overdue_first(
    shop: Shop, issues: list[Issue]
) -> None:
    first_wake_ns = issues[0].wake_ns or 0

    assert list(shop.metadata.due_issues(now_ns=first_wake_ns - 1, row_count_max=9)) == []
    due = shop.metadata.due_issues(now_ns=first_wake_ns, row_count_max=9)
    assert [each.issue_id for each in due] == [issues[0].issue_id, issues[2].issue_id]
    assert len(shop.metadata.due_issues(now_ns=2 * first_wake_ns, row_count_max=2)) == 2


def test_a_merged_issue_takes_over_everything_and_is_found_by_the_old_names(
    shop: Shop, issues: list[Issue], user_id: int
) -> None:
    target, other, foreign = issues
    shop.metadata.add_comment(other.issue_id, user_id=user_id, text="the same?", now_ns=1)
    shop.metadata.set_bookmarks([other.issue_id], user_id=user_id, is_bookmarked=True)

    whole = shop.metadata.merge_issues(
        target.issue_id,
        [other.issue_id, foreign.issue_id, target.issue_id, 99],
        project_ids=[shop.project_id, shop.other_project_id],
        decide=lambda one, more: merged(one, more, user_id=user_id, now_ns=LATER_NS),
    )

    assert whole is not None
    assert (whole.times_seen, whole.title, whole.number) == (2, "the newer", target.number)
    ours = [shop.project_id]
    assert shop.metadata.issue(other.issue_id, project_ids=ours) == whole
    assert shop.metadata.issue_by_number(project_id=shop.project_id, number=other.number) == whole
    hashes = shop.metadata.hashes_of_issues([target.issue_id])[target.issue_id]
    assert [each.hash for each in hashes] == [a_hash(1), a_hash(2), a_hash(11)]
    assert len(shop.metadata.comments(target.issue_id, row_count_max=9)) == 1
    assert shop.metadata.marks_of([target.issue_id], user_id=user_id) == {
        target.issue_id: IssueMarks(is_bookmarked=True)
    }
    assert shop.metadata.issue(foreign.issue_id, project_ids=[shop.other_project_id]) == foreign
    see(shop.metadata, a_sighting(2, project_id=shop.project_id))
    again = shop.metadata.issue(target.issue_id, project_ids=ours)
    assert again is not None
    assert again.times_seen == 3


def test_merging_twice_keeps_every_old_name(shop: Shop, issues: list[Issue]) -> None:
    (third,) = see(shop.metadata, a_sighting(4, project_id=shop.project_id))
    ours = [shop.project_id]

    def merge(target: Issue, other: Issue) -> Issue | None:
        return shop.metadata.merge_issues(
            target.issue_id,
            [other.issue_id],
            project_ids=ours,
            decide=lambda one, more: merged(one, more, user_id=None, now_ns=1),
        )

    merge(issues[1], issues[0])
    whole = merge(third.issue, issues[1])

    assert shop.metadata.issue(issues[0].issue_id, project_ids=ours) == whole
    assert merge(issues[0], third.issue) is None


def test_hashes_leave_an_issue_with_what_came_with_them(shop: Shop, issues: list[Issue]) -> None:
    ours = [shop.project_id]
    shop.metadata.merge_issues(
        issues[1].issue_id,
        [issues[0].issue_id],
        project_ids=ours,
        decide=lambda one, more: merged(one, more, user_id=None, now_ns=1),
    )
    latest = a_sighting(1, project_id=shop.project_id, title="taken out")

    def part(hashes: list[str]) -> tuple[Issue, Issue] | None:
        def decide(issue: Issue) -> tuple[Decision, Decision]:
            found = TakenOut(latest, first_ns=NOON_NS, last_ns=NOON_NS, count=1)
            both = parted(issue, found, hashes=hashes, user_id=None, now_ns=LATER_NS)
            return both.old, both.new

        return shop.metadata.part_issue(issues[1].issue_id, hashes, project_ids=ours, decide=decide)

    assert part([a_hash(99)]) is None
    assert part([a_hash(1), a_hash(2)]) is None, "something must be left"
    assert part([a_hash(11)]) is None, "no event bears it"
    both = part([a_hash(1)])

    assert both is not None
    old, new = both
    assert (old.times_seen, new.times_seen, new.title, new.number) == (1, 1, "taken out", 3)
    hashes = shop.metadata.hashes_of_issues([old.issue_id, new.issue_id])
    assert [each.hash for each in hashes[old.issue_id]] == [a_hash(2)]
    assert [each.hash for each in hashes[new.issue_id]] == [a_hash(1), a_hash(11)]


def test_a_deleted_issue_is_gone_its_events_wait_to_go_and_what_comes_is_new(
    shop: Shop, issues: list[Issue]
) -> None:
    ours = [shop.project_id]

    gone = [issues[0].issue_id, issues[2].issue_id]
    count = shop.metadata.delete_issues(gone, project_ids=ours, now_ns=7)
    see(shop.metadata, a_sighting(1, project_id=shop.project_id))

    assert count == 1
    assert shop.metadata.issue(issues[0].issue_id, project_ids=ours) is None
    (waiting,) = shop.metadata.forgotten_groups(row_count_max=9)
    assert (waiting.project_id, waiting.hash) == (shop.project_id, a_hash(1))
    assert waiting.forgotten_ns == 7
    numbers = [each.number for each in shop.metadata.find_issues(IssueQuestion((shop.project_id,)))]
    assert sorted(numbers) == [2, 3]
    shop.metadata.forgotten([waiting.entry_id])
    assert list(shop.metadata.forgotten_groups(row_count_max=9)) == []


def test_what_is_discarded_makes_no_issue_until_it_is_wanted_again(
    shop: Shop, issues: list[Issue], user_id: int
) -> None:
    before = shop.metadata.version()

    shop.metadata.discard_issues(
        [issues[0].issue_id], project_ids=[shop.project_id], user_id=user_id, now_ns=5
    )
    see(shop.metadata, a_sighting(1, project_id=shop.project_id))

    assert shop.metadata.version() > before
    assert shop.metadata.discarded_hashes() == {shop.project_id: frozenset({a_hash(1), a_hash(11)})}
    assert len(shop.metadata.find_issues(IssueQuestion((shop.project_id,)))) == 1
    (first, _) = shop.metadata.discarded_groups(shop.project_id)
    assert (first.title, first.user_id, first.discarded_ns) == ("Error 1", user_id, 5)
    assert shop.metadata.keep_again(shop.project_id, [a_hash(1), a_hash(11)]) == 2
    see(shop.metadata, a_sighting(1, project_id=shop.project_id))
    assert len(shop.metadata.find_issues(IssueQuestion((shop.project_id,)))) == 2


def test_comments_are_changed_and_deleted_by_who_wrote_them(
    shop: Shop, issues: list[Issue], user_id: int
) -> None:
    issue_id = issues[0].issue_id
    stranger = shop.metadata.create_user(
        email="x@example.org", name="X", role=Role.MEMBER, created_ns=1
    )
    said = shop.metadata.add_comment(issue_id, user_id=user_id, text="why?\x00\ud800", now_ns=1)

    changed = shop.metadata.change_comment(
        issue_id, said.activity_id, user_id=user_id, text="because"
    )
    by_stranger = shop.metadata.change_comment(
        issue_id, said.activity_id, user_id=stranger.user_id, text="no"
    )

    assert changed is not None
    assert changed.data == {"text": "because"}
    assert by_stranger is None
    assert shop.metadata.comment_counts([issue_id, issues[1].issue_id]) == {issue_id: 1}
    assert list(shop.metadata.participants(issue_id)) == [user_id]
    delete = shop.metadata.delete_comment
    assert not delete(issue_id, said.activity_id, user_id=stranger.user_id)
    assert not delete(issues[1].issue_id, said.activity_id, user_id=None)
    assert delete(issue_id, said.activity_id, user_id=user_id)
    with pytest.raises(ValueError, match="characters"):
        shop.metadata.add_comment(
            issue_id, user_id=user_id, text="x" * (COMMENT_LENGTH_MAX + 1), now_ns=1
        )
    with pytest.raises(OwnerMissing):
        shop.metadata.add_comment(99, user_id=user_id, text="x", now_ns=1)


def test_marks_are_each_persons_own(shop: Shop, issues: list[Issue], user_id: int) -> None:
    ids = [each.issue_id for each in issues[:2]]
    marking = shop.metadata

    marking.set_bookmarks(ids, user_id=user_id, is_bookmarked=True)
    marking.set_bookmarks(ids, user_id=user_id, is_bookmarked=True)
    marking.set_bookmarks(ids[1:], user_id=user_id, is_bookmarked=False)
    marking.set_subscriptions(ids[:1], user_id=user_id, is_active=False, reason="unsubscribed")
    marking.subscribe_unless_asked(ids, user_id=user_id, reason="comment")
    marking.set_seen(ids, user_id=user_id, seen_ns=5)
    marking.set_seen(ids, user_id=user_id, seen_ns=6)
    marking.set_seen(ids[1:], user_id=user_id, seen_ns=None)

    assert marking.marks_of(ids, user_id=user_id) == {
        ids[0]: IssueMarks(
            is_bookmarked=True, is_subscribed=False, subscription_reason="unsubscribed", seen_ns=6
        ),
        ids[1]: IssueMarks(is_subscribed=True, subscription_reason="comment"),
    }
    assert marking.marks_of(ids[:1], user_id=99) == {ids[0]: IssueMarks()}
    assert [(each.user_id, each.seen_ns) for each in marking.visits(ids[0])] == [(user_id, 6)]
    assert list(marking.subscribers(ids[0])) == []
    assert list(marking.subscribers(ids[1])) == [user_id]
    mine = Compare(Field("bookmarked_by"), Operator.EQUAL, (user_id,))
    found = shop.metadata.find_issues(IssueQuestion((shop.project_id,), mine))
    assert [each.issue_id for each in found] == ids[:1]
    with pytest.raises(OwnerMissing):
        marking.set_bookmarks([99], user_id=user_id, is_bookmarked=True)


def test_searches_are_seen_by_their_owner_and_shared_ones_by_all(shop: Shop, user_id: int) -> None:
    search = SavedSearch(
        0, shop.organization_id, user_id, "mine", "is:unresolved", "date", Visibility.OWNER, 1
    )
    own = shop.metadata.create_search(search)
    shared = shop.metadata.create_search(
        replace(search, name="all", visibility=Visibility.ORGANIZATION)
    )

    seen = shop.metadata.searches(shop.organization_id, user_id=user_id)
    seen_by_others = shop.metadata.searches(shop.organization_id, user_id=99)

    assert list(seen) == [shared, own]
    assert list(seen_by_others) == [shared]
    renamed = replace(own, name="ours")
    assert shop.metadata.change_search(renamed) == renamed
    assert shop.metadata.change_search(replace(own, user_id=99)) is None
    assert not shop.metadata.delete_search(
        own.search_id, organization_id=shop.organization_id, user_id=99
    )
    assert shop.metadata.delete_search(
        own.search_id, organization_id=shop.organization_id, user_id=user_id
    )
    with pytest.raises(OwnerMissing):
        shop.metadata.create_search(replace(search, organization_id=99))
