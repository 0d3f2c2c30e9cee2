"""Uploads as Sentry's clients expect them."""

from uuid import UUID

from vedette.model.json_value import JsonObject
from vedette.model.upload import ListedFile, NewFile, Upload, UploadPlace
from vedette.query.iso_time import iso_time
from vedette.storage.uploads.assemble import Assembled, Assembly, ChunksMissing


def assembled_shape(assembly: Assembly) -> JsonObject:
    """Return what became of an upload."""
    if isinstance(assembly, Assembled):
        return {"state": "ok", "missingChunks": [], "detail": None}
    if isinstance(assembly, ChunksMissing):
        return {"state": "not_found", "missingChunks": [*assembly.sha1s], "detail": None}
    return {"state": "error", "missingChunks": [], "detail": assembly.detail}


def debug_file_shape(upload: Upload, file: NewFile, *, file_id: int) -> JsonObject:
    """Return a debug file."""
    return _debug_file(file, sha1=upload.checksum, created_ns=upload.created_ns, file_id=file_id)


def listed_debug_file_shape(listed: ListedFile) -> JsonObject:
    """Return a debug file as it stands in lists."""
    return _debug_file(
        listed.file,
        sha1=listed.checksum,
        created_ns=listed.created_ns,
        file_id=listed.file.upload_id,
    )


def _debug_file(file: NewFile, *, sha1: str, created_ns: int, file_id: int) -> JsonObject:
    dashed = str(UUID(file.debug_id)) if file.debug_id else ""
    return {
        "id": str(file_id),
        "uuid": dashed,
        "debugId": dashed,
        "codeId": None,
        "cpuName": "any",
        "objectName": file.url,
        "symbolType": file.kind.value,
        "headers": {"Content-Type": "application/octet-stream"},
        "size": file.byte_count,
        "sha1": sha1,
        "dateCreated": iso_time(created_ns),
        "data": {"type": file.kind.value, "features": []},
    }


def release_file_shape(listed: ListedFile) -> JsonObject:
    """Return a file of a release."""
    source_map = listed.file.source_map
    return {
        "id": str(listed.file.file_id),
        "name": listed.file.url,
        "dist": listed.dist or None,
        "headers": {"Sourcemap": source_map} if source_map else {},
        "size": listed.file.byte_count,
        "sha1": listed.checksum,
        "dateCreated": iso_time(listed.created_ns),
    }


def bundle_shape(upload: Upload, places: list[UploadPlace], file_count: int) -> JsonObject:
    """Return a bundle."""
    date = iso_time(upload.created_ns)
    return {
        "bundleId": str(upload.upload_id),
        "associations": [
            {"release": place.release or None, "dist": place.dist or None} for place in places
        ],
        "date": date,
        "dateModified": date,
        "fileCount": file_count,
    }
