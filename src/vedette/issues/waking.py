"""What must be done about issues as time goes by: wake those that are due, see what escalates."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Final, Protocol

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.issues.escalation import HISTORY_DAYS, HOURS_PER_DAY, is_escalating
from vedette.issues.on_waking import WakeFacts, escalated, on_waking
from vedette.model.event_dataset import event_dataset
from vedette.model.group_question import GroupSeriesQuestion, GroupTotalsQuestion, HashGroup
from vedette.model.issue import Decision, Issue, IssueStatus, Substatus
from vedette.model.issue_question import IssueQuestion, IssueSort
from vedette.model.question import (
    Aggregate,
    AllOf,
    Compare,
    Dataset,
    Field,
    Function,
    Operator,
    RowQuestion,
    TimeRange,
)
from vedette.storage.metadata.issue_book_port import IssueBook
from vedette.storage.metadata.issue_desk_port import IssueDesk
from vedette.storage.metadata.issue_joins_port import IssueJoins
from vedette.storage.telemetry.port import TelemetryKeeper, TelemetryReader

DUE_COUNT_MAX: Final = 500
"""Issues in one round; what is left over is the most overdue of the next."""

WATCHED_COUNT_MAX: Final = 500
"""Ongoing issues that are looked at for escalation in one round: those seen most often."""

FORGOTTEN_COUNT_MAX: Final = 200
MINUTE_NS: Final = 60 * NANOSECONDS_PER_SECOND
HOUR_NS: Final = 60 * MINUTE_NS


class IssueStore(IssueBook, IssueDesk, IssueJoins, Protocol):
    """The faces of the metadata that are needed."""


class EventStore(TelemetryReader, TelemetryKeeper, Protocol):
    """The faces of the telemetry that are needed."""


class IssueWaker:
    """Each call is one round; nothing is remembered between them."""

    def __init__(self, store: IssueStore, events: EventStore, clock: Clock) -> None:
        self._store = store
        self._events = events
        self._clock = clock

    def wake_due(self) -> int:
        """Let time have its say about every issue that is due; return how many there were.

        Raises:
            MetadataError, TelemetryError: A store is away; the next round does it.
        """
        now_ns = self._clock.now_ns()
        due = self._store.due_issues(now_ns=now_ns, row_count_max=DUE_COUNT_MAX)
        if not due:
            return 0
        groups = self._groups(due)
        hours = self._hours([each for each in due if _waits_for_escalation(each)], groups, now_ns)
        facts = {
            each.issue_id: replace(
                self._facts(each, groups[each.issue_id], now_ns), hours=hours.get(each.issue_id)
            )
            for each in due
        }
        # Judged inside the transaction, on what the issue is then: somebody may have changed it.
        self._change(due, lambda one: on_waking(one, facts[one.issue_id], now_ns=now_ns))
        return len(due)

    def look_for_escalation(self, project_ids: Sequence[int]) -> int:
        """See which ongoing issues happen much more often than they used to; return how many.

        Raises:
            MetadataError, TelemetryError: A store is away; the next round does it.
        """
        now_ns = self._clock.now_ns()
        is_ongoing = Compare(Field("substatus"), Operator.EQUAL, (Substatus.ONGOING.value,))
        is_active = Compare(Field("last_seen"), Operator.GREATER, (now_ns - HOUR_NS,))
        watched = self._store.find_issues(
            IssueQuestion(
                project_ids=tuple(project_ids),
                where=AllOf((is_ongoing, is_active)),
                sort=IssueSort.TIMES_SEEN,
                row_count_max=WATCHED_COUNT_MAX,
            )
        )[:WATCHED_COUNT_MAX]
        hours = self._hours(watched, self._groups(watched), now_ns)
        risen = [each for each in watched if is_escalating(hours[each.issue_id], is_watched=True)]
        counts = {each.issue_id: sum(hours[each.issue_id][-HOURS_PER_DAY:]) for each in risen}

        def decide(one: Issue) -> Decision:
            if one.substatus is not Substatus.ONGOING:
                return Decision(one)
            return escalated(one, now_ns=now_ns, event_count=counts[one.issue_id])

        if risen:
            self._change(risen, decide)
        return len(risen)

    def delete_forgotten(self) -> int:
        """Delete events of issues that were deleted; return of how many groups.

        Raises:
            MetadataError, TelemetryError: A store is away; the next round does it.
        """
        waiting = self._store.forgotten_groups(row_count_max=FORGOTTEN_COUNT_MAX)
        together: dict[tuple[int, int], list[str]] = {}
        for each in waiting:
            together.setdefault((each.project_id, each.forgotten_ns), []).append(each.hash)
        for (project_id, forgotten_ns), hashes in together.items():
            # What came later belongs to a new issue.
            self._events.forget_groups(project_id, hashes, received_before_ns=forgotten_ns)
        if waiting:
            self._store.forgotten([each.entry_id for each in waiting])
        return len(waiting)

    def _change(self, chosen: Sequence[Issue], decide: Callable[[Issue], Decision]) -> None:
        self._store.change_issues(
            [each.issue_id for each in chosen],
            project_ids=sorted({each.project_id for each in chosen}),
            decide=decide,
        )

    def _groups(self, issues: Sequence[Issue]) -> dict[int, HashGroup]:
        hashes = self._store.hashes_of_issues([each.issue_id for each in issues])
        return {
            each.issue_id: HashGroup(
                each.issue_id,
                each.project_id,
                tuple(one.hash for one in hashes[each.issue_id] if one.is_own),
            )
            for each in issues
        }

    def _hours(
        self, issues: Sequence[Issue], groups: Mapping[int, HashGroup], now_ns: int
    ) -> dict[int, tuple[int, ...]]:
        """Return events by the hour since each issue began, of eight days at most."""
        end_ns = (now_ns // HOUR_NS + 1) * HOUR_NS
        start_ns = end_ns - (HISTORY_DAYS + 1) * HOURS_PER_DAY * HOUR_NS
        asked = tuple(groups[each.issue_id] for each in issues)
        question = GroupSeriesQuestion(asked, TimeRange(start_ns, end_ns), HOUR_NS // 10**9)
        answer = self._events.group_series(question)
        counts = {
            (key, time_ns): count
            for key, time_ns, count in zip(*answer.columns, strict=True)
            if isinstance(count, int)
        }
        return {
            each.issue_id: tuple(
                counts.get((each.issue_id, hour_ns), 0)
                for hour_ns in range(
                    max(start_ns, each.first_seen_ns // HOUR_NS * HOUR_NS), end_ns, HOUR_NS
                )
            )
            for each in issues
        }

    def _facts(self, issue: Issue, group: HashGroup, now_ns: int) -> WakeFacts:
        archive = issue.archive
        if issue.status is not IssueStatus.IGNORED or archive is None:
            return WakeFacts()
        events = users = None
        if archive.event_count is not None and archive.event_window_min is not None:
            since_ns = now_ns - archive.event_window_min * MINUTE_NS
            events = self._events_since(event_dataset(issue.category), group, since_ns)
        if archive.user_count is not None:
            since_ns = archive.at_ns
            if archive.user_window_min is not None:
                since_ns = now_ns - archive.user_window_min * MINUTE_NS
            users = self._users_since(group, since_ns, now_ns)
        return WakeFacts(events, users)

    def _events_since(self, dataset: Dataset, group: HashGroup, since_ns: int) -> int:
        answer = self._events.rows(
            RowQuestion(
                dataset=dataset,
                project_ids=(group.project_id,),
                time_range=TimeRange(since_ns, self._clock.now_ns() + HOUR_NS),
                selected=(Aggregate(Function.COUNT),),
                where=Compare(Field("group.hash"), Operator.IN, group.hashes),
            )
        )
        return next((each for each in answer.columns[0] if isinstance(each, int)), 0)

    def _users_since(self, group: HashGroup, since_ns: int, now_ns: int) -> int:
        """Return how many people met it, by whole hours: the one of `since_ns` counts whole."""
        time_range = TimeRange(since_ns, now_ns + HOUR_NS)
        answer = self._events.group_totals(GroupTotalsQuestion((group,), time_range))
        return next((each for each in answer.columns[2] if isinstance(each, int)), 0)


def _waits_for_escalation(issue: Issue) -> bool:
    return issue.archive is not None and issue.archive.is_until_escalating
