"""The rounds by which time has its say, over the real metadata and events in memory."""

from dataclasses import replace

import pytest

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.sightings import a_hash, a_sighting, see
from tests.fakes.telemetry_rows import an_error, block_of
from vedette.app.issue_worker import IssueWorker
from vedette.issues.by_people import archived
from vedette.issues.waking import HOUR_NS, IssueWaker
from vedette.model.group_question import GroupTotalsQuestion, HashGroup
from vedette.model.issue import ArchiveUntil, Issue, IssueStatus, Substatus
from vedette.model.question import TimeRange

DAY_S = 86_400


class World:
    """A project, a clock, and what happens."""

    def __init__(self) -> None:
        self.clock, self.metadata, self.telemetry = HandClock(), FreshMetadata(), MemoryTelemetry()
        owner = self.metadata.create_organization(slug="default", name="", created_ns=0)
        self.project_id = self.metadata.create_project(
            organization_id=owner.organization_id, slug="shop", name="", platform="", created_ns=0
        ).project_id
        self.waker = IssueWaker(self.metadata, self.telemetry, self.clock)
        self._number = 0

    def happen(self, count: int = 1, *, group: int = 1) -> None:
        """Let events of different people come, now."""
        now_ns, rows = self.clock.now_ns(), []
        for _ in range(count):
            self._number += 1
            rows.append(
                an_error(
                    self._number,
                    group_hash=bytes.fromhex(a_hash(group)),
                    time=now_ns // 1_000,
                    received_at=now_ns // 1_000_000,
                    user_id=str(self._number),
                )
            )
        self.telemetry.put([block_of("errors", rows)], token=str(self._number))
        see(self.metadata, *(a_sighting(group, time_ns=now_ns) for _ in range(count)))

    def issue(self, number: int = 1) -> Issue:
        found = self.metadata.issue_by_number(project_id=self.project_id, number=number)
        assert found is not None
        return found

    def archive(self, until: ArchiveUntil) -> None:
        now = replace(until, at_ns=self.clock.now_ns())
        self.metadata.change_issues(
            [self.issue().issue_id],
            project_ids=[self.project_id],
            decide=lambda issue: archived(issue, now),
        )

    def event_count(self, group: int = 1) -> object:
        groups = (HashGroup(1, self.project_id, (a_hash(group),)),)
        always = TimeRange(0, self.clock.now_ns() + HOUR_NS)
        answer = self.telemetry.group_totals(GroupTotalsQuestion(groups, always))
        return answer.columns[1][0] if answer.row_count else 0


@pytest.fixture
def world() -> World:
    return World()


def test_what_was_new_is_ongoing_a_week_later(world: World) -> None:
    world.happen()
    world.clock.move(7 * DAY_S - 1)
    assert world.waker.wake_due() == 0

    world.clock.move(1)

    assert world.waker.wake_due() == 1
    assert world.issue().substatus is Substatus.ONGOING
    assert world.waker.wake_due() == 0


@pytest.mark.parametrize(
    ("until", "few", "enough"),
    [
        (ArchiveUntil(event_count=3, event_window_min=60), 2, 1),
        (ArchiveUntil(user_count=3), 2, 1),
        (ArchiveUntil(is_until_escalating=True), 5, 50),
    ],
)
def test_an_archive_ends_when_the_events_say_so(
    world: World, until: ArchiveUntil, few: int, enough: int
) -> None:
    world.happen()
    world.clock.move(3 * DAY_S)
    world.archive(until)
    world.happen(few)
    world.clock.move(601)
    world.waker.wake_due()
    assert world.issue().status is IssueStatus.IGNORED

    world.happen(enough)
    world.clock.move(601)
    world.waker.wake_due()

    assert world.issue().status is IssueStatus.UNRESOLVED


def test_events_outside_the_window_do_not_count(world: World) -> None:
    world.happen()
    world.clock.move(DAY_S)
    world.archive(ArchiveUntil(event_count=3, event_window_min=10))
    world.happen(2)
    world.clock.move(11 * 60)
    world.happen(2)
    world.clock.move(61)

    world.waker.wake_due()

    assert world.issue().status is IssueStatus.IGNORED


def test_an_ongoing_issue_that_explodes_is_told_of_once(world: World) -> None:
    world.happen()
    for _ in range(10):
        world.clock.move(DAY_S)
        world.happen(5)
    world.waker.wake_due()
    assert world.waker.look_for_escalation([world.project_id]) == 0

    world.happen(100)

    assert world.waker.look_for_escalation([world.project_id]) == 1
    assert world.issue().substatus is Substatus.ESCALATING
    assert world.waker.look_for_escalation([world.project_id]) == 0


def test_events_of_a_deleted_issue_go_and_later_ones_stay(world: World) -> None:
    world.happen(3)
    world.happen(2, group=2)
    world.clock.move(1)
    world.metadata.delete_issues(
        [world.issue().issue_id], project_ids=[world.project_id], now_ns=world.clock.now_ns()
    )
    world.clock.move(1)
    world.happen(4)
    worker = IssueWorker(world.waker, world.metadata, world.clock)

    worker.work_once()

    assert (world.event_count(1), world.event_count(2)) == (4, 2)
    assert world.issue(3).times_seen == 4
    assert list(world.metadata.forgotten_groups(row_count_max=9)) == []
