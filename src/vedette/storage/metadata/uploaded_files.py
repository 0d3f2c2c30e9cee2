"""What build tools upload, in SQL: finding and listing."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, Select, func, select

from vedette.model.upload import (
    Chunk,
    FileKind,
    ListedFile,
    Packing,
    Upload,
    UploadedFile,
    UploadKind,
    UploadPlace,
)
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.tables_uploads import (
    upload_chunks,
    upload_parts,
    upload_places,
    uploaded_files,
    uploads,
)
from vedette.storage.metadata.uploads_port import FILES_FOUND_MAX, LOOKED_UP_MAX

_FILES = uploaded_files.join(uploads, uploads.c.upload_id == uploaded_files.c.upload_id)
_PLACED_FILES = _FILES.join(upload_places, upload_places.c.upload_id == uploads.c.upload_id)


class SqlUploadedFiles:
    """The reading half of the Uploads face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def parts(self, upload_id: int) -> Sequence[Chunk]:
        """Return of which chunks an upload is made, in order."""
        question = (
            select(upload_chunks.c.sha1, upload_chunks.c.byte_count, upload_chunks.c.stored_ns)
            .select_from(
                upload_parts.join(
                    upload_chunks,
                    (upload_parts.c.organization_id == upload_chunks.c.organization_id)
                    & (upload_parts.c.sha1 == upload_chunks.c.sha1),
                )
            )
            .where(upload_parts.c.upload_id == rules.row_id(upload_id))
            .order_by(upload_parts.c.number)
        )
        with self._database.reading() as connection:
            return [Chunk(**row) for row in connection.execute(question).mappings()]

    def projects_with_uploads(self) -> frozenset[int]:
        """Return for which projects there is any upload."""
        with self._database.reading() as connection:
            rows = connection.execute(select(upload_places.c.project_id).distinct())
            return frozenset(rows.scalars())

    def files_by_debug_id(self, project_id: int, debug_id: str) -> Sequence[UploadedFile]:
        """Return the files of this debug id that count for a project, newest upload first."""
        if not debug_id:
            return ()
        is_placed = (
            select(upload_places.c.upload_id)
            .where(upload_places.c.project_id == rules.row_id(project_id))
            .where(upload_places.c.upload_id == uploads.c.upload_id)
            .exists()
        )
        question = (
            select(uploaded_files, uploads.c.organization_id)
            .select_from(_FILES)
            .where(uploaded_files.c.debug_id == debug_id, is_placed)
            .order_by(uploads.c.upload_id.desc(), uploaded_files.c.file_id)
            .limit(FILES_FOUND_MAX)
        )
        return self._files(question)

    def files_by_url(
        self, project_id: int, release: str, dist: str, urls: Sequence[str]
    ) -> Sequence[UploadedFile]:
        """Return the files of a release under any of these URLs, newest upload first."""
        question = (
            select(uploaded_files, uploads.c.organization_id)
            .select_from(_PLACED_FILES)
            .where(
                upload_places.c.project_id == rules.row_id(project_id),
                upload_places.c.release == release,
                upload_places.c.dist == dist,
                uploaded_files.c.url.in_(urls[:LOOKED_UP_MAX]),
            )
            .order_by(uploads.c.upload_id.desc(), uploaded_files.c.file_id)
            .limit(FILES_FOUND_MAX)
        )
        return self._files(question)

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
        """Return the files of a release that were uploaded one by one, in order of their names."""
        wanted = _of_release(project_ids, release)
        if name_part:
            wanted = wanted.where(uploaded_files.c.url.contains(name_part, autoescape=True))
        if checksums:
            wanted = wanted.where(uploads.c.checksum.in_(checksums[:LOOKED_UP_MAX]))
        question = (
            wanted.order_by(uploaded_files.c.url, uploaded_files.c.file_id)
            .offset(first)
            .limit(limit)
        )
        return self._listed(question)

    def release_file(
        self, project_ids: Sequence[int], release: str, file_id: int
    ) -> ListedFile | None:
        """Return one of them; None if there is none in these projects and this release."""
        question = _of_release(project_ids, release).where(
            uploaded_files.c.file_id == rules.row_id(file_id)
        )
        return next(iter(self._listed(question)), None)

    def placed_files(
        self, project_id: int, kind: UploadKind, *, first: int, limit: int
    ) -> Sequence[ListedFile]:
        """Return the files of all uploads of a kind in a project, newest upload first."""
        question = (
            _listing()
            .where(
                upload_places.c.project_id == rules.row_id(project_id),
                uploads.c.kind == kind.value,
            )
            .order_by(uploaded_files.c.upload_id.desc(), uploaded_files.c.file_id)
            .offset(first)
            .limit(limit)
        )
        return self._listed(question)

    def placed_uploads(
        self, project_id: int, kind: UploadKind, *, first: int, limit: int
    ) -> Sequence[tuple[Upload, UploadPlace, int]]:
        """Return uploads, newest first, each with its place and how many files it has."""
        file_count = (
            select(func.count())
            .select_from(uploaded_files)
            .where(uploaded_files.c.upload_id == uploads.c.upload_id)
            .scalar_subquery()
        )
        question = (
            select(
                uploads,
                upload_places.c.project_id,
                upload_places.c.release,
                upload_places.c.dist,
                file_count,
            )
            .select_from(
                uploads.join(upload_places, upload_places.c.upload_id == uploads.c.upload_id)
            )
            .where(
                upload_places.c.project_id == rules.row_id(project_id),
                uploads.c.kind == kind.value,
            )
            .order_by(uploads.c.upload_id.desc(), upload_places.c.release, upload_places.c.dist)
            .offset(first)
            .limit(limit)
        )
        with self._database.reading() as connection:
            return [_placed_upload(tuple(row)) for row in connection.execute(question)]

    def _files(self, question: Select[tuple[object, ...]]) -> list[UploadedFile]:
        with self._database.reading() as connection:
            return [_file(row) for row in connection.execute(question).mappings()]

    def _listed(self, question: Select[tuple[object, ...]]) -> list[ListedFile]:
        with self._database.reading() as connection:
            return [
                ListedFile(
                    file=_file(row),
                    checksum=row["checksum"],
                    upload_name=row["upload_name"],
                    release=row["release"],
                    dist=row["dist"],
                    created_ns=row["created_ns"],
                )
                for row in connection.execute(question).mappings()
            ]


def _listing() -> Select[tuple[object, ...]]:
    return select(
        uploaded_files,
        uploads.c.organization_id,
        uploads.c.checksum,
        uploads.c.name.label("upload_name"),
        uploads.c.created_ns,
        upload_places.c.release,
        upload_places.c.dist,
    ).select_from(_PLACED_FILES)


def _of_release(project_ids: Sequence[int], release: str) -> Select[tuple[object, ...]]:
    # A file of several projects is one file: it is shown once.
    every_place = upload_places.alias()
    first_project = (
        select(func.min(every_place.c.project_id))
        .where(
            every_place.c.upload_id == uploads.c.upload_id,
            every_place.c.project_id.in_([rules.row_id(each) for each in project_ids]),
            every_place.c.release == release,
        )
        .scalar_subquery()
    )
    return _listing().where(
        upload_places.c.project_id == first_project,
        upload_places.c.release == release,
        uploads.c.kind == UploadKind.RELEASE_FILE.value,
    )


def _file(row: RowMapping) -> UploadedFile:
    return UploadedFile(
        kind=FileKind(row["kind"]),
        url=row["url"],
        debug_id=row["debug_id"],
        source_map=row["source_map"],
        start=row["start"],
        packed_bytes=row["packed_bytes"],
        byte_count=row["byte_count"],
        packing=Packing(row["packing"]),
        file_id=row["file_id"],
        upload_id=row["upload_id"],
        organization_id=row["organization_id"],
    )


def _placed_upload(row: tuple[object, ...]) -> tuple[Upload, UploadPlace, int]:
    (upload_id, organization_id, kind, checksum, name, byte_count, created_ns) = row[:7]
    (project_id, release, dist, file_count) = row[7:]
    upload = Upload(
        upload_id=int(str(upload_id)),
        organization_id=int(str(organization_id)),
        kind=UploadKind(str(kind)),
        checksum=str(checksum),
        name=str(name),
        byte_count=int(str(byte_count)),
        created_ns=int(str(created_ns)),
    )
    place = UploadPlace(int(str(project_id)), str(release), str(dist))
    return upload, place, int(str(file_count))
