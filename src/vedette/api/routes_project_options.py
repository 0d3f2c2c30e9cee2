"""Routes: what is done with a project's data before it is kept."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from msgspec import UNSET, UnsetType

from vedette.api.answer_forms import FilterForm, ProjectDetails
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.project_settings import ProjectChange, option_changes
from vedette.api.refusal import not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.routes_projects import change_names
from vedette.api.shapes import project_details
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.project import Project
from vedette.model.project_rules import FilterRules, OptionName, read_project_rules

router = APIRouter(prefix="/api/0/projects/{organization}/{project}", tags=["projects"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]


class FilterChange(msgspec.Struct):
    """The body that switches a filter; the filter of old browsers may be told which of them."""

    active: bool | UnsetType = UNSET
    subfilters: list[str] | UnsetType = UNSET


_FILTERS: Final[Mapping[str, str]] = {
    "browser-extensions": "Errors that browser extensions cause.",
    "chunk-load-error": "Errors of pages that ask for parts of an older build.",
    "filtered-transaction": "Transactions and spans of health checks.",
    "legacy-browsers": "Errors of browsers that nobody supports any more.",
    "localhost": "Events of machines that call themselves localhost.",
    "react-hydration-errors": "Errors of React while it takes over a page made by a server.",
    "web-crawlers": "Errors that crawlers of search engines see.",
}
"""The filters that are on or off, and what each takes away."""


@router.put("/", response_model=ProjectDetails, openapi_extra=described(ProjectChange))
async def change_project(visit: Writes, project: str, request: Request) -> Response:
    """Change a project and its options; what the body does not name stays as it is."""
    found = visit.project(project)
    body = await read_body(request, ProjectChange)
    changes = option_changes(body)
    found = await change_names(visit, found, body)
    options = await visit.look_up(lambda: _set(visit, found, changes))
    public_url = visit.door.services.state.public_url()
    return answer(
        project_details(found, visit.organization, visit.asker, options, public_url=public_url)
    )


@router.get("/filters/", response_model=list[FilterForm])
async def list_filters(visit: Reads, project: str) -> Response:
    """The filters that are on or off."""
    found = visit.project(project)
    metadata = visit.door.services.metadata
    options = await visit.look_up(lambda: metadata.options(found.project_id))
    filters = read_project_rules(options).filters
    return answer([_filter_shape(name, filters) for name in _FILTERS])


@router.put(
    "/filters/{filter_id}/",
    response_model=FilterForm,
    openapi_extra=described(FilterChange),
)
async def change_filter(visit: Writes, project: str, filter_id: str, request: Request) -> Response:
    """Switch a filter on or off."""
    found = visit.project(project)
    if filter_id not in _FILTERS:
        raise not_found()
    body = await read_body(request, FilterChange)
    name = f"filters:{filter_id}"
    if body.subfilters is not UNSET and name == OptionName.LEGACY_BROWSERS:
        changes = option_changes(ProjectChange(options={name: body.subfilters}))
    elif body.active is not UNSET:
        changes = {name: body.active}
    else:
        raise wrong("expected active, or for legacy-browsers a list of subfilters.")
    options = await visit.look_up(lambda: _set(visit, found, changes))
    return answer(_filter_shape(filter_id, read_project_rules(options).filters))


def _set(
    visit: OrganizationVisit, project: Project, changes: Mapping[str, JsonValue]
) -> Mapping[str, JsonValue]:
    metadata = visit.door.services.metadata
    if changes:
        metadata.set_options(project_id=project.project_id, changes=changes)
    return metadata.options(project.project_id)


def _filter_shape(filter_id: str, filters: FilterRules) -> JsonObject:
    active: dict[str, JsonValue] = {
        "browser-extensions": filters.browser_extensions,
        "chunk-load-error": filters.chunk_load_errors,
        "filtered-transaction": filters.health_checks,
        "legacy-browsers": [*sorted(filters.legacy_browsers)] or False,
        "localhost": filters.localhost,
        "react-hydration-errors": filters.hydration_errors,
        "web-crawlers": filters.web_crawlers,
    }
    return {
        "id": filter_id,
        "active": active[filter_id],
        "description": _FILTERS[filter_id],
        "name": filter_id,
    }
