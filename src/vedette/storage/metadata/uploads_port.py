"""The face of the metadata for what build tools upload."""

from collections.abc import Sequence
from typing import Final, Protocol

from vedette.model.upload import (
    Chunk,
    ListedFile,
    NewFile,
    NewUpload,
    Upload,
    UploadedFile,
    UploadKind,
    UploadPlace,
)

FILES_FOUND_MAX: Final = 50
"""So many files of one debug id or URL are looked at, newest first: the same build sent again."""

LOOKED_UP_MAX: Final = 500
"""So many chunks or URLs are asked for in one statement."""

UPLOAD_TEXT_LENGTH_MAX: Final = 1_000
"""Longer names and URLs are refused before they come here."""


class Uploads(Protocol):
    """Chunks belong to an organization, files count where their upload was placed."""

    def chunks(self, organization_id: int, sha1s: Sequence[str]) -> dict[str, Chunk]:
        """Return those of the chunks that are kept, by their SHA-1."""
        ...

    def add_chunk(self, organization_id: int, chunk: Chunk) -> Chunk:
        """Remember that a chunk is stored; return the one that counts: the first of its content.

        Raises:
            OwnerMissing: There is no such organization.
        """
        ...

    def take_unneeded_chunks(self, *, before_ns: int, limit: int) -> Sequence[tuple[int, Chunk]]:
        """Forget chunks that no upload needs and that were stored before; return what they were."""
        ...

    def upload(
        self, organization_id: int, kind: UploadKind, checksum: str, name: str = ""
    ) -> Upload | None:
        """Return an upload by what is in it; None if there is none."""
        ...

    def add_upload(
        self,
        new: NewUpload,
        *,
        parts: Sequence[str],
        files: Sequence[NewFile],
        places: Sequence[UploadPlace],
    ) -> Upload:
        """Add an upload; one of the same content is placed there too. Raises the projects' version.

        Raises:
            OwnerMissing: The organization, a project or a chunk is not there.
        """
        ...

    def place_upload(self, upload_id: int, places: Sequence[UploadPlace]) -> None:
        """Let an upload count there too. Raises the projects' version.

        Raises:
            OwnerMissing: The upload or a project is not there.
        """
        ...

    def take_upload(self, upload_id: int, places: Sequence[UploadPlace]) -> bool:
        """Let it no longer count there; true when it counted nowhere else and is gone now."""
        ...

    def parts(self, upload_id: int) -> Sequence[Chunk]:
        """Return of which chunks an upload is made, in order."""
        ...

    def projects_with_uploads(self) -> frozenset[int]:
        """Return for which projects there is any upload."""
        ...

    def files_by_debug_id(self, project_id: int, debug_id: str) -> Sequence[UploadedFile]:
        """Return the files of this debug id that count for a project, newest upload first."""
        ...

    def files_by_url(
        self, project_id: int, release: str, dist: str, urls: Sequence[str]
    ) -> Sequence[UploadedFile]:
        """Return the files of a release under any of these URLs, newest upload first."""
        ...

    def release_files(
        self,
        project_ids: Sequence[int],
        release: str,
        *,
        first: int,
        limit: int,
        name_part: str = "",
        checksums: Sequence[str] = (),
    ) -> Sequence[ListedFile]:
        """Return the files of a release that were uploaded one by one, in order of their names.

        Args:
            project_ids: In which projects.
            release: Of which release.
            first: How many are left out before the first one.
            limit: How many are returned at most.
            name_part: Only those with this in their name.
            checksums: Only those with one of these SHA-1s, unless it is empty.
        """
        ...

    def release_file(
        self, project_ids: Sequence[int], release: str, file_id: int
    ) -> ListedFile | None:
        """Return one of them; None if there is none in these projects and this release."""
        ...

    def placed_files(
        self, project_id: int, kind: UploadKind, *, first: int, limit: int
    ) -> Sequence[ListedFile]:
        """Return the files of all uploads of a kind in a project, newest upload first."""
        ...

    def placed_uploads(
        self, project_id: int, kind: UploadKind, *, first: int, limit: int
    ) -> Sequence[tuple[Upload, UploadPlace, int]]:
        """Return uploads, newest first, each with its place and how many files it has."""
        ...
