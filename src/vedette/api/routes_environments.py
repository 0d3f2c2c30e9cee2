"""Routes: environments, and repositories, of an organization and its projects."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters, TimeParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.release_bodies import TEXT_LENGTH_MAX
from vedette.api.release_forms import EnvironmentForm, RepositoryForm
from vedette.api.release_shapes import environment_shape, repository_shape
from vedette.api.request_body import described, read_body
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.release import Environment
from vedette.storage.metadata.port import AlreadyThere, OwnerMissing

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
ReadsAll = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.ORG_READ))]
WritesAll = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.ORG_WRITE))]
Pages = Annotated[PageParameters, Query()]


class VisibilityParameters(TimeParameters):
    """Which environments."""

    visibility: str = "visible"


class EnvironmentChange(msgspec.Struct, rename="camel"):
    """The body that changes an environment."""

    is_hidden: bool


class NewRepository(msgspec.Struct):
    """The body that makes a repository."""

    name: str
    url: str = ""
    provider: str = ""


@router.get("/organizations/{organization}/environments/", response_model=list[EnvironmentForm])
async def list_environments(
    visit: ReadsAll, parameters: Annotated[VisibilityParameters, Query()]
) -> Response:
    """The environments of an organization by name, each name once."""
    project_ids = tuple(visit.chosen_projects(parameters.named_projects()))
    found = await _environments(visit, project_ids, parameters.visibility)
    once: dict[str, Environment] = {}
    for each in found:
        once.setdefault(each.name, each)
    return answer([environment_shape(each) for each in once.values()])


@router.get(
    "/projects/{organization}/{project}/environments/", response_model=list[EnvironmentForm]
)
async def list_project_environments(
    visit: Reads, project: str, parameters: Annotated[VisibilityParameters, Query()]
) -> Response:
    """The environments of a project by name."""
    project_id = visit.project(project).project_id
    found = await _environments(visit, (project_id,), parameters.visibility)
    return answer([environment_shape(each) for each in found])


@router.get(
    "/projects/{organization}/{project}/environments/{environment:path}/",
    response_model=EnvironmentForm,
)
async def show_environment(visit: Reads, project: str, environment: str) -> Response:
    """One environment of a project."""
    found = await _environments(visit, (visit.project(project).project_id,), "all")
    for each in found:
        if each.name == environment:
            return answer(environment_shape(each))
    raise not_found()


@router.put(
    "/projects/{organization}/{project}/environments/{environment:path}/",
    response_model=EnvironmentForm,
    openapi_extra=described(EnvironmentChange),
)
async def change_environment(
    visit: Writes, project: str, environment: str, request: Request
) -> Response:
    """Hide an environment from lists, or show it again."""
    project_id = visit.project(project).project_id
    metadata = visit.door.services.metadata
    if environment not in {each.name for each in await _environments(visit, (project_id,), "all")}:
        raise not_found()
    body = await read_body(request, EnvironmentChange)
    try:
        changed = await visit.look_up(
            lambda: metadata.hide_environment(
                project_id=project_id, name=environment, is_hidden=body.is_hidden
            )
        )
    except OwnerMissing as error:
        raise not_found() from error
    return answer(environment_shape(changed))


@router.get("/organizations/{organization}/repos/", response_model=list[RepositoryForm])
async def list_repositories(visit: ReadsAll, parameters: Pages) -> Response:
    """The repositories that commits came from, oldest first."""
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    found = await visit.look_up(lambda: metadata.repositories(organization_id))
    return answer_list(found, repository_shape, visit.request, parameters.page())


@router.post(
    "/organizations/{organization}/repos/",
    response_model=RepositoryForm,
    status_code=201,
    openapi_extra=described(NewRepository),
)
async def create_repository(visit: WritesAll, request: Request) -> Response:
    """Add a repository, so that commits can be named by it."""
    body = await read_body(request, NewRepository)
    name = body.name.strip()
    texts = (name, body.url, body.provider)
    if not name or max(map(len, texts)) > TEXT_LENGTH_MAX:
        raise wrong(f"name, url and provider have at most {TEXT_LENGTH_MAX} characters.")
    services = visit.door.services
    try:
        made = await visit.look_up(
            lambda: services.metadata.create_repository(
                organization_id=visit.organization.organization_id,
                name=name,
                url=body.url,
                provider=body.provider,
                created_ns=services.clock.now_ns(),
            )
        )
    except AlreadyThere as error:
        raise Refusal(409, "A repository of this name already exists.") from error
    return answer(repository_shape(made), status=201)


async def _environments(
    visit: OrganizationVisit, project_ids: tuple[int, ...], visibility: str
) -> list[Environment]:
    if visibility not in ("visible", "hidden", "all"):
        raise wrong("Invalid value for 'visibility', valid values are: all, hidden, visible")
    metadata = visit.door.services.metadata
    found = await visit.look_up(lambda: metadata.environments(project_ids))
    # Events that name no environment have one without a name, which nobody can ask for.
    return [
        each
        for each in found
        if each.name and (visibility == "all" or each.is_hidden is (visibility == "hidden"))
    ]
