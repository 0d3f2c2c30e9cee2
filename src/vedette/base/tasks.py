"""Background tasks that are kept and whose failure is heard."""

import asyncio
import logging
from collections.abc import Coroutine

logger = logging.getLogger(__name__)

# asyncio keeps only weak references to tasks: without this set one could vanish in mid-work.
_running: set[asyncio.Task[None]] = set()


def spawn(work: Coroutine[None, None, None], *, name: str) -> asyncio.Task[None]:
    """Start `work` on the running loop, keep it alive, and log it if it fails."""
    task = asyncio.get_running_loop().create_task(work, name=name)
    _running.add(task)
    task.add_done_callback(_report)
    return task


def _report(task: asyncio.Task[None]) -> None:
    _running.discard(task)
    if task.cancelled():
        return
    error = task.exception()
    if error is not None:
        logger.error("background task failed: %s", task.get_name(), exc_info=error)
