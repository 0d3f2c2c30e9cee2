"""Routes: what people wrote, of a project or an organization, about an issue."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from vedette.api.feedback_forms import FeedbackForm
from vedette.api.issue_view import issue_of
from vedette.api.json_answer import answer_page
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.feedback import FeedbackQuestion
from vedette.query.ask_feedback import ask_feedback
from vedette.query.ask_issues import groups_of

router = APIRouter(prefix="/api/0", tags=["feedback"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
Pages = Annotated[PageParameters, Query()]
FEEDBACK_PER_PAGE_MAX: Final = 100


class FeedbackParameters(PageParameters):
    """Which feedback."""

    project: list[str] = Field(default_factory=list)
    issue: str | None = None


@router.get("/projects/{organization}/{project}/user-feedback/", response_model=list[FeedbackForm])
async def list_feedback_of_project(visit: Reads, project: str, pages: Pages) -> Response:
    """What people wrote about a project, newest first."""
    found = visit.project(project)
    return await _page(visit, FeedbackQuestion((found.project_id,)), pages)


@router.get("/organizations/{organization}/user-feedback/", response_model=list[FeedbackForm])
async def list_feedback(
    visit: Reads, parameters: Annotated[FeedbackParameters, Query()]
) -> Response:
    """What people wrote about all projects, those of `project`, or the events of `issue`."""
    if parameters.issue is None:
        chosen = visit.chosen_projects(parameters.project)
        return await _page(visit, FeedbackQuestion(tuple(chosen)), parameters)
    issue = await issue_of(visit, parameters.issue)
    metadata = visit.door.services.metadata
    (group,) = await visit.look_up(lambda: groups_of(metadata, [issue]))
    question = FeedbackQuestion((issue.project_id,), hashes=group.hashes)
    return await _page(visit, question, parameters)


async def _page(
    visit: OrganizationVisit, question: FeedbackQuestion, pages: PageParameters
) -> Response:
    page = pages.page(FEEDBACK_PER_PAGE_MAX)
    reader = visit.door.services.telemetry
    shown, has_more = await visit.ask(lambda: ask_feedback(reader, question, page))
    return answer_page([*shown], visit.request, page, has_more=has_more)
