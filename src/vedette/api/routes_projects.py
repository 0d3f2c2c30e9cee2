"""Routes: projects and the keys that may write to them."""

import re
from collections.abc import Sequence
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import KeyForm, ProjectDetails, ProjectForm
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.routes_who import answer_projects, check_team
from vedette.api.shapes import key_shape, project_details, project_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.project import PUBLIC_KEY_BYTES, Project, ProjectKey
from vedette.model.slug import SLUG_LENGTH_MAX, SLUG_RULE, is_slug
from vedette.storage.metadata.port import AlreadyThere

router = APIRouter(prefix="/api/0", tags=["projects"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
Pages = Annotated[PageParameters, Query()]

NAME_LENGTH_MAX: Final = 200
PLATFORM_LENGTH_MAX: Final = 64


class NewProject(msgspec.Struct):
    """The body that makes a project."""

    name: str
    slug: str | None = None
    platform: str | None = None


class NewKey(msgspec.Struct):
    """The body that makes a key."""

    name: str = "Default"


class KeyChange(msgspec.Struct):
    """The body that changes a key."""

    is_active: bool = msgspec.field(name="isActive")


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
    return await _create(visit, request)


@router.post(
    "/teams/{organization}/{team}/projects/",
    response_model=ProjectForm,
    status_code=201,
    openapi_extra=described(NewProject),
)
async def create_team_project(visit: Writes, team: str, request: Request) -> Response:
    """Make a project and its first key, by the address that Sentry's clients use."""
    check_team(visit, team)
    return await _create(visit, request)


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


@router.get("/projects/{organization}/{project}/keys/", response_model=list[KeyForm])
async def list_keys(visit: Reads, project: str, parameters: Pages) -> Response:
    """The keys of a project, oldest first, inactive ones too."""
    found = visit.project(project)
    metadata, state = visit.door.services.metadata, visit.door.services.state
    keys = await visit.look_up(lambda: metadata.keys(found.project_id))
    public_url = state.public_url()
    return answer_list(
        keys,
        lambda key: key_shape(key, public_url=public_url),
        visit.request,
        parameters.page(),
    )


@router.post(
    "/projects/{organization}/{project}/keys/",
    response_model=KeyForm,
    status_code=201,
    openapi_extra=described(NewKey),
)
async def create_key(visit: Writes, project: str, request: Request) -> Response:
    """Make a key."""
    found = visit.project(project)
    body = await read_body(request, NewKey)
    label = _checked(body.name.strip() or "Default", "name", NAME_LENGTH_MAX)
    key = await visit.look_up(lambda: _make_key(visit, found, label))
    return answer(key_shape(key, public_url=visit.door.services.state.public_url()), status=201)


@router.put(
    "/projects/{organization}/{project}/keys/{key_id}/",
    response_model=KeyForm,
    openapi_extra=described(KeyChange),
)
async def change_key(visit: Writes, project: str, key_id: str, request: Request) -> Response:
    """Switch a key on or off."""
    found = visit.project(project)
    body = await read_body(request, KeyChange)
    metadata, state = visit.door.services.metadata, visit.door.services.state

    def change() -> ProjectKey:
        known = _key(metadata.keys(found.project_id), key_id)
        metadata.set_key_active(key_id=known.key_id, is_active=body.is_active)
        return _key(metadata.keys(found.project_id), key_id)

    changed = await visit.look_up(change)
    return answer(key_shape(changed, public_url=state.public_url()))


async def _create(visit: OrganizationVisit, request: Request) -> Response:
    body = await read_body(request, NewProject)
    name = _checked(body.name.strip(), "name", NAME_LENGTH_MAX)
    slug = _slug(body.slug if body.slug is not None else _slug_of(name))
    platform = (body.platform or "").strip()
    if platform:
        _checked(platform, "platform", PLATFORM_LENGTH_MAX)
    metadata, clock = visit.door.services.metadata, visit.door.services.clock

    def create() -> Project:
        created = metadata.create_project(
            organization_id=visit.organization.organization_id,
            slug=slug,
            name=name,
            platform=platform,
            created_ns=clock.now_ns(),
        )
        _make_key(visit, created, "Default")
        return created

    try:
        created = await visit.look_up(create)
    except AlreadyThere as error:
        raise Refusal(409, "A project with this slug already exists.") from error
    return answer(project_shape(created, visit.organization), status=201)


def _make_key(visit: OrganizationVisit, project: Project, label: str) -> ProjectKey:
    services = visit.door.services
    return services.metadata.create_key(
        project_id=project.project_id,
        public_key=services.ids.secret(PUBLIC_KEY_BYTES),
        label=label,
        created_ns=services.clock.now_ns(),
    )


def _key(keys: Sequence[ProjectKey], key_id: str) -> ProjectKey:
    for key in keys:
        if key_id in {key.public_key, str(key.key_id)}:
            return key
    raise not_found()


def _checked(text: str, name: str, length_max: int) -> str:
    if not text or len(text) > length_max or not text.isprintable():
        raise wrong(f"{name} must have 1 to {length_max} printable characters.")
    return text


def _slug(text: str) -> str:
    if not is_slug(text):
        raise wrong(f"slug cannot be this: {SLUG_RULE}.")
    return text


def _slug_of(name: str) -> str:
    cut = re.sub(r"[^a-z0-9_]+", "-", name.lower())[:SLUG_LENGTH_MAX].strip("-_")
    return f"project-{cut}"[:SLUG_LENGTH_MAX] if cut.isdigit() else cut or "project"
