"""Routes: what people do with issues, one or many at once."""

import functools
from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from msgspec import UnsetType

from vedette.api.issue_change import Changer, IssueChange, assignee_of, decision_on
from vedette.api.issue_forms import IssueChanged, IssueDetails
from vedette.api.issue_parameters import IssueListParameters
from vedette.api.issue_view import issue_of
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.routes_issues import details_of, list_request
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.issues.joining import merged
from vedette.model.json_value import JsonObject
from vedette.model.release import ReleaseOrder, ReleaseQuestion
from vedette.query.ask_issues import find_ids
from vedette.storage.metadata.issue_desk_port import CHANGED_COUNT_MAX

if TYPE_CHECKING:
    from vedette.model.json_value import JsonValue

router = APIRouter(prefix="/api/0", tags=["issues"])

Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_WRITE))]
Deletes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_ADMIN))]
ListQuery = Annotated[IssueListParameters, Query()]
_BODY: Final = described(IssueChange)
ID_LENGTH_MAX: Final = 18


@router.put(
    "/organizations/{organization}/issues/{issue_id}/",
    response_model=IssueDetails,
    openapi_extra=_BODY,
)
async def change_issue(visit: Writes, issue_id: str) -> Response:
    """Change one issue; what the body does not name stays."""
    issue = await issue_of(visit, issue_id)
    body = await read_body(visit.request, IssueChange)
    await _change(visit, [issue.issue_id], body)
    if body.discard is True:
        return Response(status_code=204)
    changed = await issue_of(visit, str(issue.issue_id))
    return answer(await details_of(visit, changed))


@router.put(
    "/organizations/{organization}/issues/", response_model=IssueChanged, openapi_extra=_BODY
)
async def change_issues(visit: Writes, parameters: ListQuery) -> Response:
    """Change the issues named by `id`, or all that the search finds."""
    chosen = tuple(visit.chosen_projects(parameters.named_projects()))
    return await _change_many(visit, parameters, chosen)


@router.put(
    "/projects/{organization}/{project}/issues/", response_model=IssueChanged, openapi_extra=_BODY
)
async def change_issues_of_project(visit: Writes, project: str, parameters: ListQuery) -> Response:
    """The same within one project."""
    return await _change_many(visit, parameters, (visit.project(project).project_id,))


@router.delete("/organizations/{organization}/issues/{issue_id}/", status_code=202)
async def delete_issue(visit: Deletes, issue_id: str) -> Response:
    """Forget an issue and its events; what comes later begins a new one."""
    issue = await issue_of(visit, issue_id)
    await _delete(visit, [issue.issue_id])
    return Response(status_code=202)


@router.delete("/organizations/{organization}/issues/", status_code=204)
async def delete_issues(visit: Deletes, parameters: ListQuery) -> Response:
    """Forget the issues named by `id`, or all that the search finds."""
    chosen = tuple(visit.chosen_projects(parameters.named_projects()))
    await _delete(visit, await _named(visit, parameters, chosen))
    return Response(status_code=204)


@router.delete("/projects/{organization}/{project}/issues/", status_code=204)
async def delete_issues_of_project(visit: Deletes, project: str, parameters: ListQuery) -> Response:
    """The same within one project."""
    chosen = (visit.project(project).project_id,)
    await _delete(visit, await _named(visit, parameters, chosen))
    return Response(status_code=204)


async def _change_many(
    visit: OrganizationVisit, parameters: IssueListParameters, project_ids: Sequence[int]
) -> Response:
    ids = await _named(visit, parameters, project_ids)
    body = await read_body(visit.request, IssueChange)
    return answer(await _change(visit, ids, body))


async def _named(
    visit: OrganizationVisit, parameters: IssueListParameters, project_ids: Sequence[int]
) -> list[int]:
    """Return the ids of the issues that a request is about.

    Raises:
        Refusal: One of them is not there, or they are too many.
    """
    services = visit.door.services
    named = visit.request.query_params.getlist("id")
    if not named:
        request = await list_request(visit, parameters, project_ids, search=parameters.search)
        found = await visit.ask(
            functools.partial(
                find_ids,
                services.telemetry,
                services.metadata,
                request,
                row_count_max=CHANGED_COUNT_MAX + 1,
            )
        )
        if len(found) > CHANGED_COUNT_MAX:
            raise wrong(f"At most {CHANGED_COUNT_MAX} issues at once: narrow the search.")
        return list(found)
    if len(named) > CHANGED_COUNT_MAX:
        raise wrong(f"At most {CHANGED_COUNT_MAX} issues at once.")
    if not all(each.isascii() and each.isdigit() and len(each) <= ID_LENGTH_MAX for each in named):
        raise wrong("id: give the numbers of issues")
    ids = [int(each) for each in named]
    known = await visit.look_up(
        lambda: services.metadata.issues_by_id(ids, project_ids=project_ids)
    )
    if len(known) != len(set(ids)):
        raise not_found()
    return [each.issue_id for each in known]


async def _change(visit: OrganizationVisit, ids: Sequence[int], body: IssueChange) -> JsonObject:
    """Do what the body asks for; return what was changed, as Sentry's clients expect it."""
    if body.merge is True or body.merge == 1:
        return await _merge(visit, ids)
    metadata = visit.door.services.metadata
    user_id = visit.asker.user.user_id
    now_ns = visit.door.services.clock.now_ns()
    project_ids = [each.project_id for each in visit.projects]
    if body.discard is True:
        await visit.look_up(
            lambda: metadata.discard_issues(
                ids, project_ids=project_ids, user_id=user_id, now_ns=now_ns
            )
        )
        return {}
    people = await visit.look_up(metadata.users)
    changer = Changer(
        user_id=user_id,
        now_ns=now_ns,
        assignee=assignee_of(
            body.assigned_to, {each.email.lower(): each.user_id for each in people}, me=user_id
        ),
        newest_releases=await visit.look_up(lambda: _newest_releases(visit)),
    )
    decide = decision_on(body, changer)
    await visit.look_up(lambda: metadata.change_issues(ids, project_ids=project_ids, decide=decide))
    await visit.look_up(lambda: _mark(visit, ids, body, now_ns))
    return _said(body)


def _newest_releases(visit: OrganizationVisit) -> dict[int, str]:
    found: dict[int, str] = {}
    for project in visit.projects:
        newest = visit.door.services.metadata.releases(
            ReleaseQuestion(
                organization_id=visit.organization.organization_id,
                project_ids=(project.project_id,),
                order=ReleaseOrder.DATE,
                row_count_max=1,
            )
        )
        if newest:
            found[project.project_id] = newest[0].version
    return found


def _mark(visit: OrganizationVisit, ids: Sequence[int], body: IssueChange, now_ns: int) -> None:
    metadata, user_id = visit.door.services.metadata, visit.asker.user.user_id
    if isinstance(body.is_bookmarked, bool):
        metadata.set_bookmarks(ids, user_id=user_id, is_bookmarked=body.is_bookmarked)
    if isinstance(body.is_subscribed, bool):
        metadata.set_subscriptions(
            ids, user_id=user_id, is_active=body.is_subscribed, reason="unknown"
        )
    if isinstance(body.has_seen, bool):
        metadata.set_seen(ids, user_id=user_id, seen_ns=now_ns if body.has_seen else None)
    if not isinstance(body.status, UnsetType) and body.status != "unresolved":
        metadata.subscribe_unless_asked(ids, user_id=user_id, reason="status_change")


def _said(body: IssueChange) -> JsonObject:
    """Return what the body said, without what it left out."""
    fields = {
        "status": body.status,
        "substatus": body.substatus,
        "priority": body.priority,
        "isBookmarked": body.is_bookmarked,
        "isSubscribed": body.is_subscribed,
        "hasSeen": body.has_seen,
        "inbox": body.inbox,
    }
    said: dict[str, JsonValue] = {
        name: value for name, value in fields.items() if not isinstance(value, UnsetType)
    }
    if "status" in said:
        said["statusDetails"] = {}
    if not isinstance(body.assigned_to, UnsetType):
        said["assignedTo"] = None if body.assigned_to is None else str(body.assigned_to)
    return said


async def _merge(visit: OrganizationVisit, ids: Sequence[int]) -> JsonObject:
    """Let the issue that was seen most often take over the others."""
    metadata = visit.door.services.metadata
    project_ids = [each.project_id for each in visit.projects]
    issues = await visit.look_up(lambda: metadata.issues_by_id(ids, project_ids=project_ids))
    if len(issues) < 2:  # noqa: PLR2004 - one cannot be merged with itself
        raise wrong("Choose at least two issues to merge.")
    if len({each.project_id for each in issues}) > 1:
        raise wrong("Issues of different projects cannot be merged.")
    target = max(issues, key=lambda each: (each.times_seen, -each.issue_id))
    others = [each.issue_id for each in issues if each.issue_id != target.issue_id]
    user_id, now_ns = visit.asker.user.user_id, visit.door.services.clock.now_ns()

    done = await visit.look_up(
        lambda: metadata.merge_issues(
            target.issue_id,
            others,
            project_ids=project_ids,
            decide=functools.partial(merged, user_id=user_id, now_ns=now_ns),
        )
    )
    if done is None:
        raise Refusal(409, "One of the issues is gone: read the list again.")
    return {"merge": {"parent": str(target.issue_id), "children": [str(each) for each in others]}}


async def _delete(visit: OrganizationVisit, ids: Sequence[int]) -> None:
    metadata = visit.door.services.metadata
    now_ns = visit.door.services.clock.now_ns()
    project_ids = [each.project_id for each in visit.projects]
    await visit.look_up(lambda: metadata.delete_issues(ids, project_ids=project_ids, now_ns=now_ns))
