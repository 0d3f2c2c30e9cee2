"""Routes: issues, in lists and alone."""

import functools
from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.issue_forms import IssueCounts, IssueDetails, IssueForm, ShortIdForm
from vedette.api.issue_parameters import IssueListParameters
from vedette.api.issue_view import alone, find_issue, issue_forms, issue_of, people_by_id
from vedette.api.json_answer import answer, answer_page
from vedette.api.policy import Scope
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.issue import Issue
from vedette.model.json_value import JsonObject
from vedette.model.question import TimeRange
from vedette.query.ask_issues import (
    HOUR_S,
    IssueListRequest,
    IssueSums,
    ask_issues,
    count_found,
    groups_of,
    sums_of,
)
from vedette.query.iso_time import iso_time
from vedette.query.issue_search import IssueSearchContext
from vedette.query.issue_shape import person_shape, shape_activity
from vedette.query.refusal import QuestionWrong

router = APIRouter(prefix="/api/0", tags=["issues"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
ListQuery = Annotated[IssueListParameters, Query()]

_AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""
_DAY_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
QUERIES_COUNTED_MAX: Final = 20
ACTIVITIES_SHOWN: Final = 100


@router.get("/organizations/{organization}/issues/", response_model=list[IssueForm])
async def list_issues(visit: Reads, parameters: ListQuery) -> Response:
    """The issues of an organization."""
    chosen = visit.chosen_projects(parameters.named_projects())
    return await _list(visit, parameters, tuple(chosen))


@router.get("/projects/{organization}/{project}/issues/", response_model=list[IssueForm])
async def list_issues_of_project(visit: Reads, project: str, parameters: ListQuery) -> Response:
    """The issues of a project."""
    return await _list(visit, parameters, (visit.project(project).project_id,))


@router.get("/organizations/{organization}/issues-count/", response_model=IssueCounts)
async def count_issues(visit: Reads, parameters: ListQuery) -> Response:
    """How many issues each of several searches finds: the numbers on tabs."""
    searches = visit.request.query_params.getlist("query") or [""]
    if len(searches) > QUERIES_COUNTED_MAX:
        raise QuestionWrong(f"At most {QUERIES_COUNTED_MAX} searches are counted at once.")
    chosen = tuple(visit.chosen_projects(parameters.named_projects()))
    services = visit.door.services
    counts: dict[str, int] = {}
    for search in searches:
        request = await list_request(visit, parameters, chosen, search=search)
        counts[search] = await visit.ask(
            functools.partial(count_found, services.telemetry, services.metadata, request)
        )
    return answer(counts)


@router.get("/organizations/{organization}/shortids/{short_id}/", response_model=ShortIdForm)
async def show_short_id(visit: Reads, short_id: str) -> Response:
    """Which issue a short id is of."""
    issue = await issue_of(visit, short_id)
    (form,) = await _alone(visit, issue)
    project = visit.project_of(issue.project_id)
    return answer(
        {
            "organizationSlug": visit.organization.slug,
            "projectSlug": project.slug,
            "groupId": str(issue.issue_id),
            "group": form,
            "shortId": form["shortId"],
        }
    )


@router.get("/organizations/{organization}/issues/{issue_id}/", response_model=IssueDetails)
async def show_issue(visit: Reads, issue_id: str) -> Response:
    """One issue, by its id or its short id; counts are those of all events that are kept."""
    return answer(await details_of(visit, await issue_of(visit, issue_id)))


async def details_of(visit: OrganizationVisit, issue: Issue) -> JsonObject:
    """Return an issue with what people did and wrote."""
    (form,) = await _alone(visit, issue)
    return {**form, **await visit.look_up(lambda: _people_of(visit, issue))}


def _people_of(visit: OrganizationVisit, issue: Issue) -> JsonObject:
    metadata, users = visit.door.services.metadata, people_by_id(visit)
    feed = metadata.activities(issue.issue_id, row_count_max=ACTIVITIES_SHOWN)
    return {
        "activity": [shape_activity(each, users) for each in feed[:ACTIVITIES_SHOWN]],
        "participants": [
            person_shape(users[each])
            for each in metadata.participants(issue.issue_id)
            if each in users
        ],
        "seenBy": [
            {**person_shape(users[each.user_id]), "lastSeen": iso_time(each.seen_ns)}
            for each in metadata.visits(issue.issue_id)
            if each.user_id in users
        ],
    }


async def _list(
    visit: OrganizationVisit, parameters: IssueListParameters, project_ids: Sequence[int]
) -> Response:
    services = visit.door.services
    direct = await _direct_hit(visit, parameters, project_ids)
    if direct is not None:
        answered = answer(list(await _alone(visit, direct)))
        answered.headers["X-Sentry-Direct-Hit"] = "1"
        return answered
    request = await list_request(visit, parameters, project_ids, search=parameters.search)
    found = await visit.ask(lambda: ask_issues(services.telemetry, services.metadata, request))
    forms = await issue_forms(
        visit,
        found,
        series_name=parameters.series_period,
        series_range=request.series_range,
        series_step_s=request.series_step_s,
    )
    answered = answer_page(forms, visit.request, request.page, has_more=found.has_more)
    answered.headers["X-Hits"] = str(found.issue_count)
    return answered


async def list_request(
    visit: OrganizationVisit,
    parameters: IssueListParameters,
    project_ids: Sequence[int],
    *,
    search: str,
) -> IssueListRequest:
    """Return what a request for issues asks for.

    Raises:
        QuestionWrong: One of its parameters is wrong.
    """
    now_ns = visit.door.services.clock.now_ns()
    time_range = parameters.time_range(now_ns)
    series_range, series_step_s = parameters.series(time_range, now_ns)
    people = await visit.look_up(visit.door.services.metadata.users)
    return IssueListRequest(
        search=search,
        context=IssueSearchContext(
            project_ids={each.slug: each.project_id for each in visit.projects},
            user_ids={each.email.lower(): each.user_id for each in people},
            me=visit.asker.user.user_id,
            now_ns=now_ns,
        ),
        project_ids=tuple(project_ids),
        time_range=time_range,
        environments=tuple(parameters.environment),
        order=parameters.order(),
        page=parameters.issue_page(),
        series_range=series_range,
        series_step_s=series_step_s,
    )


async def _direct_hit(
    visit: OrganizationVisit, parameters: IssueListParameters, project_ids: Sequence[int]
) -> Issue | None:
    if parameters.short_id_lookup != "1" or not parameters.query:
        return None
    name = parameters.query.strip()
    issue = None if name.isdigit() else await visit.look_up(lambda: find_issue(visit, name))
    return issue if issue is not None and issue.project_id in project_ids else None


async def _alone(visit: OrganizationVisit, issue: Issue) -> list[JsonObject]:
    services = visit.door.services
    now_ns = services.clock.now_ns()
    day = TimeRange(now_ns - _DAY_NS, now_ns)
    groups = await visit.look_up(lambda: groups_of(services.metadata, [issue]))
    sums = await visit.ask(
        lambda: sums_of(
            services.telemetry,
            groups,
            time_range=TimeRange(0, now_ns + _AHEAD_NS),
            environments=(),
            series_range=day,
            series_step_s=HOUR_S,
        )
    )
    page = alone(issue, sums.get(issue.issue_id, IssueSums()))
    return await issue_forms(visit, page, series_name="24h", series_range=day, series_step_s=HOUR_S)
