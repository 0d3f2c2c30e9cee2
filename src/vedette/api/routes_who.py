"""Routes: who asks, organizations, members and the one team of each organization."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import (
    MemberForm,
    OrganizationDetails,
    OrganizationForm,
    ProjectForm,
    Regions,
    TeamDetails,
    TeamForm,
    UserForm,
    Who,
)
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.shapes import (
    auth_shape,
    member_shape,
    organization_details,
    organization_shape,
    project_shape,
    team_shape,
    user_shape,
)
from vedette.api.visit import (
    Admits,
    AdmitsToOrganization,
    OrganizationVisit,
    Visit,
    recognise_sender,
)
from vedette.query.paging import Page

router = APIRouter(prefix="/api/0", tags=["who"])

InOrganization = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.ORG_READ))]
Pages = Annotated[PageParameters, Query()]


@router.get("/", response_model=Who)
async def show_who(request: Request) -> Response:
    """Who asks and what they may do; nulls for nobody."""
    return answer(auth_shape(await recognise_sender(request)))


@router.get("/auth/", response_model=UserForm)
async def show_self(visit: Annotated[Visit, Depends(Admits(None))]) -> Response:
    """The person who asks."""
    return answer(user_shape(visit.asker.user))


@router.get("/users/me/regions/", response_model=Regions)
async def list_regions(visit: Annotated[Visit, Depends(Admits(None))]) -> Response:
    """Where organizations live: all of them here."""
    url = visit.door.services.state.public_url()
    return answer({"regions": [{"name": "default", "url": url}]})


@router.get("/organizations/", response_model=list[OrganizationForm])
async def list_organizations(
    visit: Annotated[Visit, Depends(Admits(Scope.ORG_READ))], parameters: Pages
) -> Response:
    """All organizations, oldest first."""
    services = visit.door.services
    organizations = await visit.look_up(services.metadata.organizations)
    public_url = services.state.public_url()
    return answer_list(
        organizations,
        lambda one: organization_shape(one, public_url=public_url),
        visit.request,
        parameters.page(),
    )


@router.get("/organizations/{organization}/", response_model=OrganizationDetails)
async def show_organization(visit: InOrganization) -> Response:
    """One organization with its projects."""
    return answer(
        organization_details(
            visit.organization,
            visit.projects,
            visit.asker,
            public_url=visit.door.services.state.public_url(),
        )
    )


@router.get("/organizations/{organization}/members/", response_model=list[MemberForm])
async def list_members(
    visit: Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.MEMBER_READ))],
    parameters: Pages,
) -> Response:
    """The people of an organization, oldest first."""
    users = await visit.look_up(visit.door.services.metadata.users)
    return answer_list(users, member_shape, visit.request, parameters.page())


InTeams = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.TEAM_READ))]


@router.get("/organizations/{organization}/teams/", response_model=list[TeamForm])
async def list_teams(visit: InTeams) -> Response:
    """The one team of an organization: everybody in it."""
    return answer([team_shape(visit.organization)])


@router.get("/teams/{organization}/{team}/", response_model=TeamDetails)
async def show_team(visit: InTeams, team: str) -> Response:
    """The one team of an organization."""
    check_team(visit, team)
    return answer(
        {**team_shape(visit.organization), "organization": {"slug": visit.organization.slug}}
    )


@router.get("/teams/{organization}/{team}/projects/", response_model=list[ProjectForm])
async def list_team_projects(visit: InTeams, team: str, parameters: Pages) -> Response:
    """The projects of the one team: all of the organization."""
    check_team(visit, team)
    return answer_projects(visit, parameters.page())


def answer_projects(visit: OrganizationVisit, page: Page) -> Response:
    """Return a page of the projects that may be seen."""
    return answer_list(
        visit.projects,
        lambda project: project_shape(project, visit.organization),
        visit.request,
        page,
    )


def check_team(visit: OrganizationVisit, team: str) -> None:
    """Refuse the name of a team that does not exist."""
    organization = visit.organization
    if team not in {organization.slug, str(organization.organization_id)}:
        raise not_found()
