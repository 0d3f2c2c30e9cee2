"""What build tools upload, in SQL: writing."""

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, RowMapping, delete, exists, func, insert, select

from vedette.model.upload import Chunk, NewFile, NewUpload, Upload, UploadKind, UploadPlace
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import AlreadyThere, OwnerMissing
from vedette.storage.metadata.projects import count_change
from vedette.storage.metadata.tables_uploads import (
    upload_chunks,
    upload_parts,
    upload_places,
    uploaded_files,
    uploads,
)
from vedette.storage.metadata.uploads_port import LOOKED_UP_MAX


class SqlUploads:
    """The writing half of the Uploads face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def chunks(self, organization_id: int, sha1s: Sequence[str]) -> dict[str, Chunk]:
        """Return those of the chunks that are kept, by their SHA-1."""
        found: dict[str, Chunk] = {}
        with self._database.reading() as connection:
            for first in range(0, len(sha1s), LOOKED_UP_MAX):
                question = select(
                    upload_chunks.c.sha1, upload_chunks.c.byte_count, upload_chunks.c.stored_ns
                ).where(
                    upload_chunks.c.organization_id == rules.row_id(organization_id),
                    upload_chunks.c.sha1.in_(sha1s[first : first + LOOKED_UP_MAX]),
                )
                for row in connection.execute(question).mappings():
                    found[row["sha1"]] = Chunk(**row)
        return found

    def add_chunk(self, organization_id: int, chunk: Chunk) -> Chunk:
        """Remember that a chunk is stored; return the one that counts: the first of its content."""
        row = {"organization_id": rules.row_id(organization_id), **asdict(chunk)}
        try:
            with self._database.writing(
                taken=f"there is a chunk {chunk.sha1}", owner=f"no organization {organization_id}"
            ) as connection:
                connection.execute(insert(upload_chunks).values(row))
        except AlreadyThere:
            return self.chunks(organization_id, [chunk.sha1]).get(chunk.sha1, chunk)
        return chunk

    def take_unneeded_chunks(self, *, before_ns: int, limit: int) -> Sequence[tuple[int, Chunk]]:
        """Forget chunks that no upload needs and that were stored before; return what they were."""
        is_needed = exists().where(
            upload_parts.c.organization_id == upload_chunks.c.organization_id,
            upload_parts.c.sha1 == upload_chunks.c.sha1,
        )
        question = (
            select(upload_chunks)
            .where(upload_chunks.c.stored_ns < before_ns, ~is_needed)
            .limit(limit)
            .with_for_update()
        )
        taken: list[tuple[int, Chunk]] = []
        with self._database.writing() as connection:
            for row in connection.execute(question).mappings().all():
                facts = dict(row)
                owner = facts.pop("organization_id")
                connection.execute(
                    delete(upload_chunks).where(
                        upload_chunks.c.organization_id == owner,
                        upload_chunks.c.sha1 == row["sha1"],
                    )
                )
                taken.append((owner, Chunk(**facts)))
        return taken

    def upload(
        self, organization_id: int, kind: UploadKind, checksum: str, name: str = ""
    ) -> Upload | None:
        """Return an upload by what is in it; None if there is none."""
        with self._database.reading() as connection:
            return _find(connection, rules.row_id(organization_id), kind, checksum, name)

    def add_upload(
        self,
        new: NewUpload,
        *,
        parts: Sequence[str],
        files: Sequence[NewFile],
        places: Sequence[UploadPlace],
    ) -> Upload:
        """Add an upload; one of the same content is placed there too."""
        row = {
            **asdict(new),
            "kind": new.kind.value,
            "name": rules.keepable(new.name),
            "organization_id": rules.row_id(new.organization_id),
        }
        owner = f"the organization, a project or a chunk of {new.checksum} is not there"
        with self._database.writing(owner=owner) as connection:
            known = _find(connection, row["organization_id"], new.kind, new.checksum, row["name"])
            if known is None:
                added = connection.execute(insert(uploads).values(row).returning(uploads))
                known = _upload(added.mappings().one())
                _add_parts(connection, known, parts)
                _add_files(connection, known, files)
            _add_places(connection, known.upload_id, places)
            count_change(connection)
            return known

    def place_upload(self, upload_id: int, places: Sequence[UploadPlace]) -> None:
        """Let an upload count there too."""
        with self._database.writing(owner=f"no upload {upload_id} or project") as connection:
            _add_places(connection, rules.row_id(upload_id), places)
            count_change(connection)

    def take_upload(self, upload_id: int, places: Sequence[UploadPlace]) -> bool:
        """Let it no longer count there; true when it counted nowhere else and is gone now."""
        own = rules.row_id(upload_id)
        with self._database.writing() as connection:
            for place in places:
                connection.execute(
                    delete(upload_places).where(
                        upload_places.c.upload_id == own,
                        upload_places.c.project_id == rules.row_id(place.project_id),
                        upload_places.c.release == place.release,
                        upload_places.c.dist == place.dist,
                    )
                )
            left = connection.execute(
                select(func.count())
                .select_from(upload_places)
                .where(upload_places.c.upload_id == own)
            ).scalar_one()
            if not left:
                connection.execute(delete(uploads).where(uploads.c.upload_id == own))
            count_change(connection)
            return not left


def _find(
    connection: Connection, organization_id: int, kind: UploadKind, checksum: str, name: str
) -> Upload | None:
    question = select(uploads).where(
        uploads.c.organization_id == organization_id,
        uploads.c.kind == kind.value,
        uploads.c.checksum == checksum,
        uploads.c.name == name,
    )
    row = connection.execute(question).mappings().one_or_none()
    return None if row is None else _upload(row)


def _upload(row: RowMapping) -> Upload:
    return Upload(**{**row, "kind": UploadKind(row["kind"])})


def _add_parts(connection: Connection, upload: Upload, sha1s: Sequence[str]) -> None:
    rows = [
        {
            "upload_id": upload.upload_id,
            "number": number,
            "organization_id": upload.organization_id,
            "sha1": sha1,
        }
        for number, sha1 in enumerate(sha1s)
    ]
    if rows:
        connection.execute(insert(upload_parts), rows)


def _add_files(connection: Connection, upload: Upload, files: Sequence[NewFile]) -> None:
    rows = [
        {
            **asdict(file),
            "upload_id": upload.upload_id,
            "kind": file.kind.value,
            "packing": file.packing.value,
            "url": rules.keepable(file.url),
            "source_map": rules.keepable(file.source_map),
        }
        for file in files
    ]
    if rows:
        connection.execute(insert(uploaded_files), rows)


def _add_places(connection: Connection, upload_id: int, places: Sequence[UploadPlace]) -> None:
    question = select(
        upload_places.c.project_id, upload_places.c.release, upload_places.c.dist
    ).where(upload_places.c.upload_id == upload_id)
    known = {tuple(row) for row in connection.execute(question)}
    # The lock on the upload keeps two who place it at once from adding the same row.
    lock = select(uploads.c.upload_id).where(uploads.c.upload_id == upload_id).with_for_update()
    if connection.execute(lock).one_or_none() is None:
        raise OwnerMissing(f"no upload {upload_id}")
    for place in dict.fromkeys(places):
        row = {
            "project_id": rules.row_id(place.project_id),
            "release": rules.keepable(place.release),
            "dist": rules.keepable(place.dist),
        }
        if tuple(row.values()) not in known:
            connection.execute(insert(upload_places).values(upload_id=upload_id, **row))
