"""What time alone does: fresh issues age, archives end, counts escalate."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as some

from tests.fakes.sightings import NOON_NS, a_sighting
from vedette.issues.by_people import archived, prioritised, resolved
from vedette.issues.escalation import EVENT_COUNT_MIN, day_ceiling, is_escalating
from vedette.issues.on_sighting import DAY_NS, FRESH_NS, on_sighting
from vedette.issues.on_waking import WakeFacts, escalated, on_waking
from vedette.model.issue import (
    ActivityType,
    ArchiveUntil,
    Issue,
    IssueStatus,
    Priority,
    Resolution,
    Substatus,
)
from vedette.model.sighting import grouped

NOTHING = WakeFacts()
DAY_LATER_NS = NOON_NS + DAY_NS


def an_issue() -> Issue:
    (group,) = grouped([a_sighting()])
    return on_sighting(None, group, {}).issue


def test_a_new_issue_is_ongoing_after_seven_days_and_not_before() -> None:
    issue = an_issue()

    early = on_waking(issue, NOTHING, now_ns=NOON_NS + FRESH_NS - 1)
    due = on_waking(issue, NOTHING, now_ns=NOON_NS + FRESH_NS)

    assert early.issue == issue
    assert (due.issue.substatus, due.issue.wake_ns) == (Substatus.ONGOING, None)
    assert [each.type for each in due.activities] == [ActivityType.AUTO_SET_ONGOING]


def test_an_escalation_raises_the_priority_until_it_is_over() -> None:
    risen = escalated(an_issue(), now_ns=NOON_NS, event_count=500).issue

    calm = on_waking(risen, NOTHING, now_ns=NOON_NS + FRESH_NS).issue

    assert (risen.substatus, risen.priority) == (Substatus.ESCALATING, Priority.HIGH)
    assert (calm.substatus, calm.priority) == (Substatus.ONGOING, Priority.MEDIUM)


def test_a_priority_that_somebody_set_stays() -> None:
    low = prioritised(an_issue(), Priority.LOW, user_id=1, now_ns=NOON_NS).issue

    risen = escalated(low, now_ns=NOON_NS, event_count=500).issue

    assert risen.priority is Priority.LOW
    assert on_waking(risen, NOTHING, now_ns=NOON_NS + FRESH_NS).issue.priority is Priority.LOW


QUIET = (1,) * 24 * 7
STORM = (*QUIET, *(30,) * 24)
IN_WINDOW = ArchiveUntil(event_count=5, event_window_min=60)
ESCALATING = ArchiveUntil(is_until_escalating=True)


@pytest.mark.parametrize(
    ("until", "facts", "substatus"),
    [
        (ArchiveUntil(until_ns=DAY_LATER_NS), NOTHING, Substatus.ONGOING),
        (IN_WINDOW, WakeFacts(events_in_window=5), Substatus.ONGOING),
        (IN_WINDOW, WakeFacts(events_in_window=4), Substatus.UNTIL_CONDITION_MET),
        (ArchiveUntil(user_count=2), WakeFacts(users=2), Substatus.ONGOING),
        (ArchiveUntil(user_count=2), WakeFacts(users=1), Substatus.UNTIL_CONDITION_MET),
        (ESCALATING, WakeFacts(hours=STORM), Substatus.ESCALATING),
        (ESCALATING, WakeFacts(hours=QUIET), Substatus.UNTIL_ESCALATING),
    ],
)
def test_an_archived_issue_comes_back_when_its_condition_is_met(
    until: ArchiveUntil, facts: WakeFacts, substatus: Substatus
) -> None:
    away = archived(an_issue(), replace(until, at_ns=NOON_NS)).issue

    decision = on_waking(away, facts, now_ns=DAY_LATER_NS)

    assert decision.issue.substatus is substatus
    is_back = decision.issue.status is IssueStatus.UNRESOLVED
    assert bool(decision.activities) is is_back
    assert (decision.issue.archive is None) is is_back
    if not is_back:
        assert (decision.issue.wake_ns or 0) > DAY_LATER_NS, "it is looked at again"


def test_what_is_archived_for_ever_or_resolved_is_never_due() -> None:
    assert archived(an_issue(), ArchiveUntil(at_ns=NOON_NS)).issue.wake_ns is None
    assert archived(an_issue(), ArchiveUntil(event_count=5)).issue.wake_ns is None
    assert resolved(an_issue(), Resolution(at_ns=NOON_NS)).issue.wake_ns is None


hour_counts = some.lists(some.integers(0, 10_000), max_size=24 * 9)


@given(hour_counts)
def test_what_goes_on_as_before_never_escalates(hours: list[int]) -> None:
    day = (*hours[-24:], *(0,) * (24 - len(hours[-24:])))

    assert not is_escalating(day * 8)


@given(hours=hour_counts, is_watched=some.booleans())
def test_a_ceiling_is_never_below_the_least_nor_below_what_a_day_had(
    hours: list[int], *, is_watched: bool
) -> None:
    ceiling = day_ceiling(hours, is_watched=is_watched)

    assert ceiling >= EVENT_COUNT_MIN
    assert ceiling >= sum(hours[-24:])


@pytest.mark.parametrize(
    ("hours", "is_it"),
    [
        pytest.param([], False, id="nothing known"),
        pytest.param([9], False, id="few events in all"),
        pytest.param([50], True, id="many in the first hour of its life"),
        pytest.param([0] * 168 + [1] * 24, True, id="daily after silence"),
        pytest.param([10] * 168 + [14] * 24, False, id="a little more"),
        pytest.param([10] * 168 + [16] * 24, True, id="half as much again"),
        pytest.param(([0] * 23 + [100]) * 8, False, id="a nightly job"),
    ],
)
def test_escalation_is_judged_as_a_person_would(hours: list[int], *, is_it: bool) -> None:
    assert is_escalating(hours) is is_it
