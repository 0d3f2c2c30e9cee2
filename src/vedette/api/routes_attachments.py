"""Routes: the attachments of an event or an issue: listed, downloaded, deleted."""

from dataclasses import replace
from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.attachment_forms import AttachmentForm, attachment_shape
from vedette.api.issue_view import issue_of
from vedette.api.json_answer import answer, answer_page
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.attachment import AttachmentQuestion
from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.model.json_value import JsonObject
from vedette.query.ask_events import has_event
from vedette.query.ask_issues import groups_of
from vedette.storage.blobs.port import BlobMissing

router = APIRouter(prefix="/api/0", tags=["events"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
Deletes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_ADMIN))]
Pages = Annotated[PageParameters, Query()]

_OF_EVENT: Final = "/projects/{organization}/{project}/events/{event_id}/attachments/"
_ONE: Final = _OF_EVENT + "{attachment_id}/"
ATTACHMENTS_PER_PAGE_MAX: Final = 100
NEVER_RENDERED: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; sandbox"
    ),
    "X-Content-Type-Options": "nosniff",
}
"""A stranger's file stands under our own address: no browser may take it for a page of ours."""


@router.get(_OF_EVENT, response_model=list[AttachmentForm])
async def list_attachments_of_event(
    visit: Reads, project: str, event_id: str, pages: Pages
) -> Response:
    """The attachments of an event, newest first."""
    found, known_id = visit.project(project), _known(event_id)
    answered, is_empty = await _page(visit, AttachmentQuestion(found.project_id, known_id), pages)
    if is_empty:
        services = visit.door.services
        now_ns = services.clock.now_ns()
        is_known = await visit.ask(
            lambda: has_event(
                services.telemetry,
                project_id=found.project_id,
                event_id=known_id,
                now_ns=now_ns,
            )
        )
        if not is_known:
            raise not_found()
    return answered


@router.get(
    "/organizations/{organization}/issues/{issue_id}/attachments/",
    response_model=list[AttachmentForm],
)
async def list_attachments_of_issue(visit: Reads, issue_id: str, pages: Pages) -> Response:
    """The attachments of an issue's events, newest first."""
    issue = await issue_of(visit, issue_id)
    metadata = visit.door.services.metadata
    (group,) = await visit.look_up(lambda: groups_of(metadata, [issue]))
    question = AttachmentQuestion(issue.project_id, hashes=group.hashes)
    answered, _ = await _page(visit, question, pages)
    return answered


@router.get(_ONE, response_model=AttachmentForm)
async def show_attachment(
    visit: Reads,
    project: str,
    event_id: str,
    attachment_id: str,
    download: Annotated[str | None, Query(description="Given: the bytes themselves.")] = None,
) -> Response:
    """One attachment: what is known of it, or its bytes."""
    row = await _find(visit, project, event_id, attachment_id)
    if download is None:
        return answer(attachment_shape(row))
    desk = visit.door.services.attachments
    try:
        data = await visit.door.uploads.run(lambda: desk.read(row))
    except BlobMissing:
        raise not_found() from None
    name = quote(str(row["name"]), safe="")
    headers = {**NEVER_RENDERED, "Content-Disposition": f"attachment; filename*=UTF-8''{name}"}
    return Response(data, headers=headers, media_type="application/octet-stream")


@router.delete(_ONE, status_code=204, response_model=None)
async def delete_attachment(
    visit: Deletes, project: str, event_id: str, attachment_id: str
) -> Response:
    """Let go of an attachment."""
    row = await _find(visit, project, event_id, attachment_id)
    project_id = visit.project(project).project_id
    desk = visit.door.services.attachments
    await visit.door.uploads.run(
        lambda: desk.forget(project_id, str(row["event_id"]), str(row["id"]))
    )
    return Response(status_code=204)


async def _find(
    visit: OrganizationVisit, project: str, event_id: str, attachment_id: str
) -> JsonObject:
    project_id = visit.project(project).project_id
    known_event, known_one = _known(event_id), _known(attachment_id)
    desk = visit.door.services.attachments
    row = await visit.ask(lambda: desk.find(project_id, known_event, known_one))
    if row is None:
        raise not_found()
    return row


async def _page(
    visit: OrganizationVisit, question: AttachmentQuestion, pages: PageParameters
) -> tuple[Response, bool]:
    page = pages.page(ATTACHMENTS_PER_PAGE_MAX)
    desk = visit.door.services.attachments
    asked = replace(question, row_count_max=page.row_count_max, row_offset=page.offset)
    found = await visit.ask(lambda: desk.ask(asked))
    shapes = [attachment_shape(row) for row in found.rows()]
    answered = answer_page([*shapes], visit.request, page, has_more=found.was_cut)
    return answered, not shapes


def _known(text: str) -> str:
    known = read_hex_id(text, length=EVENT_ID_LENGTH)
    if known is None:
        raise not_found()
    return known
