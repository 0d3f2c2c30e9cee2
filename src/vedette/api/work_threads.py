"""Threads in which the read door waits for the stores, few and for a bounded time.

A pool of our own instead of the web framework's: there, whoever gives up waiting frees a place
while the statement still runs, so that impatient clients could start any number of them. It also
keeps one set of threads, and the telemetry store has one connection for each.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from vedette.api.refusal import Refusal
from vedette.base.errand import Errand

logger = logging.getLogger(__name__)

Result = TypeVar("Result")

RETRY_AFTER_S: Final = 2
LOOK_EVERY_S: Final = 0.25
"""How soon it is noticed that whoever asked has left."""
TELL_COUNT: Final = 4
"""A statement that was about to begin when it was told hears it the next time."""
CLIENT_LEFT: Final = 499
"""Seen by nobody but our own figures."""


class WorkThreads:
    """A bounded number of threads with a bounded queue before them."""

    def __init__(self, *, name: str, thread_count: int, waiting_max: int, wait_s: float) -> None:
        """Prepare the pool; threads start when they are first needed."""
        self._pool = ThreadPoolExecutor(thread_count, thread_name_prefix=f"vedette-{name}")
        self._wait_s = wait_s
        self._room = thread_count + waiting_max

    async def run(
        self,
        work: Callable[[], Result],
        *,
        has_left: Callable[[], Awaitable[bool]] | None = None,
    ) -> Result:
        """Run `work` in a thread. `has_left` tells whether whoever asked is gone.

        Raises:
            Refusal: Too many are waiting (503), it took too long (504), or nobody waits (499). In
                the last two cases the work is told, and what it waits for is ended.
        """
        if self._room <= 0:
            raise Refusal(
                503,
                "Too many questions are waiting for an answer.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._room -= 1
        errand = Errand()
        work_future = self._pool.submit(errand.run, work)
        future = asyncio.wrap_future(work_future)
        # Room comes back when the work ends, not when its asker leaves.
        future.add_done_callback(self._give_back)
        loop = asyncio.get_running_loop()
        latest = loop.time() + self._wait_s
        while not await _is_done(future, min(LOOK_EVERY_S, latest - loop.time())):
            is_left_alone = has_left is not None and await has_left()
            if not is_left_alone and loop.time() < latest:
                continue
            future.add_done_callback(_hear)
            # What still waits for a thread never begins; what runs is told.
            work_future.cancel()
            await _give_up(errand, future)
            raise _left_alone() if is_left_alone else _too_long(self._wait_s)
        return future.result()

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _give_back(self, _future: "asyncio.Future[Result]") -> None:
        self._room += 1


async def _is_done(future: "asyncio.Future[Result]", within_s: float) -> bool:
    done, _ = await asyncio.wait([future], timeout=max(0.0, within_s))
    return bool(done)


async def _give_up(errand: Errand, future: "asyncio.Future[Result]") -> None:
    """Tell the work, again if it does not hear: it may just have been about to begin."""
    for _ in range(TELL_COUNT):
        await asyncio.to_thread(_tell, errand)
        if await _is_done(future, LOOK_EVERY_S):
            return


def _tell(errand: Errand) -> None:
    try:
        errand.give_up()
    except Exception:  # whatever the stores raise: nobody waits, and the work has its own bound
        logger.warning("work that nobody waits for could not be ended", exc_info=True)


def _left_alone() -> Refusal:
    return Refusal(CLIENT_LEFT, "Nobody waits for the answer any more.")


def _too_long(wait_s: float) -> Refusal:
    return Refusal(504, f"No answer within {wait_s:g} s. Narrow the time or the query.")


def _hear(future: "asyncio.Future[Result]") -> None:
    """Look at the result of work whose asker has left, so that a failure is not reported twice."""
    if not future.cancelled():
        future.exception()
