"""What routes of issues share: finding one, and showing some."""

from collections.abc import Mapping

from vedette.api.refusal import not_found
from vedette.api.visit import OrganizationVisit
from vedette.model.issue import Issue
from vedette.model.json_value import JsonObject
from vedette.model.person import User
from vedette.model.question import TimeRange
from vedette.model.short_id import read_short_id
from vedette.query.ask_issues import IssuePage, IssueSums
from vedette.query.issue_series import full_series
from vedette.query.issue_shape import NO_MARKS, IssueView, shape_issue
from vedette.storage.metadata.issue_marks_port import IssueMarks


async def issue_of(visit: OrganizationVisit, name: str) -> Issue:
    """Return an issue by its id or its short id.

    Raises:
        Refusal: It is unknown or belongs to others.
    """
    issue = await visit.look_up(lambda: find_issue(visit, name))
    if issue is None:
        raise not_found()
    return issue


def find_issue(visit: OrganizationVisit, name: str) -> Issue | None:
    """Return an issue by its id or its short id; asks the metadata, call it in a thread."""
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


async def issue_forms(
    visit: OrganizationVisit,
    page: IssuePage,
    *,
    series_name: str,
    series_range: TimeRange,
    series_step_s: int,
) -> list[JsonObject]:
    """Return the issues of a page as they stand in lists."""
    services = visit.door.services
    marks, comments, users = await visit.look_up(lambda: _around(visit, page))
    project_by_id = {each.project_id: each for each in visit.projects}

    def shape(issue: Issue) -> JsonObject:
        sums = page.sums.get(issue.issue_id, IssueSums())
        series = full_series(sums.series, series_range, series_step_s)
        return shape_issue(
            issue,
            project_by_id[issue.project_id],
            view=IssueView(
                sums,
                {series_name: series} if series_name else {},
                marks.get(issue.issue_id, NO_MARKS),
                comments.get(issue.issue_id, 0),
            ),
            users=users,
            public_url=services.state.public_url(),
        )

    return [shape(issue) for issue in page.issues]


def alone(issue: Issue, sums: IssueSums) -> IssuePage:
    """Return a page of one issue."""
    return IssuePage([issue], {issue.issue_id: sums}, 1, has_more=False)


def people_by_id(visit: OrganizationVisit) -> dict[int, User]:
    """Return all people; asks the metadata, call it in a thread."""
    return {each.user_id: each for each in visit.door.services.metadata.users()}


def _around(
    visit: OrganizationVisit, page: IssuePage
) -> tuple[Mapping[int, IssueMarks], Mapping[int, int], Mapping[int, User]]:
    metadata = visit.door.services.metadata
    ids = [each.issue_id for each in page.issues]
    marks = metadata.marks_of(ids, user_id=visit.asker.user.user_id)
    return marks, metadata.comment_counts(ids), people_by_id(visit)
