"""Take hashes out of an issue: what the events say of them, and the two issues that remain."""

from collections.abc import Sequence
from typing import Final, Protocol

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.issues.joining import TakenOut, parted
from vedette.model.group_question import GroupTotalsQuestion, HashGroup
from vedette.model.issue import Decision, Issue
from vedette.model.json_value import JsonValue
from vedette.model.question import Compare, Dataset, Field, Operator, Order, RowQuestion, TimeRange
from vedette.model.sighting import Sighting, SightingDetails
from vedette.storage.metadata.issue_book_port import IssueBook
from vedette.storage.metadata.issue_joins_port import IssueJoins
from vedette.storage.telemetry.port import TelemetryReader

_AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""

_FACE: Final = (
    "id",
    "timestamp",
    "title",
    "culprit",
    "level",
    "platform",
    "logger",
    "release",
    "environment",
    "error.type",
    "error.value",
    "error.handled",
)


class IssueSplitter(IssueBook, IssueJoins, Protocol):
    """The faces of the metadata that are needed."""


def take_apart(
    store: IssueSplitter,
    events: TelemetryReader,
    issue: Issue,
    hashes: Sequence[str],
    *,
    user_id: int | None,
    now_ns: int,
) -> tuple[Issue, Issue] | None:
    """Make hashes of an issue an issue of their own; return what is left and the new one.

    None, and nothing changed, if no event that is kept bears them, or nothing would be left.

    Raises:
        MetadataError, TelemetryError: A store is away.
    """
    taken_out = _taken_out(events, issue, hashes, TimeRange(0, now_ns + _AHEAD_NS))
    if taken_out is None:
        return None

    def decide(one: Issue) -> tuple[Decision, Decision]:
        both = parted(one, taken_out, hashes=hashes, user_id=user_id, now_ns=now_ns)
        return both.old, both.new

    return store.part_issue(issue.issue_id, hashes, project_ids=[issue.project_id], decide=decide)


def _taken_out(
    events: TelemetryReader, issue: Issue, hashes: Sequence[str], always: TimeRange
) -> TakenOut | None:
    group = HashGroup(issue.issue_id, issue.project_id, tuple(hashes))
    totals = events.group_totals(GroupTotalsQuestion((group,), always))
    latest = events.rows(
        RowQuestion(
            dataset=Dataset.ERRORS,
            project_ids=(issue.project_id,),
            time_range=always,
            selected=tuple(Field(name) for name in _FACE),
            where=Compare(Field("group.hash"), Operator.IN, tuple(hashes)),
            order=(Order(Field("timestamp"), is_descending=True),),
            row_count_max=1,
        )
    )
    if not (totals.row_count and latest.row_count):
        return None
    (sums,), (row,) = totals.rows(), latest.rows()
    return TakenOut(
        latest=Sighting(
            project_id=issue.project_id,
            group_hash=hashes[0],
            other_hashes=(),
            event_id=str(row["id"]),
            time_ns=_whole(row["timestamp"]),
            title=str(row["title"]),
            culprit=str(row["culprit"]),
            level=str(row["level"]),
            platform=str(row["platform"]),
            logger=str(row["logger"]),
            release=str(row["release"]),
            environment=str(row["environment"]),
            is_unhandled=row["error.handled"] == "false",
            details=SightingDetails(str(row["error.type"]), str(row["error.value"])),
        ),
        first_ns=_whole(sums["first_seen"]),
        last_ns=_whole(sums["last_seen"]),
        count=_whole(sums["count"]),
    )


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int)
    return value
