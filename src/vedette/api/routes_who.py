"""Routes: who asks, organizations, members and the one team of each organization."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import (
    OrganizationDetails,
    OrganizationForm,
    Regions,
    UserForm,
    Who,
)
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.shapes import (
    auth_shape,
    organization_details,
    organization_shape,
    project_shape,
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
    """One organization with its projects and teams."""
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    teams = await visit.look_up(lambda: metadata.teams(organization_id))
    return answer(
        organization_details(
            visit.organization,
            visit.projects,
            teams,
            visit.asker,
            public_url=visit.door.services.state.public_url(),
        )
    )


def answer_projects(visit: OrganizationVisit, page: Page) -> Response:
    """Return a page of the projects that may be seen."""
    return answer_list(
        visit.projects,
        lambda project: project_shape(project, visit.organization),
        visit.request,
        page,
    )
