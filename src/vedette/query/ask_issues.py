"""Lists of issues: found by what they are and what their events say, sorted, with their sums."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from vedette.model.group_question import (
    GROUP_COUNT_MAX,
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashGroup,
    HashTotalsQuestion,
)
from vedette.model.issue import Issue
from vedette.model.issue_question import ISSUE_COUNT_MAX, IssueQuestion, IssueSort
from vedette.model.question import (
    Aggregate,
    AllOf,
    Compare,
    Condition,
    Dataset,
    Field,
    Function,
    Not,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.query.events_table import in_environments
from vedette.query.issue_search import IssueSearchContext, read_issue_search
from vedette.query.paging import Page
from vedette.query.payload import whole
from vedette.storage.metadata.issue_book_port import IssueBook
from vedette.storage.telemetry.port import TelemetryReader

NEVER: Final = Not(AllOf(()))
HOUR_S: Final = 3_600


class ListOrder(StrEnum):
    """How a list of issues is sorted, under the names that Sentry's clients use."""

    DATE = "date"
    NEW = "new"
    FREQ = "freq"
    USER = "user"
    TRENDS = "trends"
    PRIORITY = "priority"
    INBOX = "inbox"


_OF_METADATA: Final = {
    ListOrder.DATE: IssueSort.LAST_SEEN,
    ListOrder.NEW: IssueSort.FIRST_SEEN,
    ListOrder.PRIORITY: IssueSort.PRIORITY,
    ListOrder.INBOX: IssueSort.STATUS_SINCE,
}


@dataclass(frozen=True, slots=True)
class IssueListRequest:
    """What is asked for."""

    search: str
    context: IssueSearchContext
    project_ids: tuple[int, ...]
    time_range: TimeRange
    environments: tuple[str, ...]
    order: ListOrder
    page: Page
    series_range: TimeRange
    series_step_s: int


@dataclass(frozen=True, slots=True)
class IssueSums:
    """What the events of a time range say of an issue."""

    event_count: int = 0
    user_count: int = 0
    series: Mapping[int, int] = field(default_factory=dict)
    """Events by the second at which their step began; steps without any are left out."""


@dataclass(frozen=True, slots=True)
class IssuePage:
    """A page of issues, each with its sums by id."""

    issues: Sequence[Issue]
    sums: Mapping[int, IssueSums]
    issue_count: int
    """On all pages."""
    has_more: bool


def ask_issues(reader: TelemetryReader, book: IssueBook, request: IssueListRequest) -> IssuePage:
    """Return a page of issues.

    Raises:
        SearchError: The search is wrong.
        TelemetryError, MetadataError: A store could not answer.
    """
    where = _where(reader, book, request)
    question = IssueQuestion(request.project_ids, where)
    issue_count = book.count_issues(question)
    if request.order in _OF_METADATA:
        found = book.find_issues(
            replace(
                question,
                sort=_OF_METADATA[request.order],
                row_count_max=request.page.row_count_max,
                row_offset=request.page.offset,
            )
        )
    else:
        ids = _by_events(reader, book, question, request)
        shown = ids[request.page.offset : request.page.offset + request.page.row_count_max + 1]
        found = book.issues_by_id(shown, project_ids=request.project_ids)
    issues = found[: request.page.row_count_max]
    sums = sums_of(
        reader,
        groups_of(book, issues),
        time_range=request.time_range,
        environments=request.environments,
        series_range=request.series_range,
        series_step_s=request.series_step_s,
    )
    return IssuePage(issues, sums, issue_count, has_more=len(found) > len(issues))


def count_found(reader: TelemetryReader, book: IssueBook, request: IssueListRequest) -> int:
    """Return how many issues there are on all pages.

    Raises:
        SearchError: The search is wrong.
        TelemetryError, MetadataError: A store could not answer.
    """
    return book.count_issues(IssueQuestion(request.project_ids, _where(reader, book, request)))


def find_ids(
    reader: TelemetryReader, book: IssueBook, request: IssueListRequest, *, row_count_max: int
) -> list[int]:
    """Return the ids of the issues that are found, the last seen first.

    Raises:
        SearchError: The search is wrong.
        TelemetryError, MetadataError: A store could not answer.
    """
    question = IssueQuestion(
        request.project_ids, _where(reader, book, request), row_count_max=row_count_max
    )
    return [each.issue_id for each in book.find_issues(question)]


def groups_of(book: IssueBook, issues: Sequence[Issue]) -> tuple[HashGroup, ...]:
    """Return what is counted together for each issue."""
    hashes = book.hashes_of_issues([each.issue_id for each in issues])
    return tuple(
        HashGroup(
            each.issue_id,
            each.project_id,
            tuple(one.hash for one in hashes.get(each.issue_id, ()) if one.is_own),
        )
        for each in issues
    )


def sums_of(
    reader: TelemetryReader,
    groups: tuple[HashGroup, ...],
    *,
    time_range: TimeRange,
    environments: tuple[str, ...],
    series_range: TimeRange,
    series_step_s: int,
) -> dict[int, IssueSums]:
    """Return the sums of each issue that has events, by its id."""
    totals = reader.group_totals(GroupTotalsQuestion(groups, time_range, environments))
    points = reader.group_series(
        GroupSeriesQuestion(groups, series_range, series_step_s, environments)
    )
    series: dict[int, dict[int, int]] = defaultdict(dict)
    for row in points.rows():
        series[whole(row["key"])][whole(row["time"]) // 1_000_000_000] = whole(row["count"])
    sums = {key: IssueSums(series=steps) for key, steps in series.items()}
    for row in totals.rows():
        key = whole(row["key"])
        sums[key] = IssueSums(whole(row["count"]), whole(row["users"]), series.get(key, {}))
    return sums


def _where(reader: TelemetryReader, book: IssueBook, request: IssueListRequest) -> Condition:
    environments = in_environments(request.environments)

    def find(condition: Condition) -> Condition:
        both = condition if environments is None else AllOf((environments, condition))
        return _with_events(reader, book, request, both)

    searched = read_issue_search(request.search, request.context, find)
    # Issues that have an event in the time: the first and last of them are known without asking.
    parts = [
        searched,
        Compare(Field("last_seen"), Operator.GREATER_OR_EQUAL, (request.time_range.start_ns,)),
        Compare(Field("first_seen"), Operator.LESS, (request.time_range.end_ns,)),
    ]
    if environments is not None:
        parts.append(_with_events(reader, book, request, environments))
    return AllOf(tuple(parts))


def _with_events(
    reader: TelemetryReader, book: IssueBook, request: IssueListRequest, condition: Condition
) -> Condition:
    """Return the condition that an issue is one of those that have such an event.

    When more groups have one than can be looked at, those with most of them are taken.
    """
    count = Aggregate(Function.COUNT)
    question = RowQuestion(
        dataset=Dataset.ERRORS,
        project_ids=request.project_ids,
        time_range=request.time_range,
        selected=(Field("project.id"), Field("group.hash"), count),
        where=condition,
        order=(Order(count, is_descending=True),),
        row_count_max=GROUP_COUNT_MAX,
    )
    names: list[tuple[int, str]] = []
    for dataset in (Dataset.ERRORS, Dataset.FINDINGS):
        project_ids, hashes, _ = reader.rows(replace(question, dataset=dataset)).columns
        names += [
            (whole(project_id), str(one))
            for project_id, one in zip(project_ids, hashes, strict=True)
        ]
    ids = sorted(set(book.issue_ids_of_hashes(names).values()))
    return Compare(Field("issue.id"), Operator.IN, tuple(ids)) if ids else NEVER


def _by_events(
    reader: TelemetryReader, book: IssueBook, question: IssueQuestion, request: IssueListRequest
) -> list[int]:
    """Return the ids of all issues that were found, in an order that their events make.

    The groups are summed by themselves and put together here: naming each issue's groups to the
    store takes three times as long. People of several groups of one issue count in each.
    """
    weights = _weights(reader, request)
    sums: dict[int, float] = {}
    for issue_id, project_id, one in book.found_hashes(
        replace(question, row_count_max=ISSUE_COUNT_MAX)
    ):
        sums[issue_id] = sums.get(issue_id, 0.0) + weights.get((project_id, one), 0.0)
    # Stable: where events say nothing, what was seen last stays first.
    return sorted(sums, key=lambda issue_id: -sums[issue_id])


def _weights(reader: TelemetryReader, request: IssueListRequest) -> dict[tuple[int, str], float]:
    """Return what each project's hash weighs; those without events are left out."""
    now = _sums_by_hash(reader, request, request.time_range)
    if request.order is not ListOrder.TRENDS:
        return now
    # How much more often in the last quarter than its share of the whole would be.
    span = request.time_range
    recent = TimeRange(span.end_ns - (span.end_ns - span.start_ns) // 4, span.end_ns)
    lately = _sums_by_hash(reader, request, recent)
    return {name: (count + 1) / (now.get(name, 0.0) / 4 + 1) for name, count in lately.items()}


def _sums_by_hash(
    reader: TelemetryReader, request: IssueListRequest, time_range: TimeRange
) -> dict[tuple[int, str], float]:
    by_people = request.order is ListOrder.USER
    answer = reader.hash_totals(
        HashTotalsQuestion(request.project_ids, time_range, by_people, request.environments)
    )
    column = "users" if by_people else "count"
    return {
        (whole(row["project_id"]), str(row["hash"])): float(whole(row[column]))
        for row in answer.rows()
    }
