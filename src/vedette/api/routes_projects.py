"""Routes: projects and the keys that may write to them."""

import re
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response
from msgspec import UNSET

from vedette.api.answer_forms import ProjectDetails, ProjectForm
from vedette.api.json_answer import answer
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.project_settings import ProjectChange
from vedette.api.refusal import Refusal, wrong
from vedette.api.request_body import described, read_body
from vedette.api.routes_keys import make_key
from vedette.api.routes_who import answer_projects
from vedette.api.shapes import project_details, project_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.project import Project
from vedette.model.slug import SLUG_LENGTH_MAX, SLUG_RULE, is_slug
from vedette.storage.metadata.port import AlreadyThere

router = APIRouter(prefix="/api/0", tags=["projects"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
Admins = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_ADMIN))]
Pages = Annotated[PageParameters, Query()]

NAME_LENGTH_MAX: Final = 200
PLATFORM_LENGTH_MAX: Final = 64


class NewProject(msgspec.Struct):
    """The body that makes a project."""

    name: str
    slug: str | None = None
    platform: str | None = None


@router.get("/organizations/{organization}/projects/", response_model=list[ProjectForm])
async def list_projects(visit: Reads, parameters: Pages) -> Response:
    """The projects of an organization, oldest first."""
    return answer_projects(visit, parameters.page())


@router.post(
    "/organizations/{organization}/projects/",
    response_model=ProjectForm,
    status_code=201,
    openapi_extra=described(NewProject),
)
async def create_project(visit: Writes, request: Request) -> Response:
    """Make a project and its first key."""
    created = await create_project_of(visit, request)
    return answer(project_shape(created, visit.organization), status=201)


@router.get("/projects/{organization}/{project}/", response_model=ProjectDetails)
async def show_project(visit: Reads, project: str) -> Response:
    """One project."""
    found = visit.project(project)
    services = visit.door.services
    options = await visit.look_up(lambda: services.metadata.options(found.project_id))
    public_url = services.state.public_url()
    return answer(
        project_details(found, visit.organization, visit.asker, options, public_url=public_url)
    )


@router.delete("/projects/{organization}/{project}/", status_code=204)
async def delete_project(visit: Admins, project: str) -> Response:
    """Take a project away with its keys and issues; its events can be asked for no more."""
    found = visit.project(project)
    metadata = visit.door.services.metadata
    await visit.look_up(lambda: metadata.delete_project(found.project_id))
    return Response(status_code=204)


async def change_names(visit: OrganizationVisit, project: Project, body: ProjectChange) -> Project:
    """Give a project the name, slug and platform that a body says, and return it."""
    name = None if body.name is UNSET else checked_name(body.name.strip(), "name", NAME_LENGTH_MAX)
    slug = None if body.slug is UNSET else checked_slug(body.slug)
    platform = None if body.platform is UNSET else (body.platform or "").strip()
    if platform:
        checked_name(platform, "platform", PLATFORM_LENGTH_MAX)
    if name is None and slug is None and platform is None:
        return project
    metadata = visit.door.services.metadata
    try:
        return await visit.look_up(
            lambda: metadata.change_project(
                project_id=project.project_id, slug=slug, name=name, platform=platform
            )
        )
    except AlreadyThere as error:
        raise Refusal(409, "A project with this slug already exists.") from error


async def create_project_of(visit: OrganizationVisit, request: Request) -> Project:
    """Make the project that a request asks for, and its first key."""
    body = await read_body(request, NewProject)
    name = checked_name(body.name.strip(), "name", NAME_LENGTH_MAX)
    slug = checked_slug(body.slug if body.slug is not None else slug_of(name, "project"))
    platform = (body.platform or "").strip()
    if platform:
        checked_name(platform, "platform", PLATFORM_LENGTH_MAX)
    metadata, clock = visit.door.services.metadata, visit.door.services.clock

    def create() -> Project:
        created = metadata.create_project(
            organization_id=visit.organization.organization_id,
            slug=slug,
            name=name,
            platform=platform,
            created_ns=clock.now_ns(),
        )
        make_key(visit, created, "Default")
        return created

    try:
        return await visit.look_up(create)
    except AlreadyThere as error:
        raise Refusal(409, "A project with this slug already exists.") from error


def checked_name(text: str, name: str, length_max: int) -> str:
    """Return a text that can be shown as a name."""
    if not text or len(text) > length_max or not text.isprintable():
        raise wrong(f"{name} must have 1 to {length_max} printable characters.")
    return text


def checked_slug(text: str) -> str:
    """Return what can stand in addresses."""
    if not is_slug(text):
        raise wrong(f"slug cannot be this: {SLUG_RULE}.")
    return text


def slug_of(name: str, kind: str) -> str:
    """Return a slug made of a name."""
    cut = re.sub(r"[^a-z0-9_]+", "-", name.lower())[:SLUG_LENGTH_MAX].strip("-_")
    return f"{kind}-{cut}"[:SLUG_LENGTH_MAX] if cut.isdigit() else cut or kind
