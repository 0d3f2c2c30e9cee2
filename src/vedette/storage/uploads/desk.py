"""Everything that has to do with uploads, put together once for all who need it."""

from collections.abc import Sequence
from typing import Protocol

from vedette.base.clock import Clock
from vedette.model.upload import UploadPlace
from vedette.storage.blobs.port import Blobs
from vedette.storage.metadata.uploads_port import Uploads
from vedette.storage.uploads.assemble import Assembler
from vedette.storage.uploads.chunk_store import ChunkStore
from vedette.storage.uploads.file_reader import FileReader
from vedette.storage.uploads.map_builder import MapBuilder
from vedette.storage.uploads.source_maps import SourceMaps


class UploadBook(Uploads, Protocol):
    """What the metadata remembers of uploads, and that something changed."""

    def version(self) -> int:
        """Return a number that grows with every upload, in whatever process."""
        ...


class UploadDesk:
    """Chunks come in, uploads are made of them, files and source maps are read out of those."""

    def __init__(self, blobs: Blobs, book: UploadBook, clock: Clock) -> None:
        self.book: Uploads = book
        self.chunks = ChunkStore(blobs, book, clock)
        self.assembler = Assembler(self.chunks)
        self.files = FileReader(self.chunks)
        self._builder = MapBuilder()
        self.source_maps = SourceMaps(self.chunks, self._builder, book.version, clock)

    def forget(self, upload_id: int, places: Sequence[UploadPlace]) -> None:
        """Let an upload no longer count there; when it counts nowhere, what was made of it goes."""
        if self.book.take_upload(upload_id, places):
            self.source_maps.forget_upload(upload_id)

    def stop(self) -> None:
        """End what is being read of maps: it waits for the next start."""
        self._builder.stop()
