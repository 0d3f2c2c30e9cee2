"""Routes: what belongs to a release: commits, files, deploys, and the release before it."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import wrong
from vedette.api.release_bodies import DeployBody, checked_text, named_projects, read_time
from vedette.api.release_facts import known_release, users_by_address
from vedette.api.release_forms import CommitFileForm, CommitForm, DeployForm, ReleaseForm
from vedette.api.release_shapes import commit_file_shape, commit_shape, deploy_shape
from vedette.api.request_body import described, read_body
from vedette.api.routes_releases import answer_release
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.json_value import JsonObject
from vedette.model.project import Project
from vedette.model.release import Deploy, ReleaseChange, ReleaseQuestion

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]
Pages = Annotated[PageParameters, Query()]

FILE_COUNT_MAX: Final = 10_000
ENVIRONMENT_LENGTH_MAX: Final = 64


@router.get(
    "/organizations/{organization}/releases/{version:path}/commits/",
    response_model=list[CommitForm],
)
async def list_commits(visit: Reads, version: str, parameters: Pages) -> Response:
    """The commits of a release, newest first."""
    return await _commits(visit, version, parameters, None)


@router.get(
    "/projects/{organization}/{project}/releases/{version:path}/commits/",
    response_model=list[CommitForm],
)
async def list_project_commits(
    visit: Reads, project: str, version: str, parameters: Pages
) -> Response:
    """The same by its project."""
    return await _commits(visit, version, parameters, visit.project(project))


@router.get(
    "/organizations/{organization}/releases/{version:path}/commitfiles/",
    response_model=list[CommitFileForm],
)
async def list_commit_files(visit: Reads, version: str, parameters: Pages) -> Response:
    """The files that the commits of a release changed, newest commit first."""
    release = await known_release(visit, version)
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id

    def look() -> list[JsonObject]:
        repositories = {each.repository_id: each for each in metadata.repositories(organization_id)}
        users = users_by_address(visit)
        files = metadata.changed_files(
            release_ids=[release.release_id], base_names=None, row_count_max=FILE_COUNT_MAX
        )
        return [commit_file_shape(each, repositories, users) for each in files]

    found = await visit.look_up(look)
    was_cut = len(found) == FILE_COUNT_MAX
    return answer_list(
        found, lambda shape: shape, visit.request, parameters.page(), was_cut=was_cut
    )


@router.get(
    "/organizations/{organization}/releases/{version:path}/previous-with-commits/",
    response_model=ReleaseForm | dict[str, str],
)
async def show_previous_release(visit: Reads, version: str) -> Response:
    """The latest release before this one that has commits; an empty object if there is none."""
    release = await known_release(visit, version)
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    question = ReleaseQuestion(
        organization_id=organization_id,
        project_ids=tuple(sorted(release.project_ids)),
        status=None,
        with_commits=True,
        before_ns=release.date_ns,
        row_count_max=2,
    )
    found = await visit.look_up(lambda: metadata.releases(question))
    earlier = [each for each in found if each.release_id != release.release_id]
    if not earlier:
        return answer({})
    return await answer_release(visit, earlier[0])


@router.get(
    "/organizations/{organization}/releases/{version:path}/deploys/",
    response_model=list[DeployForm],
)
async def list_deploys(visit: Reads, version: str, parameters: Pages) -> Response:
    """The deploys of a release, latest first."""
    release = await known_release(visit, version)
    metadata = visit.door.services.metadata
    deploys = await visit.look_up(lambda: metadata.deploys([release.release_id]))
    return answer_list(deploys, deploy_shape, visit.request, parameters.page())


@router.post(
    "/organizations/{organization}/releases/{version:path}/deploys/",
    response_model=DeployForm,
    status_code=201,
    openapi_extra=described(DeployBody),
)
async def create_deploy(visit: Writes, version: str, request: Request) -> Response:
    """Remember that a release was brought to an environment."""
    release = await known_release(visit, version)
    body = await read_body(request, DeployBody)
    environment = _environment(body.environment)
    project_ids = named_projects(visit, body.projects)
    started_ns = read_time(body.date_started, "dateStarted")
    finished_ns = read_time(body.date_finished, "dateFinished")
    name = checked_text(body.name, "name") or ""
    url = checked_text(body.url, "url") or ""
    services = visit.door.services
    now_ns = services.clock.now_ns()

    def create() -> Deploy:
        if project_ids:
            services.metadata.create_release(
                organization_id=visit.organization.organization_id,
                version=release.version,
                change=ReleaseChange(project_ids=project_ids),
                now_ns=now_ns,
            )
        return services.metadata.create_deploy(
            release_id=release.release_id,
            environment=environment,
            name=name,
            url=url,
            started_ns=started_ns,
            finished_ns=now_ns if finished_ns is None else finished_ns,
        )

    return answer(deploy_shape(await visit.look_up(create)), status=201)


async def _commits(
    visit: OrganizationVisit, version: str, parameters: PageParameters, project: Project | None
) -> Response:
    release = await known_release(visit, version, project)
    metadata = visit.door.services.metadata

    def look() -> list[JsonObject]:
        users = users_by_address(visit)
        return [
            commit_shape(commit, users, repository)
            for commit, repository in metadata.commits(release.release_id)
        ]

    shapes = await visit.look_up(look)
    return answer_list(shapes, lambda shape: shape, visit.request, parameters.page())


def _environment(name: str) -> str:
    name = name.strip()
    is_good = 0 < len(name) <= ENVIRONMENT_LENGTH_MAX and name.isprintable() and "/" not in name
    if not is_good or name.lower() == "none":
        raise wrong(
            f"environment must have 1 to {ENVIRONMENT_LENGTH_MAX} printable characters, "
            "no slash, and not be none."
        )
    return name
