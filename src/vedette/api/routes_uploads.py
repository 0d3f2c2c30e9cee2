"""Routes: chunks, and the bundles and debug files that are made of them."""

import re
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from starlette.datastructures import UploadFile

from vedette.api.json_answer import answer
from vedette.api.multipart import files_of, read_form
from vedette.api.policy import Scope
from vedette.api.refusal import not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.upload_forms import AssembleDebugFileForm, AssembleForm, ChunkOptions
from vedette.api.upload_shapes import assembled_shape, debug_file_shape
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.release import ReleaseChange
from vedette.model.release_version import why_not_a_version
from vedette.native import NativeError, unpack
from vedette.storage.uploads.assemble import Assembled, Assembly, Pieces
from vedette.storage.uploads.chunk_store import sha1_of
from vedette.storage.uploads.limits import (
    CHUNK_BYTES_MAX,
    CHUNKS_PER_REQUEST_MAX,
    CHUNKS_PER_UPLOAD_MAX,
    DEBUG_FILES_PER_REQUEST_MAX,
    REQUEST_BYTES_MAX,
    UPLOAD_BYTES_MAX,
    UPLOADS_AT_ONCE,
)

router = APIRouter(prefix="/api/0", tags=["uploads"])

Sends = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_RELEASES))]

_SHA1: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)
_ACCEPTED: Final = (
    "debug_files",
    "release_files",
    "pdbs",
    "sources",
    "bcsymbolmaps",
    "il2cpp",
    "portablepdbs",
    "proguard",
    "artifact_bundles",
    "artifact_bundles_v2",
)
"""What may be uploaded in chunks, in the words of Sentry's clients."""

_ASSEMBLE_BYTES_MAX: Final = 4 * 1024 * 1024
"""A thousand debug files with their chunks."""

_JOINS_URLS: Final = re.compile(r"sentry-cli/(?:[2-9]|1\.(?:7[1-9]|[89]\d))")
"""Clients whose address may be relative to /api/0: who found the way here finds it again, behind
any proxy. Others want the whole address; so does the newer one that calls itself sentry-cli/0."""

_DIST_LENGTH_MAX: Final = 64
_NAME_LENGTH_MAX: Final = 1_000
_PACKED_CHUNK_BYTES_MAX: Final = CHUNK_BYTES_MAX + 64 * 1024
"""What cannot be packed grows a little when it is."""


class AssembleBody(msgspec.Struct):
    """Of which chunks a bundle is made, and where it counts."""

    checksum: str
    chunks: list[str]
    projects: list[str | int] = []
    version: str | None = None
    dist: str | None = None


class DebugFileBody(msgspec.Struct):
    """Of which chunks a debug file is made."""

    name: str
    chunks: list[str]
    debug_id: str | None = None


@router.get("/organizations/{organization}/chunk-upload/", response_model=ChunkOptions)
async def show_chunk_options(visit: Sends) -> Response:
    """How files are to be cut and sent."""
    url = f"organizations/{visit.organization.slug}/chunk-upload/"
    if not _JOINS_URLS.match(visit.request.headers.get("user-agent", "")):
        url = f"{visit.door.services.state.public_url()}{router.prefix}/{url}"
    return answer(
        {
            "url": url,
            "chunkSize": CHUNK_BYTES_MAX,
            "chunksPerRequest": CHUNKS_PER_REQUEST_MAX,
            "maxRequestSize": REQUEST_BYTES_MAX,
            "maxFileSize": UPLOAD_BYTES_MAX,
            "maxWait": 0,
            "concurrency": UPLOADS_AT_ONCE,
            "hashAlgorithm": "sha1",
            "compression": ["gzip"],
            "accept": list(_ACCEPTED),
        }
    )


@router.post("/organizations/{organization}/chunk-upload/", response_model=None)
async def take_chunks(visit: Sends, request: Request) -> Response:
    """Keep chunks: parts named `file` or `file_gzip`, whose file names are their SHA-1s."""
    async with read_form(
        request, files_max=CHUNKS_PER_REQUEST_MAX, byte_count_max=REQUEST_BYTES_MAX
    ) as form:
        for is_packed, name in ((False, "file"), (True, "file_gzip")):
            for part in files_of(form, name):
                await _keep_chunk(visit, part, is_packed=is_packed)
    return Response(status_code=200)


@router.post(
    "/organizations/{organization}/artifactbundle/assemble/",
    response_model=AssembleForm,
    openapi_extra=described(AssembleBody),
)
async def assemble_bundle(visit: Sends, request: Request) -> Response:
    """Make an artifact bundle of chunks, or say which of them are missing."""
    body = await read_body(request, AssembleBody, byte_count_max=_ASSEMBLE_BYTES_MAX)
    if not body.projects:
        raise wrong("projects must name at least one project.")
    projects = [visit.project(str(each)).project_id for each in body.projects]
    version = _version(body.version)
    return await _assemble_bundle(visit, body, projects, version)


@router.post(
    "/organizations/{organization}/releases/{version}/assemble/",
    response_model=AssembleForm,
    openapi_extra=described(AssembleBody),
)
async def assemble_release_bundle(visit: Sends, version: str, request: Request) -> Response:
    """The same by the older way: the bundle counts in the projects of the release."""
    if why_not_a_version(version):
        raise not_found()
    body = await read_body(request, AssembleBody, byte_count_max=_ASSEMBLE_BYTES_MAX)
    projects = [visit.project(str(each)).project_id for each in body.projects]
    projects = projects or await projects_of_release(visit, version)
    return await _assemble_bundle(visit, body, projects, version)


@router.post(
    "/projects/{organization}/{project}/files/difs/assemble/",
    response_model=dict[str, AssembleDebugFileForm],
)
async def assemble_debug_files(visit: Sends, project: str, request: Request) -> Response:
    """Make debug files of chunks, each under its SHA-1, or say which chunks are missing."""
    found = visit.project(project)
    body = await read_body(request, dict[str, DebugFileBody], byte_count_max=_ASSEMBLE_BYTES_MAX)
    if len(body) > DEBUG_FILES_PER_REQUEST_MAX:
        raise wrong(f"There may be {DEBUG_FILES_PER_REQUEST_MAX} files in a request.")
    assembler = visit.door.services.uploads.assembler
    answers = {}
    for checksum, file in body.items():
        pieces = _pieces(visit, checksum, file.chunks)

        def make(pieces: Pieces = pieces, file: DebugFileBody = file) -> Assembly:
            return assembler.debug_file(
                pieces, found.project_id, file.name[:_NAME_LENGTH_MAX], file.debug_id or ""
            )

        assembly = await visit.door.uploads.run(make)
        dif = None
        if isinstance(assembly, Assembled):
            upload = assembly.upload
            dif = debug_file_shape(upload, assembly.files[0], file_id=upload.upload_id)
        answers[checksum] = {**assembled_shape(assembly), "dif": dif}
    return answer(answers)


async def projects_of_release(visit: OrganizationVisit, version: str) -> list[int]:
    """Return the projects that have a release; all of the organization if none has."""
    own = [each.project_id for each in visit.projects]
    metadata, organization_id = visit.door.services.metadata, visit.organization.organization_id
    release = await visit.look_up(lambda: metadata.release(organization_id, version))
    known = release.project_ids if release else frozenset()
    return [each for each in own if each in known] or own


def make_release(visit: OrganizationVisit, version: str, project_ids: list[int]) -> None:
    """See to it that a release is known; called on a thread."""
    services = visit.door.services
    services.metadata.create_release(
        organization_id=visit.organization.organization_id,
        version=version,
        change=ReleaseChange(project_ids=tuple(project_ids)),
        now_ns=services.clock.now_ns(),
    )


async def _assemble_bundle(
    visit: OrganizationVisit, body: AssembleBody, project_ids: list[int], version: str
) -> Response:
    pieces = _pieces(visit, body.checksum, body.chunks)
    dist = (body.dist or "").strip()
    if len(dist) > _DIST_LENGTH_MAX:
        raise wrong(f"dist may have {_DIST_LENGTH_MAX} characters.")
    assembler = visit.door.services.uploads.assembler

    def make() -> Assembly:
        assembly = assembler.bundle(pieces, project_ids, version, dist)
        if isinstance(assembly, Assembled) and version:
            make_release(visit, version, project_ids)
        return assembly

    return answer(assembled_shape(await visit.door.uploads.run(make)))


async def _keep_chunk(visit: OrganizationVisit, part: UploadFile, *, is_packed: bool) -> None:
    name = (part.filename or "").lower()
    if not _SHA1.fullmatch(name):
        raise wrong("The file name of a chunk must be its SHA-1.")
    data = await part.read(_PACKED_CHUNK_BYTES_MAX + 1)
    store = visit.door.services.uploads.chunks
    organization_id = visit.organization.organization_id

    def keep() -> None:
        whole = _unpacked(data) if is_packed else data
        if len(whole) > CHUNK_BYTES_MAX:
            raise wrong(f"A chunk is larger than {CHUNK_BYTES_MAX} bytes.")
        if sha1_of(whole) != name:
            raise wrong("A chunk does not have the SHA-1 that its file name says.")
        store.keep(organization_id, whole)

    await visit.door.uploads.run(keep)


def _unpacked(data: bytes) -> bytes:
    try:
        return unpack(data, "gzip", CHUNK_BYTES_MAX)
    except NativeError as error:
        raise wrong(f"A chunk cannot be unpacked: {error}") from error


def _pieces(visit: OrganizationVisit, checksum: str, chunks: list[str]) -> Pieces:
    if not 0 < len(chunks) <= CHUNKS_PER_UPLOAD_MAX:
        raise wrong(f"A file has 1 to {CHUNKS_PER_UPLOAD_MAX} chunks.")
    if not all(_SHA1.fullmatch(each) for each in (checksum, *chunks)):
        raise wrong("checksum and chunks must be SHA-1s in hex digits.")
    return Pieces(visit.organization.organization_id, checksum, chunks)


def _version(version: str | None) -> str:
    why_not = why_not_a_version(version) if version else None
    if why_not:
        raise wrong(f"version: {why_not}")
    return version or ""
