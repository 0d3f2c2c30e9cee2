"""Routes: teams, and which projects stand under them.

Everybody sees every project here: a team is a name under which clients and people find projects.
One team is always there, under the organization's own name, with all of its projects.
"""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import ProjectDetails, ProjectForm, TeamDetails, TeamForm
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.routes_projects import (
    NAME_LENGTH_MAX,
    NewProject,
    checked_name,
    checked_slug,
    create_project_of,
    slug_of,
)
from vedette.api.shapes import everybody_shape, project_details, project_shape, team_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.project import Project
from vedette.model.team import Team
from vedette.storage.metadata.port import AlreadyThere

router = APIRouter(prefix="/api/0", tags=["projects"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.TEAM_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.TEAM_WRITE))]
Admins = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.TEAM_ADMIN))]
ReadsProjects = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
WritesProjects = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
Pages = Annotated[PageParameters, Query()]

TEAM_COUNT_MAX: Final = 1_000


class NewTeam(msgspec.Struct):
    """The body that makes a team."""

    name: str | None = None
    slug: str | None = None


@router.get("/organizations/{organization}/teams/", response_model=list[TeamForm])
async def list_teams(visit: Reads, parameters: Pages) -> Response:
    """The teams of an organization: everybody, then the others, oldest first."""
    shapes = [everybody_shape(visit.organization), *map(team_shape, await _teams(visit))]
    return answer_list(shapes, lambda shape: shape, visit.request, parameters.page())


@router.post(
    "/organizations/{organization}/teams/",
    response_model=TeamForm,
    status_code=201,
    openapi_extra=described(NewTeam),
)
async def create_team(visit: Writes, request: Request) -> Response:
    """Make a team."""
    body = await read_body(request, NewTeam)
    name = checked_name((body.name or body.slug or "").strip(), "name", NAME_LENGTH_MAX)
    slug = checked_slug(body.slug if body.slug is not None else slug_of(name, "team"))
    if slug == visit.organization.slug:
        raise _taken()
    if len(await _teams(visit)) >= TEAM_COUNT_MAX:
        raise wrong(f"An organization has at most {TEAM_COUNT_MAX} teams.")
    services = visit.door.services
    try:
        made = await visit.look_up(
            lambda: services.metadata.create_team(
                organization_id=visit.organization.organization_id,
                slug=slug,
                name=name,
                created_ns=services.clock.now_ns(),
            )
        )
    except AlreadyThere as error:
        raise _taken() from error
    return answer(team_shape(made), status=201)


@router.get("/teams/{organization}/{team}/", response_model=TeamDetails)
async def show_team(visit: Reads, team: str) -> Response:
    """One team."""
    return _answer(visit, await _known(visit, team))


@router.put(
    "/teams/{organization}/{team}/", response_model=TeamDetails, openapi_extra=described(NewTeam)
)
async def change_team(visit: Writes, team: str, request: Request) -> Response:
    """Give a team another name or slug."""
    found = await _changeable(visit, team)
    body = await read_body(request, NewTeam)
    name = None
    if body.name is not None:
        name = checked_name(body.name.strip(), "name", NAME_LENGTH_MAX)
    slug = None if body.slug is None else checked_slug(body.slug)
    if slug == visit.organization.slug:
        raise _taken()
    metadata = visit.door.services.metadata
    try:
        changed = await visit.look_up(
            lambda: metadata.change_team(team_id=found.team_id, slug=slug, name=name)
        )
    except AlreadyThere as error:
        raise _taken() from error
    return _answer(visit, changed)


@router.delete("/teams/{organization}/{team}/", status_code=204)
async def delete_team(visit: Admins, team: str) -> Response:
    """Take a team away; its projects stay."""
    found = await _changeable(visit, team)
    metadata = visit.door.services.metadata
    await visit.look_up(lambda: metadata.delete_team(found.team_id))
    return Response(status_code=204)


@router.get("/teams/{organization}/{team}/projects/", response_model=list[ProjectForm])
async def list_team_projects(visit: Reads, team: str, parameters: Pages) -> Response:
    """The projects of a team."""
    found = await _known(visit, team)
    projects = [
        each for each in visit.projects if found is None or each.project_id in found.project_ids
    ]
    return answer_list(
        projects,
        lambda project: project_shape(project, visit.organization),
        visit.request,
        parameters.page(),
    )


@router.post(
    "/teams/{organization}/{team}/projects/",
    response_model=ProjectForm,
    status_code=201,
    openapi_extra=described(NewProject),
)
async def create_team_project(visit: WritesProjects, team: str, request: Request) -> Response:
    """Make a project of a team, and its first key."""
    found = await _known(visit, team)
    created = await create_project_of(visit, request)
    if found is not None:
        await _put(visit, found, created, is_in=True)
    return answer(project_shape(created, visit.organization), status=201)


@router.get("/projects/{organization}/{project}/teams/", response_model=list[TeamForm])
async def list_project_teams(visit: ReadsProjects, project: str, parameters: Pages) -> Response:
    """The teams of a project."""
    project_id = visit.project(project).project_id
    shapes = [
        everybody_shape(visit.organization),
        *(team_shape(each) for each in await _teams(visit) if project_id in each.project_ids),
    ]
    return answer_list(shapes, lambda shape: shape, visit.request, parameters.page())


@router.post(
    "/projects/{organization}/{project}/teams/{team}/",
    response_model=ProjectDetails,
    status_code=201,
)
async def add_project_to_team(visit: WritesProjects, project: str, team: str) -> Response:
    """Put a project into a team."""
    return await _change_project(visit, project, team, is_in=True)


@router.delete("/projects/{organization}/{project}/teams/{team}/", response_model=ProjectDetails)
async def take_project_from_team(visit: WritesProjects, project: str, team: str) -> Response:
    """Take a project out of a team; out of everybody's it cannot be taken."""
    return await _change_project(visit, project, team, is_in=False)


async def _change_project(
    visit: OrganizationVisit, project: str, team: str, *, is_in: bool
) -> Response:
    found, named = visit.project(project), await _known(visit, team)
    if named is not None:
        await _put(visit, named, found, is_in=is_in)
    elif not is_in:
        raise wrong("Every project belongs to everybody.")
    services = visit.door.services
    options = await visit.look_up(lambda: services.metadata.options(found.project_id))
    shape = project_details(
        found,
        visit.organization,
        visit.asker,
        options,
        public_url=services.state.public_url(),
    )
    return answer(shape, status=201 if is_in else 200)


async def _put(visit: OrganizationVisit, team: Team, project: Project, *, is_in: bool) -> None:
    metadata = visit.door.services.metadata
    await visit.look_up(
        lambda: metadata.set_team_project(
            team_id=team.team_id, project_id=project.project_id, is_in=is_in
        )
    )


async def _teams(visit: OrganizationVisit) -> list[Team]:
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    return list(await visit.look_up(lambda: metadata.teams(organization_id)))


async def _known(visit: OrganizationVisit, name: str) -> Team | None:
    """Return a team; None is everybody's."""
    if name in {visit.organization.slug, everybody_shape(visit.organization)["id"]}:
        return None
    for team in await _teams(visit):
        if name in {team.slug, str(team.team_id)}:
            return team
    raise not_found()


async def _changeable(visit: OrganizationVisit, name: str) -> Team:
    team = await _known(visit, name)
    if team is None:
        raise wrong("The team of everybody stays as it is.")
    return team


def _answer(visit: OrganizationVisit, team: Team | None) -> Response:
    shape = everybody_shape(visit.organization) if team is None else team_shape(team)
    return answer({**shape, "organization": {"slug": visit.organization.slug}})


def _taken() -> Refusal:
    return Refusal(409, "A team with this slug already exists.")
