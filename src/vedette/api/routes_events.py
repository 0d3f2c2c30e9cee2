"""Routes: single error events, and tables of rows or groups of any dataset."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.answer_forms import EventForm, EventInList, TableForm
from vedette.api.explore_parameters import dataset_name
from vedette.api.json_answer import answer, answer_page
from vedette.api.parameters import EventListParameters, TableParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.query.ask_events import ask_event, ask_event_list
from vedette.query.ask_feedback import ask_feedback_on_event
from vedette.query.events_table import TableRequest, ask_table, in_environments

router = APIRouter(prefix="/api/0", tags=["events"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]

EVENTS_PER_PAGE_MAX: Final = 100
"""Whole events are large."""


@router.get("/organizations/{organization}/events/", response_model=TableForm)
async def show_table(visit: Reads, parameters: Annotated[TableParameters, Query()]) -> Response:
    """Rows of a dataset, or groups of rows when an aggregate is among the fields."""
    page = parameters.page()
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = TableRequest(
        dataset=dataset_name(parameters.dataset),
        field_names=parameters.field,
        search=parameters.query,
        sorts=parameters.sort,
        project_slugs=visit.chosen_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        page=page,
        now_ns=now_ns,
        where=in_environments(parameters.environment),
        is_extrapolated=not parameters.is_extrapolation_off,
    )
    table = await visit.ask(lambda: ask_table(services.telemetry, request))
    return answer_page(
        {"data": table.rows, "meta": table.meta}, visit.request, page, has_more=table.has_more
    )


@router.get("/projects/{organization}/{project}/events/", response_model=list[EventInList])
async def list_events(
    visit: Reads,
    project: str,
    parameters: Annotated[EventListParameters, Query()],
) -> Response:
    """The error events of a project, newest first."""
    found = visit.project(project)
    services = visit.door.services
    page = parameters.page(EVENTS_PER_PAGE_MAX)
    request = TableRequest(
        dataset="errors",
        field_names=(),
        search=parameters.query,
        sorts=("-timestamp",),
        project_slugs={found.project_id: found.slug},
        time_range=parameters.time_range(services.clock.now_ns()),
        page=page,
        now_ns=services.clock.now_ns(),
        where=in_environments(parameters.environment),
    )
    events, has_more = await visit.ask(lambda: ask_event_list(services.telemetry, request))
    return answer_page(events, visit.request, page, has_more=has_more)


@router.get("/projects/{organization}/{project}/events/{event_id}/", response_model=EventForm)
async def show_event(visit: Reads, project: str, event_id: str) -> Response:
    """One error event with everything that was kept of it."""
    return await _event(visit, project, event_id)


@router.get("/organizations/{organization}/events/{project}:{event_id}/", response_model=EventForm)
async def show_event_of_organization(visit: Reads, project: str, event_id: str) -> Response:
    """The same by another address."""
    return await _event(visit, project, event_id)


async def _event(visit: OrganizationVisit, project: str, event_id: str) -> Response:
    found = visit.project(project)
    known_id = read_hex_id(event_id, length=EVENT_ID_LENGTH)
    if known_id is None:
        raise not_found()
    services = visit.door.services
    event = await visit.ask(
        lambda: ask_event(
            services.telemetry,
            project_id=found.project_id,
            event_id=known_id,
            now_ns=services.clock.now_ns(),
            find_map=services.uploads.source_maps.find,
        )
    )
    if event is None:
        raise not_found()
    report = await visit.ask(
        lambda: ask_feedback_on_event(
            services.telemetry, project_id=found.project_id, event_id=known_id
        )
    )
    return answer({**event, "projectSlug": found.slug, "userReport": report})
