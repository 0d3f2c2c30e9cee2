"""Read a request's body within its bounds, and unpack it within its bounds."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.http_answer import Receive

INLINE_BYTES_MAX: Final = 64 * 1024
"""Smaller bodies are worked on right away, larger ones on a thread: nobody waits for them."""

HEAVY_AT_ONCE: Final = 2
"""So many large bodies are unpacked at one time: with each one's cap, a bound on memory."""

ENCODINGS: Final = {
    "": "",
    "identity": "",
    # A historical value that some SDKs sent for a character set.
    "utf-8": "",
    "gzip": "gzip",
    "x-gzip": "gzip",
    "deflate": "deflate",
    "br": "br",
    "zstd": "zstd",
}
T = TypeVar("T")


class BodyTooLarge(Exception):  # noqa: N818 - a state of the request, not a mistake of ours
    """The body passes its cap on the wire."""


class DoorIsFull(Exception):  # noqa: N818 - a state of the door, not a mistake of ours
    """Too many bodies are in memory at this moment."""


class ClientWentAway(Exception):  # noqa: N818 - a state of the request, not a mistake of ours
    """The connection ended before the body did."""


@dataclass(slots=True)
class HeldBody:
    """A body and what it took from the budget; whoever has it gives that back."""

    data: bytes
    byte_count: int


async def read_body(
    receive: Receive, headers: Mapping[str, str], budget: ByteBudget, byte_count_max: int
) -> HeldBody:
    """Read the whole body, chunked or not.

    Raises:
        BodyTooLarge: It passes `byte_count_max`; what follows is not read.
        DoorIsFull: The budget is spent.
        ClientWentAway: The sender is gone.
    """
    declared = headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > byte_count_max:
        raise BodyTooLarge
    held = HeldBody(b"", 0)
    try:
        await _collect(receive, held, budget, byte_count_max)
    except BaseException:
        budget.give_back(held.byte_count)
        raise
    return held


async def _collect(
    receive: Receive, held: HeldBody, budget: ByteBudget, byte_count_max: int
) -> None:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] != "http.request":
            raise ClientWentAway
        chunk = message.get("body", b"")
        assert isinstance(chunk, bytes)
        if held.byte_count + len(chunk) > byte_count_max:
            raise BodyTooLarge
        if not budget.try_take(len(chunk)):
            raise DoorIsFull
        held.byte_count += len(chunk)
        chunks.append(chunk)
        if not message.get("more_body", False):
            break
    held.data = chunks[0] if len(chunks) == 1 else b"".join(chunks)


class HeavyWork:
    """Runs work on large bodies on threads, a few at one time, and on small ones right away."""

    def __init__(self) -> None:
        self._slots = asyncio.Semaphore(HEAVY_AT_ONCE)

    async def run(self, work: Callable[[], T], *, is_light: bool) -> T:
        """Return what `work` returns; raises what it raises."""
        if is_light:
            return work()
        async with self._slots:
            return await asyncio.to_thread(work)
