"""Routes: files of a release, uploaded one by one."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import Field

from vedette.api.json_answer import answer, answer_page
from vedette.api.multipart import files_of, read_form, text_of, texts_of
from vedette.api.parameters import PageParameters
from vedette.api.policy import Scope
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.routes_uploads import make_release, projects_of_release
from vedette.api.upload_forms import ReleaseFileForm
from vedette.api.upload_shapes import release_file_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.release_version import why_not_a_version
from vedette.model.upload import ListedFile, UploadPlace
from vedette.storage.blobs.port import BlobMissing
from vedette.storage.metadata.uploads_port import UPLOAD_TEXT_LENGTH_MAX
from vedette.storage.uploads.file_reader import FileUnreadable
from vedette.storage.uploads.limits import MIB, RELEASE_FILE_BYTES_MAX

router = APIRouter(prefix="/api/0", tags=["uploads"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Sends = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]

_OF_ORGANIZATION: Final = "/organizations/{organization}/releases/{version}/files/"
_OF_PROJECT: Final = "/projects/{organization}/{project}/releases/{version}/files/"
_DIST_LENGTH_MAX: Final = 64
_FILE_ID_LENGTH_MAX: Final = 18
_SOURCE_MAP_HEADERS: Final = ("sourcemap", "x-sourcemap")


class ReleaseFileParameters(PageParameters):
    """Which files of a release."""

    query: str = Field("", description="A part of the name.")
    checksum: list[str] = Field(default_factory=list, description="SHA-1s.")


Wanted = Annotated[ReleaseFileParameters, Query()]


@router.get(_OF_ORGANIZATION, response_model=list[ReleaseFileForm])
async def list_release_files(visit: Reads, version: str, parameters: Wanted) -> Response:
    """The files of a release, by name."""
    return await _list(visit, version, parameters, _all_projects(visit))


@router.get(_OF_PROJECT, response_model=list[ReleaseFileForm])
async def list_project_release_files(
    visit: Reads, project: str, version: str, parameters: Wanted
) -> Response:
    """Those that count in one project."""
    return await _list(visit, version, parameters, [visit.project(project).project_id])


@router.post(_OF_ORGANIZATION, response_model=ReleaseFileForm, status_code=201)
async def add_release_file(visit: Sends, version: str, request: Request) -> Response:
    """Keep a file of a release (a form: file, name, dist, header) in all its projects."""
    if why_not_a_version(version):
        raise not_found()
    return await _add(visit, version, request, await projects_of_release(visit, version))


@router.post(_OF_PROJECT, response_model=ReleaseFileForm, status_code=201)
async def add_project_release_file(
    visit: Sends, project: str, version: str, request: Request
) -> Response:
    """The same in one project."""
    found = visit.project(project)
    if why_not_a_version(version):
        raise not_found()
    return await _add(visit, version, request, [found.project_id])


@router.get(f"{_OF_ORGANIZATION}{{file_id}}/", response_model=ReleaseFileForm)
async def show_release_file(
    visit: Reads, version: str, file_id: str, download: str | None = None
) -> Response:
    """One file; with `?download=1` what is in it."""
    listed = await _one(visit, version, file_id, _all_projects(visit))
    return await _answer_one(visit, listed, is_download=download is not None)


@router.get(f"{_OF_PROJECT}{{file_id}}/", response_model=ReleaseFileForm)
async def show_project_release_file(
    visit: Reads, project: str, version: str, file_id: str, download: str | None = None
) -> Response:
    """The same by the address of a project."""
    listed = await _one(visit, version, file_id, [visit.project(project).project_id])
    return await _answer_one(visit, listed, is_download=download is not None)


@router.delete(f"{_OF_ORGANIZATION}{{file_id}}/", status_code=204, response_model=None)
async def delete_release_file(visit: Sends, version: str, file_id: str) -> Response:
    """Let go of a file."""
    return await _delete(visit, version, file_id, _all_projects(visit))


@router.delete(f"{_OF_PROJECT}{{file_id}}/", status_code=204, response_model=None)
async def delete_project_release_file(
    visit: Sends, project: str, version: str, file_id: str
) -> Response:
    """Let it no longer count in a project."""
    return await _delete(visit, version, file_id, [visit.project(project).project_id])


def _all_projects(visit: OrganizationVisit) -> list[int]:
    return [each.project_id for each in visit.projects]


async def _list(
    visit: OrganizationVisit, version: str, parameters: ReleaseFileParameters, projects: list[int]
) -> Response:
    page = parameters.page()
    services = visit.door.services
    organization_id = visit.organization.organization_id
    if not await visit.look_up(lambda: services.metadata.release(organization_id, version)):
        raise not_found()
    listed = await visit.look_up(
        lambda: services.metadata.release_files(
            projects,
            version,
            first=page.offset,
            limit=page.row_count_max + 1,
            name_part=parameters.query,
            checksums=parameters.checksum,
        )
    )
    shapes = [release_file_shape(each) for each in listed[: page.row_count_max]]
    has_more = len(listed) > page.row_count_max
    return answer_page(shapes, visit.request, page, has_more=has_more)


async def _add(
    visit: OrganizationVisit, version: str, request: Request, projects: list[int]
) -> Response:
    byte_count_max = RELEASE_FILE_BYTES_MAX + MIB
    async with read_form(request, files_max=1, byte_count_max=byte_count_max) as form:
        files = files_of(form, "file")
        if not files:
            raise wrong("Missing uploaded file.")
        data = await files[0].read(RELEASE_FILE_BYTES_MAX + 1)
        name = text_of(form, "name") or files[0].filename or ""
        dist = text_of(form, "dist").strip()
        source_map = _source_map(texts_of(form, "header"))
    if len(data) > RELEASE_FILE_BYTES_MAX:
        raise Refusal(413, f"A file may have {RELEASE_FILE_BYTES_MAX} bytes.")
    if not 0 < len(name) <= UPLOAD_TEXT_LENGTH_MAX or not name.isprintable():
        raise wrong(f"name must have 1 to {UPLOAD_TEXT_LENGTH_MAX} printable characters.")
    if len(dist) > _DIST_LENGTH_MAX:
        raise wrong(f"dist may have {_DIST_LENGTH_MAX} characters.")
    places = [UploadPlace(each, version, dist) for each in projects]
    uploads = visit.door.services.uploads

    def keep() -> ListedFile:
        for project_id in projects:
            found = uploads.book.files_by_url(project_id, version, dist, [name])
            if found:
                detail = "A file matching this one already exists for this release."
                raise Refusal(409, detail)
        make_release(visit, version, projects)
        upload = uploads.assembler.release_file(
            data,
            organization_id=visit.organization.organization_id,
            name=name,
            source_map=source_map,
            places=places,
        )
        [file, *_] = uploads.book.files_by_url(projects[0], version, dist, [name])
        return ListedFile(file, upload.checksum, upload.name, version, dist, upload.created_ns)

    return answer(release_file_shape(await visit.door.uploads.run(keep)), status=201)


def _source_map(headers: list[str]) -> str:
    """Return what the headers, each `Name: value`, say of the map."""
    for header in headers:
        name, separator, value = header.partition(":")
        if not separator:
            raise wrong("header value was not formatted as `Name: value`.")
        if name.strip().lower() in _SOURCE_MAP_HEADERS:
            return value.strip()[:UPLOAD_TEXT_LENGTH_MAX]
    return ""


async def _one(
    visit: OrganizationVisit, version: str, file_id: str, projects: list[int]
) -> ListedFile:
    if not file_id.isascii() or not file_id.isdecimal() or len(file_id) > _FILE_ID_LENGTH_MAX:
        raise not_found()
    book = visit.door.services.uploads.book
    found = await visit.look_up(lambda: book.release_file(projects, version, int(file_id)))
    if found is None:
        raise not_found()
    return found


async def _answer_one(
    visit: OrganizationVisit, listed: ListedFile, *, is_download: bool
) -> Response:
    if not is_download:
        return answer(release_file_shape(listed))
    reader = visit.door.services.uploads.files
    try:
        data = await visit.door.uploads.run(lambda: reader.read(listed.file))
    except (FileUnreadable, BlobMissing) as error:
        raise Refusal(404, f"The file cannot be read: {error}") from error
    return Response(
        data,
        media_type="application/octet-stream",
        headers={"Content-Disposition": "attachment"},
    )


async def _delete(
    visit: OrganizationVisit, version: str, file_id: str, projects: list[int]
) -> Response:
    listed = await _one(visit, version, file_id, projects)
    uploads = visit.door.services.uploads
    places = [UploadPlace(each, version, listed.dist) for each in projects]
    await visit.door.uploads.run(lambda: uploads.forget(listed.file.upload_id, places))
    return Response(status_code=204)
