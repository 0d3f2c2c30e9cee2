"""Faults on demand: each function fails in a way of its own, so that each makes its own issue."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Mapping
from types import MappingProxyType
from typing import Final

import sentry_sdk

HOG_BYTES: Final = 200 * 1024 * 1024
RETELL_SECONDS_MAX: Final = 5.0

background_tasks: set[asyncio.Task[None]] = set()
"""Keeps tasks alive until they end, as asyncio asks of everybody."""


class BonusRoundError(Exception):
    """A bonus round could not be prepared."""


class MemoryHogError(Exception):
    """More memory was taken than a round may use."""


async def crash() -> None:
    """Raise with breadcrumbs, as a real crash has them."""
    sentry_sdk.add_breadcrumb(category="game", message="player entered the bonus game")
    sentry_sdk.add_breadcrumb(category="game", message="bonus reels loaded", data={"reels": 3})
    raise RuntimeError("the bonus game lost its reels")


async def division_error() -> None:
    """Divide by a paytable without lines."""
    lines: list[int] = []
    average = sum(lines) / len(lines)
    sentry_sdk.set_tag("average", average)


async def async_task_error() -> None:
    """Start a task that raises while nobody awaits it."""

    async def prepare_jackpot() -> None:
        raise BonusRoundError("the jackpot could not be prepared")

    task = asyncio.create_task(prepare_jackpot())
    background_tasks.add(task)
    task.add_done_callback(_forget)
    await asyncio.wait({task}, timeout=RETELL_SECONDS_MAX)


def _forget(task: asyncio.Task[None]) -> None:
    background_tasks.discard(task)
    # The SDK has reported it; unseen, it would be logged and reported once more.
    task.exception()


async def thread_error() -> None:
    """Let a worker thread raise."""

    def write_audit() -> None:
        raise OSError("the audit file is not writable")

    thread = threading.Thread(target=write_audit, name="audit")
    thread.start()
    await asyncio.to_thread(thread.join, RETELL_SECONDS_MAX)


async def deep_recursion() -> None:
    """Call a bonus round from within itself until the stack ends."""

    def play_bonus(depth: int) -> int:
        return play_bonus(depth + 1) + 1

    play_bonus(0)


async def memory_hog() -> None:
    """Take memory, report it, give it back."""
    # Not in a variable of this function: the SDK would print 200 MB as part of the report.
    sentry_sdk.set_context("hog", {"bytes": len(bytearray(HOG_BYTES))})
    raise MemoryHogError("a round took 200 MB of memory")


FAULTS: Final[Mapping[str, Callable[[], Awaitable[None]]]] = MappingProxyType(
    {
        "crash": crash,
        "division-error": division_error,
        "async-task-error": async_task_error,
        "thread-error": thread_error,
        "deep-recursion": deep_recursion,
        "memory-hog": memory_hog,
    }
)
