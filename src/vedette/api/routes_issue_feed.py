"""Routes: what happened to an issue, and what people wrote about it."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Response

from vedette.api.issue_forms import ActivityForm, ActivityList
from vedette.api.issue_view import issue_of, people_by_id
from vedette.api.json_answer import answer, answer_page
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.query.issue_shape import shape_activity
from vedette.storage.metadata.issue_feed_port import COMMENT_LENGTH_MAX

router = APIRouter(prefix="/api/0", tags=["issues"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_WRITE))]
PageQuery = Annotated[PageParameters, Query()]
ENTRIES_PER_PAGE_MAX: Final = 100
_NUMBER_LENGTH_MAX: Final = 18


class Comment(msgspec.Struct):
    """A comment to write."""

    text: str


@router.get(
    "/organizations/{organization}/issues/{issue_id}/activities/", response_model=ActivityList
)
async def list_activities(visit: Reads, issue_id: str, parameters: PageQuery) -> Response:
    """What happened to an issue, the latest first."""
    issue = await issue_of(visit, issue_id)
    page = parameters.page(ENTRIES_PER_PAGE_MAX)
    metadata = visit.door.services.metadata
    found = await visit.look_up(
        lambda: metadata.activities(
            issue.issue_id, row_count_max=page.row_count_max, row_offset=page.offset
        )
    )
    users = await visit.look_up(lambda: people_by_id(visit))
    shown = [shape_activity(each, users) for each in found[: page.row_count_max]]
    has_more = len(found) > len(shown)
    return answer_page({"activity": shown}, visit.request, page, has_more=has_more)


@router.get(
    "/organizations/{organization}/issues/{issue_id}/comments/",
    response_model=list[ActivityForm],
)
async def list_comments(visit: Reads, issue_id: str, parameters: PageQuery) -> Response:
    """What people wrote about an issue, the latest first."""
    issue = await issue_of(visit, issue_id)
    page = parameters.page(ENTRIES_PER_PAGE_MAX)
    metadata = visit.door.services.metadata
    found = await visit.look_up(
        lambda: metadata.comments(
            issue.issue_id, row_count_max=page.row_count_max, row_offset=page.offset
        )
    )
    users = await visit.look_up(lambda: people_by_id(visit))
    shown = [shape_activity(each, users) for each in found[: page.row_count_max]]
    return answer_page(shown, visit.request, page, has_more=len(found) > len(shown))


@router.post(
    "/organizations/{organization}/issues/{issue_id}/comments/",
    response_model=ActivityForm,
    status_code=201,
    openapi_extra=described(Comment),
)
async def add_comment(visit: Writes, issue_id: str) -> Response:
    """Write a comment."""
    issue = await issue_of(visit, issue_id)
    text = await _text(visit)
    metadata, user_id = visit.door.services.metadata, visit.asker.user.user_id
    now_ns = visit.door.services.clock.now_ns()
    added = await visit.look_up(
        lambda: metadata.add_comment(issue.issue_id, user_id=user_id, text=text, now_ns=now_ns)
    )
    await visit.look_up(
        lambda: metadata.subscribe_unless_asked([issue.issue_id], user_id=user_id, reason="comment")
    )
    users = await visit.look_up(lambda: people_by_id(visit))
    return answer(shape_activity(added, users), status=201)


@router.put(
    "/organizations/{organization}/issues/{issue_id}/comments/{comment_id}/",
    response_model=ActivityForm,
    openapi_extra=described(Comment),
)
async def change_comment(visit: Writes, issue_id: str, comment_id: str) -> Response:
    """Replace the text of a comment of one's own."""
    issue = await issue_of(visit, issue_id)
    number = _number(comment_id)
    text = await _text(visit)
    metadata, user_id = visit.door.services.metadata, visit.asker.user.user_id
    changed = await visit.look_up(
        lambda: metadata.change_comment(issue.issue_id, number, user_id=user_id, text=text)
    )
    if changed is None:
        raise not_found()
    users = await visit.look_up(lambda: people_by_id(visit))
    return answer(shape_activity(changed, users))


@router.delete(
    "/organizations/{organization}/issues/{issue_id}/comments/{comment_id}/", status_code=204
)
async def delete_comment(visit: Writes, issue_id: str, comment_id: str) -> Response:
    """Delete a comment of one's own; who may delete issues may delete any."""
    issue = await issue_of(visit, issue_id)
    number = _number(comment_id)
    user_id = None if Scope.EVENT_ADMIN in visit.asker.scopes else visit.asker.user.user_id
    metadata = visit.door.services.metadata
    was_there = await visit.look_up(
        lambda: metadata.delete_comment(issue.issue_id, number, user_id=user_id)
    )
    if not was_there:
        raise not_found()
    return Response(status_code=204)


async def _text(visit: OrganizationVisit) -> str:
    body = await read_body(visit.request, Comment)
    if not body.text.strip():
        raise wrong("text: say something")
    if len(body.text) > COMMENT_LENGTH_MAX:
        raise wrong(f"text: at most {COMMENT_LENGTH_MAX} characters")
    return body.text


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= _NUMBER_LENGTH_MAX):
        raise not_found()
    return int(text)
