"""Make uploads of chunks: bundles, debug files, and single files of a release."""

import hashlib
import io
import re
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import BinaryIO, Final, cast

from vedette.model.upload import (
    Chunk,
    FileKind,
    NewFile,
    NewUpload,
    Packing,
    Upload,
    UploadKind,
    UploadPlace,
)
from vedette.storage.blobs.port import BlobMissing
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.uploads.bundle import BundleRefused, read_bundle, read_debug_id
from vedette.storage.uploads.chunk_store import ChunkStore, sha1_of
from vedette.storage.uploads.chunked_file import ChunkedFile
from vedette.storage.uploads.debug_file_kind import kind_of_debug_file
from vedette.storage.uploads.limits import CHUNK_BYTES_MAX, UPLOAD_BYTES_MAX

_SCRIPT_ENDING: Final = re.compile(r"\.(?:[cm]?js|jsbundle|bundle)(?:$|[?#])", re.IGNORECASE)
_MAP_ENDING: Final = re.compile(r"\.map(?:$|[?#])", re.IGNORECASE)
_SCRIPT_DEBUG_ID: Final = re.compile(rb"//[#@] ?debugId=([0-9a-fA-F-]{32,45})\s*$", re.MULTILINE)
_MAP_DEBUG_ID: Final = re.compile(rb'"debug(?:_id|Id)"\s{0,9}:\s{0,9}"([0-9a-fA-F-]{32,45})"')
_DEBUG_ID_WITHIN_BYTES: Final = 4_096
"""From either end of a file: where tools write it."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """An upload that is there now."""

    upload: Upload
    files: tuple[NewFile, ...]


@dataclass(frozen=True, slots=True)
class ChunksMissing:
    """Chunks that have to be sent first."""

    sha1s: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AssemblyRefused:
    """What is wrong, for whoever sent it."""

    detail: str


Assembly = Assembled | ChunksMissing | AssemblyRefused


@dataclass(frozen=True, slots=True)
class Pieces:
    """What a client says an upload is made of."""

    organization_id: int
    checksum: str
    sha1s: Sequence[str]


class Assembler:
    """Makes uploads; the same upload twice is one."""

    def __init__(self, store: ChunkStore) -> None:
        self._store = store

    def bundle(
        self, pieces: Pieces, project_ids: Sequence[int], release: str, dist: str
    ) -> Assembly:
        """Make a bundle, or let the one that is there count in these projects too.

        A release in the manifest counts if none is given.
        """
        chunks = self._chunks(pieces)
        if not isinstance(chunks, list):
            return chunks
        file = ChunkedFile(chunks, lambda chunk: self._store.read(pieces.organization_id, chunk))
        try:
            # A buffered file is a BinaryIO to all but the type checker.
            bundle = read_bundle(cast("BinaryIO", io.BufferedReader(file)), file.byte_count)
        except BundleRefused as refused:
            return AssemblyRefused(str(refused))
        release = release or bundle.release
        dist = dist or (bundle.dist if release else "")
        places = [UploadPlace(each, release, dist) for each in project_ids]
        return self._add(pieces, UploadKind.BUNDLE, "", file.byte_count, bundle.files, places)

    def debug_file(self, pieces: Pieces, project_id: int, name: str, debug_id: str) -> Assembly:
        """Make a debug file of chunks; it is kept as it is."""
        chunks = self._chunks(pieces)
        if not isinstance(chunks, list):
            return chunks
        byte_count = sum(chunk.byte_count for chunk in chunks)
        file = NewFile(
            kind=kind_of_debug_file(self._head(pieces, chunks), name),
            url=name,
            debug_id=read_debug_id(debug_id),
            source_map="",
            start=0,
            packed_bytes=byte_count,
            byte_count=byte_count,
            packing=Packing.PLAIN,
        )
        place = UploadPlace(project_id, "", "")
        return self._add(pieces, UploadKind.DEBUG_FILE, name, byte_count, [file], [place])

    def release_file(
        self,
        data: bytes,
        *,
        organization_id: int,
        name: str,
        source_map: str,
        places: Sequence[UploadPlace],
    ) -> Upload:
        """Keep one file of a release."""
        packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
        packed = packer.compress(data) + packer.flush()
        sha1s = [
            self._store.keep(organization_id, packed[first : first + CHUNK_BYTES_MAX])
            for first in range(0, len(packed), CHUNK_BYTES_MAX)
        ]
        kind = _kind_of(name)
        new = NewUpload(
            organization_id=organization_id,
            kind=UploadKind.RELEASE_FILE,
            checksum=sha1_of(data),
            name=name,
            byte_count=len(data),
            created_ns=self._store.clock.now_ns(),
        )
        file = NewFile(
            kind=kind,
            url=name,
            debug_id=debug_id_inside(kind, data),
            source_map=source_map,
            start=0,
            packed_bytes=len(packed),
            byte_count=len(data),
            packing=Packing.DEFLATE,
        )
        return self._store.uploads.add_upload(new, parts=sha1s, files=[file], places=places)

    def _chunks(self, pieces: Pieces) -> list[Chunk] | ChunksMissing | AssemblyRefused:
        """Return the chunks in order, if all are there and make what the client says."""
        known = self._store.uploads.chunks(
            pieces.organization_id, list(dict.fromkeys(pieces.sha1s))
        )
        missing = tuple(each for each in dict.fromkeys(pieces.sha1s) if each not in known)
        if missing:
            return ChunksMissing(missing)
        chunks = [known[each] for each in pieces.sha1s]
        if sum(chunk.byte_count for chunk in chunks) > UPLOAD_BYTES_MAX:
            return AssemblyRefused(f"The file is larger than {UPLOAD_BYTES_MAX} bytes.")
        whole = hashlib.sha1(usedforsecurity=False)
        try:
            for chunk in chunks:
                whole.update(self._store.read(pieces.organization_id, chunk))
        except BlobMissing:
            return AssemblyRefused("A chunk is damaged; it has to be sent again.")
        if whole.hexdigest() != pieces.checksum:
            return AssemblyRefused("Reported checksum mismatch.")
        return chunks

    def _head(self, pieces: Pieces, chunks: Sequence[Chunk]) -> bytes:
        return self._store.read(pieces.organization_id, chunks[0]) if chunks else b""

    def _add(  # the parts of an upload
        self,
        pieces: Pieces,
        kind: UploadKind,
        name: str,
        byte_count: int,
        files: Sequence[NewFile],
        places: Sequence[UploadPlace],
    ) -> Assembled | ChunksMissing:
        new = NewUpload(
            organization_id=pieces.organization_id,
            kind=kind,
            checksum=pieces.checksum,
            name=name,
            byte_count=byte_count,
            created_ns=self._store.clock.now_ns(),
        )
        try:
            added = self._store.uploads.add_upload(
                new, parts=pieces.sha1s, files=files, places=places
            )
        except OwnerMissing:
            # Housekeeping took a chunk at this very moment.
            return ChunksMissing(tuple(dict.fromkeys(pieces.sha1s)))
        return Assembled(added, tuple(files))


def debug_id_inside(kind: FileKind, data: bytes) -> str:
    """Return the debug id that a build tool wrote into a file; empty if there is none."""
    pattern = _MAP_DEBUG_ID if kind is FileKind.SOURCE_MAP else _SCRIPT_DEBUG_ID
    ends = (data[-_DEBUG_ID_WITHIN_BYTES:], data[:_DEBUG_ID_WITHIN_BYTES])
    found = next((match for end in ends if (match := pattern.search(end))), None)
    return read_debug_id(found[1].decode("ascii")) if found else ""


def _kind_of(name: str) -> FileKind:
    if _MAP_ENDING.search(name):
        return FileKind.SOURCE_MAP
    return FileKind.MINIFIED if _SCRIPT_ENDING.search(name) else FileKind.SOURCE
