"""Chunks as one file that can be read from anywhere."""

import io
from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import accumulate

from typing_extensions import Buffer, override

from vedette.model.upload import Chunk


class ChunkedFile(io.RawIOBase):
    """Reads through one chunk at a time; the last one read stays in memory."""

    def __init__(self, chunks: Sequence[Chunk], read: Callable[[Chunk], bytes]) -> None:
        super().__init__()
        self._chunks = chunks
        self._read = read
        self._starts = [0, *accumulate(chunk.byte_count for chunk in chunks)]
        self._position = 0
        self._open_number = -1
        self._open = b""

    @property
    def byte_count(self) -> int:
        """How long the file is."""
        return self._starts[-1]

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def tell(self) -> int:
        return self._position

    @override
    def seek(self, offset: int, whence: int = io.SEEK_SET, /) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self.byte_count}[whence]
        if base + offset < 0:
            raise ValueError("there is nothing before the beginning")
        self._position = base + offset
        return self._position

    @override
    def readinto(self, buffer: Buffer, /) -> int:
        if self._position >= self.byte_count:
            return 0
        number = bisect_right(self._starts, self._position) - 1
        if number != self._open_number:
            self._open = self._read(self._chunks[number])
            self._open_number = number
        inside = self._position - self._starts[number]
        target = memoryview(buffer)
        piece = self._open[inside : inside + len(target)]
        target[: len(piece)] = piece
        self._position += len(piece)
        return len(piece)
