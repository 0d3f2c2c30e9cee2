"""Events of one issue: pages of them, single ones with their neighbours, tags and hashes."""

from dataclasses import dataclass, replace
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.group_question import GroupTotalsQuestion, HashGroup
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import (
    AllOf,
    Compare,
    Condition,
    Dataset,
    Field,
    Has,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
    ValueCountsQuestion,
)
from vedette.model.source_map import FindMap
from vedette.query.condition import read_condition, search_context
from vedette.query.event_shape import EVENT_FIELDS, shape_event, shape_event_in_list
from vedette.query.events_table import meaning_of
from vedette.query.facets import shape_facets
from vedette.query.paging import Page
from vedette.query.payload import as_list, as_object, whole
from vedette.storage.telemetry.port import TelemetryReader

AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""
HASH_COUNT_MAX: Final = 10_000
SAME_MOMENT_COUNT_MAX: Final = 1_000
_TIME: Final = Field("timestamp")
_ID: Final = Field("id")


@dataclass(frozen=True, slots=True)
class IssueEvents:
    """Which events: those of an issue, in a time and in environments."""

    group: HashGroup
    time_range: TimeRange
    now_ns: int
    environments: Condition | None = None
    dataset: Dataset = Dataset.ERRORS

    def question(self, *names: str) -> RowQuestion:
        """Return the question for these fields of the newest of them."""
        return RowQuestion(
            dataset=self.dataset,
            project_ids=(self.group.project_id,),
            time_range=self.time_range,
            selected=tuple(Field(name) for name in names),
            where=self.where(),
            order=(Order(_TIME, is_descending=True), Order(_ID, is_descending=True)),
            row_count_max=1,
        )

    def where(self, *more: Condition) -> Condition:
        """Return the condition that an event is one of them, and these hold of it."""
        given = () if self.environments is None else (self.environments,)
        return AllOf((of_group(self.group), *given, *more))


def of_group(group: HashGroup) -> Condition:
    """Return the condition that an event belongs to an issue."""
    return Compare(Field("group.hash"), Operator.IN, group.hashes[:HASH_COUNT_MAX])


def ask_events_of_issue(
    reader: TelemetryReader, events: IssueEvents, *, search: str, page: Page
) -> tuple[list[JsonObject], bool]:
    """Return a page of events, newest first, and whether there are more.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    context = search_context(meaning_of("errors"), {}, events.now_ns)
    searched = read_condition(search, context)
    question = replace(
        events.question(*EVENT_FIELDS),
        where=events.where(searched),
        row_count_max=page.row_count_max,
        row_offset=page.offset,
    )
    answer = reader.rows(question)
    issue_id = str(events.group.key)
    shown: list[JsonObject] = [
        {**shape_event_in_list(row), "groupID": issue_id} for row in answer.rows()
    ]
    return shown, answer.was_cut


def find_event_id(reader: TelemetryReader, events: IssueEvents, name: str) -> str | None:
    """Return the id of the `latest`, `oldest` or `recommended` event; None if there is none.

    Recommended is the newest that has most to show: one of a trace, and of a person.
    """
    newest = events.question("id")
    tries: list[RowQuestion] = [newest]
    if name == "oldest":
        tries = [replace(newest, order=(Order(_TIME), Order(_ID)))]
    if name == "recommended":
        has_trace, has_user = Has(Field("trace")), Has(Field("user.id"))
        tries = [
            _narrowed(newest, AllOf((has_trace, has_user))),
            _narrowed(newest, has_trace),
            newest,
        ]
    for question in tries:
        answer = reader.rows(question)
        if answer.row_count:
            return str(answer.columns[0][0])
    return None


def ask_event_of_issue(
    reader: TelemetryReader, events: IssueEvents, event_id: str, find_map: FindMap
) -> JsonObject | None:
    """Return one event with everything about it and its neighbours; None if it is not one of them.

    Raises:
        TelemetryError: The store could not answer.
    """
    this = Compare(_ID, Operator.EQUAL, (event_id,))
    answer = reader.rows(_narrowed(events.question(*EVENT_FIELDS), this))
    if not answer.row_count:
        return None
    row = answer.rows()[0]
    at_ns = whole(row["timestamp"])
    return {
        **shape_event(row, find_map),
        "groupID": str(events.group.key),
        "nextEventID": _beside(reader, events, event_id, at_ns, is_next=True),
        "previousEventID": _beside(reader, events, event_id, at_ns, is_next=False),
    }


def _beside(
    reader: TelemetryReader, events: IssueEvents, event_id: str, at_ns: int, *, is_next: bool
) -> str | None:
    """Return the event that comes after this one, or before it; of equal time, by id."""
    beyond = Operator.GREATER if is_next else Operator.LESS
    newest = events.question("id")
    order = (Order(_TIME, is_descending=not is_next), Order(_ID, is_descending=not is_next))
    # Events of one moment are told apart by their ids.
    same_time = reader.rows(
        replace(
            _narrowed(newest, Compare(_TIME, Operator.EQUAL, (at_ns,))),
            order=order,
            row_count_max=SAME_MOMENT_COUNT_MAX,
        )
    )
    ids = [str(each) for each in same_time.columns[0]]
    if event_id in ids and ids.index(event_id) + 1 < len(ids):
        return ids[ids.index(event_id) + 1]
    found = reader.rows(replace(_narrowed(newest, Compare(_TIME, beyond, (at_ns,))), order=order))
    return str(found.columns[0][0]) if found.row_count else None


def _narrowed(question: RowQuestion, condition: Condition) -> RowQuestion:
    return replace(question, where=AllOf((question.where, condition)))


def ask_tags(
    reader: TelemetryReader, events: IssueEvents, *, keys: tuple[str, ...], value_count_max: int
) -> list[JsonObject]:
    """Return the tags of an issue's events, each with its most frequent values.

    Of very many events a sample is counted; the counts are those of all by its shares.
    """
    counts = reader.value_counts(
        ValueCountsQuestion(
            dataset=events.dataset,
            project_ids=(events.group.project_id,),
            time_range=events.time_range,
            where=events.where(),
            keys=keys,
            value_count_max=value_count_max,
        )
    )
    return [_tag(each) for each in shape_facets(counts)]


def _tag(facet: JsonValue) -> JsonObject:
    found = as_object(facet)
    values = [{"key": found["key"], **as_object(each)} for each in as_list(found["topValues"])]
    return {
        "key": found["key"],
        "name": found["key"],
        "totalValues": sum(whole(each["count"]) for each in values),
        "uniqueValues": len(values),
        "topValues": [*values],
    }


def ask_hashes(reader: TelemetryReader, events: IssueEvents) -> list[JsonObject]:
    """Return every group that an issue owns, with how many events it has."""
    group = events.group
    groups = tuple(
        HashGroup(place, group.project_id, (one,)) for place, one in enumerate(group.hashes)
    )
    totals = reader.group_totals(GroupTotalsQuestion(groups, events.time_range))
    counts = {whole(row["key"]): whole(row["count"]) for row in totals.rows()}
    return [
        {"id": one, "latestEvent": _latest(reader, events, one), "count": counts.get(place, 0)}
        for place, one in enumerate(group.hashes)
    ]


def _latest(reader: TelemetryReader, events: IssueEvents, one: str) -> JsonObject | None:
    of_one = replace(events, group=replace(events.group, hashes=(one,)))
    answer = reader.rows(of_one.question(*EVENT_FIELDS))
    return shape_event_in_list(answer.rows()[0]) if answer.row_count else None
