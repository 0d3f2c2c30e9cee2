"""Routes: one release.

Versions may hold slashes, so `{version:path}` takes all that is left of a path: this router comes
after every other that has paths under `releases/`.
"""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.json_answer import answer
from vedette.api.parameters import ReleaseParameters
from vedette.api.policy import Scope
from vedette.api.release_bodies import BODY_BYTES_MAX, ReleaseBody, named_projects
from vedette.api.release_facts import Wanted, gather, known_release
from vedette.api.release_forms import ReleaseForm
from vedette.api.release_shapes import release_shape
from vedette.api.request_body import described, read_body
from vedette.api.routes_releases import answer_release, store_release, summary_range
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.project import Project

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]
Parameters = Annotated[ReleaseParameters, Query()]


@router.get("/organizations/{organization}/releases/{version:path}/", response_model=ReleaseForm)
async def show_release(visit: Reads, version: str, parameters: Parameters) -> Response:
    """One release of the organization."""
    return await _show(visit, version, parameters, None)


@router.get(
    "/projects/{organization}/{project}/releases/{version:path}/", response_model=ReleaseForm
)
async def show_project_release(
    visit: Reads, project: str, version: str, parameters: Parameters
) -> Response:
    """One release of a project."""
    return await _show(visit, version, parameters, visit.project(project))


@router.put(
    "/organizations/{organization}/releases/{version:path}/",
    response_model=ReleaseForm,
    openapi_extra=described(ReleaseBody),
)
async def change_release(visit: Writes, version: str, request: Request) -> Response:
    """Change a release, its commits or its heads."""
    return await _change(visit, version, request, None)


@router.put(
    "/projects/{organization}/{project}/releases/{version:path}/",
    response_model=ReleaseForm,
    openapi_extra=described(ReleaseBody),
)
async def change_project_release(
    visit: Writes, project: str, version: str, request: Request
) -> Response:
    """The same by its project."""
    return await _change(visit, version, request, visit.project(project))


@router.delete("/organizations/{organization}/releases/{version:path}/", status_code=204)
async def delete_release(visit: Writes, version: str) -> Response:
    """Forget a release; events that name it stay."""
    return await _delete(visit, version, None)


@router.delete("/projects/{organization}/{project}/releases/{version:path}/", status_code=204)
async def delete_project_release(visit: Writes, project: str, version: str) -> Response:
    """The same by its project."""
    return await _delete(visit, version, visit.project(project))


async def _show(
    visit: OrganizationVisit,
    version: str,
    parameters: ReleaseParameters,
    project: Project | None,
) -> Response:
    release = await known_release(visit, version, project)
    chosen = visit.chosen_projects(parameters.named_projects())
    wanted = Wanted(
        project_ids=tuple(chosen) if project is None else (project.project_id,),
        environments=tuple(parameters.environment),
        time_range=summary_range(visit, parameters),
        with_health=parameters.health,
        with_stages=parameters.with_stages,
        health_stat=parameters.health_stat,
        with_heads=True,
    )
    facts = await gather(visit, [release], wanted)
    return answer(release_shape(release, facts))


async def _change(
    visit: OrganizationVisit, version: str, request: Request, project: Project | None
) -> Response:
    release = await known_release(visit, version, project)
    body = await read_body(request, ReleaseBody, byte_count_max=BODY_BYTES_MAX)
    project_ids = named_projects(visit, body.projects)
    changed, _ = await store_release(visit, release.version, body, project_ids)
    return await answer_release(visit, changed)


async def _delete(visit: OrganizationVisit, version: str, project: Project | None) -> Response:
    release = await known_release(visit, version, project)
    metadata = visit.door.services.metadata
    await visit.look_up(lambda: metadata.delete_release(release.release_id))
    return Response(status_code=204)
