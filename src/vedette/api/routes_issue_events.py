"""Routes: the events of an issue, its tags, the groups it owns, and what differs."""

from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from vedette.api.answer_forms import EventForm, EventInList
from vedette.api.explore_forms import Differences
from vedette.api.issue_forms import HashForm, IssueTag, TagValue
from vedette.api.issue_view import issue_of
from vedette.api.json_answer import answer, answer_page
from vedette.api.parameters import EventListParameters, TimeParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.issues.joining import TakenOut, parted
from vedette.issues.taken_out import ask_taken_out
from vedette.model.event_dataset import event_dataset
from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.model.issue import Decision, Issue
from vedette.model.question import TimeRange
from vedette.query.ask_feedback import ask_feedback_on_event
from vedette.query.ask_issue_events import (
    AHEAD_NS,
    IssueEvents,
    ask_event_of_issue,
    ask_events_of_issue,
    ask_hashes,
    ask_tags,
    find_event_id,
    of_group,
)
from vedette.query.ask_issues import groups_of
from vedette.query.differences import DifferenceRequest, ask_differences
from vedette.query.events_table import in_environments
from vedette.query.payload import as_list

if TYPE_CHECKING:
    from vedette.model.json_value import JsonObject

router = APIRouter(prefix="/api/0", tags=["issues"])
own_router = APIRouter(prefix="/api/v1", tags=["issues"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_WRITE))]
EVENTS_PER_PAGE_MAX: Final = 100
VALUES_IN_LIST: Final = 10
VALUES_OF_ONE_TAG: Final = 1_000
_NAMES: Final = frozenset({"latest", "oldest", "recommended", "helpful"})


class IssueTagParameters(TimeParameters):
    """Which tags of which events of an issue."""

    environment: list[str] = Field(default_factory=list)
    key: list[str] = Field(default_factory=list)


@router.get(
    "/organizations/{organization}/issues/{issue_id}/events/", response_model=list[EventInList]
)
async def list_events_of_issue(
    visit: Reads, issue_id: str, parameters: Annotated[EventListParameters, Query()]
) -> Response:
    """The events of an issue, newest first."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    page = parameters.page(EVENTS_PER_PAGE_MAX)
    reader = visit.door.services.telemetry
    shown, has_more = await visit.ask(
        lambda: ask_events_of_issue(reader, events, search=parameters.query, page=page)
    )
    return answer_page(shown, visit.request, page, has_more=has_more)


@router.get(
    "/organizations/{organization}/issues/{issue_id}/events/{event_id}/", response_model=EventForm
)
async def show_event_of_issue(
    visit: Reads,
    issue_id: str,
    event_id: str,
    parameters: Annotated[IssueTagParameters, Query()],
) -> Response:
    """One event of an issue by its id, or the `latest`, `oldest` or `recommended` one."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    services = visit.door.services
    if event_id in _NAMES:
        known_id = await visit.ask(lambda: find_event_id(services.telemetry, events, event_id))
    else:
        known_id = read_hex_id(event_id, length=EVENT_ID_LENGTH)
    if known_id is None:
        raise not_found()
    find_map = services.uploads.source_maps.find
    event = await visit.ask(
        lambda: ask_event_of_issue(services.telemetry, events, known_id, find_map)
    )
    if event is None:
        raise not_found()
    project = visit.project_of(issue.project_id)
    report = await visit.ask(
        lambda: ask_feedback_on_event(
            services.telemetry, project_id=issue.project_id, event_id=known_id
        )
    )
    return answer({**event, "projectSlug": project.slug, "userReport": report})


@router.get("/organizations/{organization}/issues/{issue_id}/tags/", response_model=list[IssueTag])
async def list_tags_of_issue(
    visit: Reads, issue_id: str, parameters: Annotated[IssueTagParameters, Query()]
) -> Response:
    """The tags of an issue's events, each with its most frequent values."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    reader = visit.door.services.telemetry
    keys = tuple(parameters.key)
    return answer(
        await visit.ask(
            lambda: [*ask_tags(reader, events, keys=keys, value_count_max=VALUES_IN_LIST)]
        )
    )


@router.get("/organizations/{organization}/issues/{issue_id}/tags/{key}/", response_model=IssueTag)
async def show_tag_of_issue(
    visit: Reads, issue_id: str, key: str, parameters: Annotated[IssueTagParameters, Query()]
) -> Response:
    """One tag with its most frequent values; without any, if no event has it."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    reader = visit.door.services.telemetry
    found = await visit.ask(
        lambda: ask_tags(reader, events, keys=(key,), value_count_max=VALUES_IN_LIST)
    )
    nothing: JsonObject = {
        "key": key,
        "name": key,
        "totalValues": 0,
        "uniqueValues": 0,
        "topValues": [],
    }
    return answer(found[0] if found else nothing)


@router.get(
    "/organizations/{organization}/issues/{issue_id}/tags/{key}/values/",
    response_model=list[TagValue],
)
async def list_tag_values_of_issue(
    visit: Reads, issue_id: str, key: str, parameters: Annotated[IssueTagParameters, Query()]
) -> Response:
    """The values of one tag, most frequent first; no values for a tag that no event has."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    reader = visit.door.services.telemetry
    found = await visit.ask(
        lambda: ask_tags(reader, events, keys=(key,), value_count_max=VALUES_OF_ONE_TAG)
    )
    return answer([value for tag in found for value in as_list(tag["topValues"])])


@router.get(
    "/organizations/{organization}/issues/{issue_id}/hashes/", response_model=list[HashForm]
)
async def list_hashes_of_issue(visit: Reads, issue_id: str) -> Response:
    """The groups that an issue owns; several, if issues were merged or an algorithm changed."""
    issue = await issue_of(visit, issue_id)
    services = visit.door.services
    now_ns = services.clock.now_ns()
    (group,) = await visit.look_up(lambda: groups_of(services.metadata, [issue]))
    events = IssueEvents(
        group,
        TimeRange(0, now_ns + AHEAD_NS),
        now_ns,
        dataset=event_dataset(issue.category),
    )
    return answer([*await visit.ask(lambda: ask_hashes(services.telemetry, events))])


@router.delete("/organizations/{organization}/issues/{issue_id}/hashes/", status_code=202)
async def part_issue(visit: Writes, issue_id: str) -> Response:
    """Take the groups named by `id` out of an issue into a new one: undo a merge."""
    issue = await issue_of(visit, issue_id)
    given = visit.request.query_params.getlist("id")
    hashes = [known for each in given if (known := read_hex_id(each, length=EVENT_ID_LENGTH))]
    if not hashes or len(hashes) < len(given):
        raise wrong("id: name the groups to take out")
    services = visit.door.services
    taken_out = await visit.ask(
        lambda: ask_taken_out(
            services.telemetry,
            project_id=issue.project_id,
            hashes=hashes,
            category=issue.category,
        )
    )
    done = await visit.look_up(lambda: _part(visit, issue, hashes, taken_out))
    if done is None:
        raise Refusal(409, "The issue owns none of these groups, or no others.")
    return answer({"issue": str(done.issue_id)}, status=202)


@own_router.get(
    "/organizations/{organization}/issues/{issue_id}/differs", response_model=Differences
)
async def show_differences_of_issue(
    visit: Reads, issue_id: str, parameters: Annotated[IssueTagParameters, Query()]
) -> Response:
    """In what an issue's events differ from all other errors of its project."""
    issue = await issue_of(visit, issue_id)
    events = await _events(visit, issue, parameters, parameters.environment)
    services = visit.door.services
    project = visit.project_of(issue.project_id)
    request = DifferenceRequest(
        dataset="errors",
        selection="",
        search="",
        project_slugs={project.project_id: project.slug},
        time_range=events.time_range,
        now_ns=events.now_ns,
        where=in_environments(parameters.environment),
        selected=of_group(events.group),
    )
    return answer(await visit.ask(lambda: ask_differences(services.telemetry, request)))


async def _events(
    visit: OrganizationVisit,
    issue: Issue,
    parameters: TimeParameters,
    environments: list[str],
) -> IssueEvents:
    services = visit.door.services
    now_ns = services.clock.now_ns()
    (group,) = await visit.look_up(lambda: groups_of(services.metadata, [issue]))
    time_range = parameters.time_range(now_ns)
    return IssueEvents(
        group,
        time_range,
        now_ns,
        in_environments(environments),
        event_dataset(issue.category),
    )


def _part(
    visit: OrganizationVisit, issue: Issue, hashes: list[str], taken_out: TakenOut | None
) -> Issue | None:
    if taken_out is None:
        return None
    services = visit.door.services
    user_id, now_ns = visit.asker.user.user_id, services.clock.now_ns()

    def decide(whole: Issue) -> tuple[Decision, Decision]:
        both = parted(whole, taken_out, hashes=hashes, user_id=user_id, now_ns=now_ns)
        return both.old, both.new

    done = services.metadata.part_issue(
        issue.issue_id,
        hashes,
        project_ids=[each.project_id for each in visit.projects],
        decide=decide,
    )
    return None if done is None else done[1]
