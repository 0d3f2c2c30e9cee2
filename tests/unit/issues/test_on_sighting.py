"""What becomes of an issue that is seen: new, counted, back in spite of a fix, unarchived."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes.sightings import NOON_NS, SECOND_NS, a_sighting
from vedette.issues.by_people import archived, resolved
from vedette.issues.on_sighting import FRESH_NS, on_sighting
from vedette.model.issue import (
    ActivityType,
    ArchiveUntil,
    Issue,
    IssueStatus,
    Priority,
    Resolution,
    ResolvedBy,
    Substatus,
)
from vedette.model.sighting import GroupSeen, Sighting, grouped

FIX_NS = NOON_NS + 100 * SECOND_NS


def seen(*sightings: Sighting) -> GroupSeen:
    (group,) = grouped(sightings)
    return group


def an_issue(times_seen: int = 1) -> Issue:
    made = on_sighting(None, seen(a_sighting(release="shop@1.0")), {}).issue
    return replace(made, times_seen=times_seen)


def after_fix(release: str = "", seconds: int = 101) -> GroupSeen:
    return seen(a_sighting(release=release, time_ns=NOON_NS + seconds * SECOND_NS))


@pytest.mark.parametrize(
    ("level", "is_unhandled", "priority"),
    [
        ("fatal", False, Priority.HIGH),
        ("error", True, Priority.HIGH),
        ("error", False, Priority.MEDIUM),
        ("warning", True, Priority.MEDIUM),
        ("info", False, Priority.LOW),
        ("whatever", False, Priority.LOW),
    ],
)
def test_a_new_issue_matters_as_its_level_tells(
    *, level: str, is_unhandled: bool, priority: Priority
) -> None:
    decision = on_sighting(None, seen(a_sighting(level=level, is_unhandled=is_unhandled)), {})

    assert decision.issue.priority is priority
    assert decision.issue.wake_ns == NOON_NS + FRESH_NS
    assert [each.type for each in decision.activities] == [ActivityType.FIRST_SEEN]


moments = some.lists(some.integers(-50, 50), min_size=1, max_size=6)


@given(some.lists(moments, min_size=1, max_size=4))
def test_however_sightings_come_in_batches_the_counts_and_times_are_the_same(
    batches: list[list[int]],
) -> None:
    issue: Issue | None = None
    for batch in batches:
        sightings = (a_sighting(time_ns=NOON_NS + each, title=str(each)) for each in batch)
        issue = on_sighting(issue, seen(*sightings), {}).issue

    together = [each for batch in batches for each in batch]
    assert issue is not None
    assert issue.times_seen == len(together)
    assert issue.first_seen_ns == NOON_NS + min(together)
    assert issue.last_seen_ns == NOON_NS + max(together)
    assert issue.title == str(max(together))
    assert issue.substatus is Substatus.NEW


BY_RELEASE = [
    (ResolvedBy.IN_RELEASE, "shop@1.4.9", None),
    (ResolvedBy.IN_RELEASE, "shop@1.5", "shop@1.5"),
    (ResolvedBy.IN_RELEASE, "shop@1.5-beta", None),
    (ResolvedBy.IN_RELEASE, "shop@1.10", "shop@1.10"),
    (ResolvedBy.IN_RELEASE, "", None),
    (ResolvedBy.IN_NEXT_RELEASE, "shop@1.5", None),
    (ResolvedBy.IN_NEXT_RELEASE, "shop@1.4", None),
    (ResolvedBy.IN_NEXT_RELEASE, "shop@1.5.1", "shop@1.5.1"),
]


@pytest.mark.parametrize(
    ("resolution", "group", "regressed_in"),
    [
        pytest.param(Resolution(at_ns=FIX_NS), after_fix(), "", id="anything after"),
        pytest.param(Resolution(at_ns=FIX_NS), after_fix(seconds=99), None, id="from before"),
        pytest.param(
            Resolution(ResolvedBy.IN_COMMIT, commit="c0ffee", at_ns=FIX_NS),
            after_fix("shop@9"),
            "shop@9",
            id="a commit that no release has yet",
        ),
        *(
            pytest.param(
                Resolution(by, "shop@1.5", at_ns=FIX_NS),
                after_fix(release),
                regressed_in,
                id=f"{by.value} 1.5 and seen in {release or 'none'}",
            )
            for by, release, regressed_in in BY_RELEASE
        ),
    ],
)
def test_a_resolved_issue_comes_back_when_the_fix_does_not_hold(
    resolution: Resolution, group: GroupSeen, regressed_in: str | None
) -> None:
    fixed = resolved(an_issue(), resolution).issue

    decision = on_sighting(fixed, group, {})

    assert decision.issue.times_seen == 2
    if regressed_in is None:
        assert (decision.issue.status, decision.activities) == (IssueStatus.RESOLVED, ())
        return
    assert decision.issue.status is IssueStatus.UNRESOLVED
    assert decision.issue.substatus is Substatus.REGRESSED
    assert (decision.issue.regressed_in, decision.issue.resolution) == (regressed_in, None)
    (entry,) = decision.activities
    assert entry.type is ActivityType.SET_REGRESSION
    assert (entry.data or {})["version"] == regressed_in


def test_releases_without_numbers_are_ordered_by_their_age() -> None:
    fixed = resolved(an_issue(), Resolution(ResolvedBy.IN_RELEASE, "b" * 40, at_ns=FIX_NS)).issue
    ages = {(1, "b" * 40): 20, (1, "a" * 40): 10, (1, "c" * 40): 30, (2, "a" * 40): 99}

    older = on_sighting(fixed, after_fix("a" * 40), ages).issue
    newer = on_sighting(fixed, after_fix("c" * 40), ages).issue

    assert older.status is IssueStatus.RESOLVED
    assert newer.substatus is Substatus.REGRESSED


def test_one_event_of_a_batch_is_enough_for_a_regression() -> None:
    fixed = resolved(an_issue(), Resolution(ResolvedBy.IN_RELEASE, "shop@2", at_ns=FIX_NS)).issue
    later = NOON_NS + 200 * SECOND_NS
    both = seen(
        a_sighting(release="shop@2.1", time_ns=later), a_sighting(release="shop@1", time_ns=later)
    )

    assert on_sighting(fixed, both, {}).issue.regressed_in == "shop@2.1"


@pytest.mark.parametrize(
    ("until", "is_back"),
    [
        (ArchiveUntil(), False),
        (ArchiveUntil(event_count=3), False),
        (ArchiveUntil(event_count=2), True),
        (ArchiveUntil(event_count=2, event_window_min=60), False),
        (ArchiveUntil(user_count=1), False),
        (ArchiveUntil(is_until_escalating=True), False),
        (ArchiveUntil(until_ns=1), False),
    ],
)
def test_an_archived_issue_comes_back_after_so_many_events(
    until: ArchiveUntil, *, is_back: bool
) -> None:
    away = archived(an_issue(times_seen=1_000), until).issue

    decision = on_sighting(away, seen(a_sighting(), a_sighting()), {})

    assert decision.issue.times_seen == 1_002
    assert (decision.issue.substatus is Substatus.ONGOING) is is_back
    types = [each.type for each in decision.activities]
    assert types == ([ActivityType.SET_UNRESOLVED] if is_back else [])
