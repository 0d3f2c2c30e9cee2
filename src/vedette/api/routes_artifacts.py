"""Routes: which bundles and debug files a project has, and letting go of them."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.json_answer import answer_page
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.upload_forms import BundleForm, DebugFileForm
from vedette.api.upload_shapes import bundle_shape, listed_debug_file_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.upload import UploadKind, UploadPlace

router = APIRouter(prefix="/api/0", tags=["uploads"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Sends = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]
Pages = Annotated[PageParameters, Query()]

_BUNDLES: Final = "/projects/{organization}/{project}/files/artifact-bundles/"
_DEBUG_FILES: Final = "/projects/{organization}/{project}/files/dsyms/"
_PLACES_MAX: Final = 10_000
"""Of one kind of upload in a project, when one is sought among them."""


@router.get(_BUNDLES, response_model=list[BundleForm])
async def list_bundles(visit: Reads, project: str, parameters: Pages) -> Response:
    """The bundles of a project, newest first; one that counts in several releases once for each."""
    found = visit.project(project)
    page = parameters.page()
    book = visit.door.services.uploads.book
    rows = await visit.look_up(
        lambda: book.placed_uploads(
            found.project_id, UploadKind.BUNDLE, first=page.offset, limit=page.row_count_max + 1
        )
    )
    shapes = [
        bundle_shape(upload, [place], file_count)
        for upload, place, file_count in rows[: page.row_count_max]
    ]
    return answer_page(shapes, visit.request, page, has_more=len(rows) > page.row_count_max)


@router.delete(_BUNDLES, status_code=204, response_model=None)
async def delete_bundle(
    visit: Sends, project: str, bundle_id: Annotated[str, Query(alias="bundleId")] = ""
) -> Response:
    """Let a bundle no longer count in a project."""
    return await _delete(visit, project, UploadKind.BUNDLE, bundle_id)


@router.get(_DEBUG_FILES, response_model=list[DebugFileForm])
async def list_debug_files(visit: Reads, project: str, parameters: Pages) -> Response:
    """The debug files of a project, newest first."""
    found = visit.project(project)
    page = parameters.page()
    book = visit.door.services.uploads.book
    listed = await visit.look_up(
        lambda: book.placed_files(
            found.project_id, UploadKind.DEBUG_FILE, first=page.offset, limit=page.row_count_max + 1
        )
    )
    shapes = [listed_debug_file_shape(each) for each in listed[: page.row_count_max]]
    return answer_page(shapes, visit.request, page, has_more=len(listed) > page.row_count_max)


@router.delete(_DEBUG_FILES, status_code=204, response_model=None)
async def delete_debug_file(
    visit: Sends, project: str, file_id: Annotated[str, Query(alias="id")] = ""
) -> Response:
    """Let a debug file no longer count in a project."""
    return await _delete(visit, project, UploadKind.DEBUG_FILE, file_id)


async def _delete(
    visit: OrganizationVisit, project: str, kind: UploadKind, upload_id: str
) -> Response:
    found = visit.project(project)
    uploads = visit.door.services.uploads

    def delete() -> None:
        rows = uploads.book.placed_uploads(found.project_id, kind, first=0, limit=_PLACES_MAX)
        chosen = [
            (upload, UploadPlace(place.project_id, place.release, place.dist))
            for upload, place, _ in rows
            if str(upload.upload_id) == upload_id
        ]
        if not chosen:
            raise not_found()
        uploads.forget(chosen[0][0].upload_id, [place for _, place in chosen])

    await visit.door.uploads.run(delete)
    return Response(status_code=204)
