"""Routes: issues, in lists and alone."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.issue_forms import IssueForm
from vedette.api.json_answer import answer, answer_page
from vedette.api.parameters import EventListParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.group_question import GroupTotalsQuestion, HashGroup
from vedette.model.issue import Issue
from vedette.model.issue_question import IssueQuestion
from vedette.model.json_value import JsonObject
from vedette.model.question import TimeRange
from vedette.model.short_id import read_short_id
from vedette.query.issue_shape import IssueSums, shape_issue
from vedette.query.trace_columns import whole

router = APIRouter(prefix="/api/0", tags=["issues"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]

ISSUES_PER_PAGE_MAX: Final = 100
_AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
"""Clocks of senders run ahead."""


@router.get("/organizations/{organization}/issues/", response_model=list[IssueForm])
async def list_issues(
    visit: Reads, parameters: Annotated[EventListParameters, Query()]
) -> Response:
    """The issues of an organization, the last seen first."""
    page = parameters.page(ISSUES_PER_PAGE_MAX)
    projects = tuple(visit.chosen_projects(parameters.named_projects()))
    question = IssueQuestion(
        project_ids=projects, row_count_max=page.row_count_max, row_offset=page.offset
    )
    metadata = visit.door.services.metadata
    found = await visit.look_up(lambda: metadata.find_issues(question))
    shown = found[: page.row_count_max]
    now_ns = visit.door.services.clock.now_ns()
    forms = await _shapes(visit, shown, parameters.time_range(now_ns))
    return answer_page(forms, visit.request, page, has_more=len(found) > len(shown))


@router.get("/organizations/{organization}/issues/{issue_id}/", response_model=IssueForm)
async def show_issue(visit: Reads, issue_id: str) -> Response:
    """One issue, by its id or its short id; counts are those of all events that are kept."""
    issue = await visit.look_up(lambda: _find(visit, issue_id))
    if issue is None:
        raise not_found()
    always = TimeRange(0, visit.door.services.clock.now_ns() + _AHEAD_NS)
    (form,) = await _shapes(visit, [issue], always)
    return answer(form)


def _find(visit: OrganizationVisit, name: str) -> Issue | None:
    metadata = visit.door.services.metadata
    if name.isascii() and name.isdigit():
        project_ids = [each.project_id for each in visit.projects]
        return metadata.issue(int(name[:20]), project_ids=project_ids)
    short_id = read_short_id(name)
    if short_id is None:
        return None
    slug, number = short_id
    project = next((each for each in visit.projects if each.slug == slug), None)
    if project is None:
        return None
    return metadata.issue_by_number(project_id=project.project_id, number=number)


async def _shapes(
    visit: OrganizationVisit, issues: Sequence[Issue], time_range: TimeRange
) -> list[JsonObject]:
    services = visit.door.services
    ids = [each.issue_id for each in issues]
    hashes = await visit.look_up(lambda: services.metadata.hashes_of_issues(ids))
    users = {each.user_id: each for each in await visit.look_up(services.metadata.users)}
    groups = tuple(
        HashGroup(
            each.issue_id,
            each.project_id,
            tuple(one.hash for one in hashes[each.issue_id] if one.is_own),
        )
        for each in issues
    )
    question = GroupTotalsQuestion(groups, time_range)
    totals = await visit.ask(lambda: services.telemetry.group_totals(question))
    sums = {
        whole(row["key"]): IssueSums(whole(row["count"]), whole(row["users"]))
        for row in totals.rows()
    }
    project_by_id = {each.project_id: each for each in visit.projects}
    return [
        shape_issue(
            issue,
            project_by_id[issue.project_id],
            sums=sums.get(issue.issue_id, IssueSums()),
            users=users,
            public_url=services.state.public_url(),
        )
        for issue in issues
    ]
