"""Routes: the releases of an organization or a project, listed and made."""

from dataclasses import replace
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.json_answer import answer, answer_list, answer_page
from vedette.api.parameters import ReleaseParameters
from vedette.api.policy import Scope
from vedette.api.refusal import wrong
from vedette.api.release_bodies import (
    BODY_BYTES_MAX,
    NewReleaseBody,
    ReleaseBody,
    change_of,
    checked_version,
    named_projects,
    new_commits,
    new_heads,
)
from vedette.api.release_facts import Wanted, gather
from vedette.api.release_forms import ReleaseForm
from vedette.api.release_shapes import release_shape
from vedette.api.request_body import described, read_body
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.question import TimeRange
from vedette.model.release import (
    Release,
    ReleaseOrder,
    ReleaseQuestion,
    ReleaseStatus,
)
from vedette.query.paging import Page
from vedette.query.ranked_releases import RANKS, ranked
from vedette.query.release_search import narrow_releases
from vedette.query.time_range import read_time_range

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]
Parameters = Annotated[ReleaseParameters, Query()]

RELEASES_PER_PAGE_MAX: Final = 100
RANKED_RELEASES_MAX: Final = 1_000
"""The latest so many are ranked by what their sessions say."""
SUMMARY_PERIOD: Final = "14d"


@router.get("/organizations/{organization}/releases/", response_model=list[ReleaseForm])
async def list_releases(visit: Reads, parameters: Parameters) -> Response:
    """The releases of an organization, latest first."""
    chosen = visit.chosen_projects(parameters.named_projects())
    return await _list(visit, tuple(chosen), parameters)


@router.get("/projects/{organization}/{project}/releases/", response_model=list[ReleaseForm])
async def list_project_releases(visit: Reads, project: str, parameters: Parameters) -> Response:
    """The releases of a project, latest first."""
    return await _list(visit, (visit.project(project).project_id,), parameters)


@router.post(
    "/organizations/{organization}/releases/",
    response_model=ReleaseForm,
    status_code=201,
    openapi_extra=described(NewReleaseBody),
)
async def create_release(visit: Writes, request: Request) -> Response:
    """Make a release, or change the one of this version: then the status is 208."""
    body = await read_body(request, NewReleaseBody, byte_count_max=BODY_BYTES_MAX)
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    version = checked_version(body.version)
    # Archiving and restoring are said this way too, without a project.
    if not body.projects and not await visit.look_up(
        lambda: metadata.release(organization_id, version)
    ):
        raise wrong("projects: name at least one project.")
    return await _create(visit, body, named_projects(visit, body.projects))


@router.post(
    "/projects/{organization}/{project}/releases/",
    response_model=ReleaseForm,
    status_code=201,
    openapi_extra=described(NewReleaseBody),
)
async def create_project_release(visit: Writes, project: str, request: Request) -> Response:
    """The same for one project."""
    found = visit.project(project)
    body = await read_body(request, NewReleaseBody, byte_count_max=BODY_BYTES_MAX)
    return await _create(visit, body, (found.project_id,))


async def store_release(
    visit: OrganizationVisit, version: str, body: ReleaseBody, project_ids: tuple[int, ...]
) -> tuple[Release, bool]:
    """Make or change a release and what goes with it; tell whether it was made."""
    services = visit.door.services
    metadata, now_ns = services.metadata, services.clock.now_ns()
    organization_id = visit.organization.organization_id
    change = change_of(body, project_ids)
    refs = body.refs if body.refs is not None else body.head_commits
    heads = None if refs is None else new_heads(refs)
    commits = None
    if body.commits is not None:
        commits = new_commits(body.commits, organization_id=organization_id, now_ns=now_ns)

    def store() -> tuple[Release, bool]:
        release, is_new = metadata.create_release(
            organization_id=organization_id, version=version, change=change, now_ns=now_ns
        )
        if heads is not None:
            metadata.set_heads(release_id=release.release_id, heads=heads, now_ns=now_ns)
        if commits is not None:
            metadata.set_commits(release_id=release.release_id, commits=commits, now_ns=now_ns)
        return release, is_new

    return await visit.look_up(store)


async def answer_release(
    visit: OrganizationVisit, release: Release, *, status: int = 200
) -> Response:
    """Return one release."""
    wanted = Wanted(
        project_ids=tuple(each.project_id for each in visit.projects),
        environments=(),
        time_range=summary_range(visit, None),
        with_heads=True,
    )
    facts = await gather(visit, [release], wanted)
    return answer(release_shape(release, facts), status=status)


async def _create(
    visit: OrganizationVisit, body: NewReleaseBody, project_ids: tuple[int, ...]
) -> Response:
    version = checked_version(body.version)
    release, is_new = await store_release(visit, version, body, project_ids)
    return await answer_release(visit, release, status=201 if is_new else 208)


async def _list(
    visit: OrganizationVisit, project_ids: tuple[int, ...], parameters: ReleaseParameters
) -> Response:
    page = parameters.page(RELEASES_PER_PAGE_MAX)
    question = narrow_releases(
        ReleaseQuestion(
            organization_id=visit.organization.organization_id,
            project_ids=project_ids,
            environments=tuple(parameters.environment),
            status=_status(parameters.status),
            order=_order(parameters.sort),
            row_count_max=page.row_count_max,
            row_offset=page.offset,
        ),
        parameters.query,
    )
    wanted = Wanted(
        project_ids=project_ids,
        environments=tuple(parameters.environment),
        time_range=summary_range(visit, parameters),
        with_health=parameters.health,
        with_stages=parameters.with_stages,
        health_stat=parameters.health_stat,
    )
    metadata = visit.door.services.metadata
    if parameters.sort in RANKS:
        return await _list_ranked(visit, question, wanted, page, parameters.sort)
    found = await visit.look_up(lambda: metadata.releases(question))
    shown = found[: page.row_count_max]
    facts = await gather(visit, shown, wanted)
    return answer_page(
        [release_shape(each, facts) for each in shown],
        visit.request,
        page,
        has_more=len(found) > len(shown),
    )


async def _list_ranked(
    visit: OrganizationVisit, question: ReleaseQuestion, wanted: Wanted, page: Page, rank: str
) -> Response:
    """Return a page of the releases by what their sessions say."""
    metadata = visit.door.services.metadata
    latest = replace(question, row_count_max=RANKED_RELEASES_MAX, row_offset=0)
    found = await visit.look_up(lambda: metadata.releases(latest))
    kept = found[:RANKED_RELEASES_MAX]
    facts = await gather(visit, kept, wanted)
    return answer_list(
        ranked(kept, facts.health, rank),
        lambda release: release_shape(release, facts),
        visit.request,
        page,
        was_cut=len(found) > len(kept),
    )


def _order(sort: str) -> ReleaseOrder:
    if sort in RANKS:
        return ReleaseOrder.DATE
    try:
        return ReleaseOrder(sort)
    except ValueError:
        known = ", ".join([*ReleaseOrder, *RANKS])
        raise wrong(f"invalid sort: {sort}. Known: {known}") from None


def _status(status: str | None) -> ReleaseStatus | None:
    if not status:
        return ReleaseStatus.OPEN
    try:
        return ReleaseStatus(status)
    except ValueError:
        raise wrong(f"invalid status: {status}. Known: open, archived") from None


def summary_range(visit: OrganizationVisit, parameters: ReleaseParameters | None) -> TimeRange:
    """Return the time that figures of health are about."""
    now_ns = visit.door.services.clock.now_ns()
    if parameters is not None and (parameters.start or parameters.end):
        return parameters.time_range(now_ns)
    asked = parameters and (parameters.summary_period or parameters.period)
    return read_time_range(period=asked or SUMMARY_PERIOD, start=None, end=None, now_ns=now_ns)
