"""Read one file out of its upload."""

import io
import zlib
from dataclasses import dataclass

from vedette.model.upload import Packing, UploadedFile
from vedette.storage.uploads.chunk_store import ChunkStore
from vedette.storage.uploads.chunked_file import ChunkedFile
from vedette.storage.uploads.limits import FILE_BYTES_MAX


class FileUnreadable(Exception):  # noqa: N818 - a state of the bytes, not a mistake of ours
    """The bytes are not what the upload said. The text is for whoever sent them."""


@dataclass(frozen=True, slots=True)
class FileReader:
    """Reads from the chunks that hold the file, and from no others."""

    store: ChunkStore

    def read(self, file: UploadedFile, byte_count_max: int = FILE_BYTES_MAX) -> bytes:
        """Return the whole file.

        Raises:
            FileUnreadable: It is larger than that, or than it said, or it cannot be unpacked.
            BlobError: A chunk is gone, or the blob store does not answer.
        """
        if max(file.byte_count, file.packed_bytes) > byte_count_max:
            raise FileUnreadable(f"the file is larger than {byte_count_max} bytes")
        chunks = self.store.uploads.parts(file.upload_id)
        whole = io.BufferedReader(
            ChunkedFile(chunks, lambda chunk: self.store.read(file.organization_id, chunk))
        )
        whole.seek(file.start)
        packed = whole.read(file.packed_bytes)
        if len(packed) != file.packed_bytes:
            raise FileUnreadable("the upload ends before the file does")
        return packed if file.packing is Packing.PLAIN else _unpacked(packed, file.byte_count)


def _unpacked(packed: bytes, byte_count: int) -> bytes:
    """Unpack no more than was said: the size was checked when the file came."""
    unpacker = zlib.decompressobj(wbits=-zlib.MAX_WBITS)
    try:
        data = unpacker.decompress(packed, byte_count + 1)
    except zlib.error as error:
        raise FileUnreadable(f"the file cannot be unpacked: {error}") from error
    if len(data) != byte_count:
        raise FileUnreadable("the file has another size than the upload said")
    return data
