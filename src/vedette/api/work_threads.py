"""Threads in which the read door waits for the stores, few and for a bounded time.

A pool of our own instead of the web framework's: there, whoever gives up waiting frees a place
while the statement still runs, so that impatient clients could start any number of them. It also
keeps one set of threads, and the telemetry store has one connection for each.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from vedette.api.refusal import Refusal

Result = TypeVar("Result")

RETRY_AFTER_S: Final = 2


class WorkThreads:
    """A bounded number of threads with a bounded queue before them."""

    def __init__(self, *, name: str, thread_count: int, waiting_max: int, wait_s: float) -> None:
        """Prepare the pool; threads start when they are first needed."""
        self._pool = ThreadPoolExecutor(thread_count, thread_name_prefix=f"vedette-{name}")
        self._wait_s = wait_s
        self._room = thread_count + waiting_max

    async def run(self, work: Callable[[], Result]) -> Result:
        """Run `work` in a thread.

        Raises:
            Refusal: Too many are waiting (503), or it took too long (504).
        """
        if self._room <= 0:
            raise Refusal(
                503,
                "Too many questions are waiting for an answer.",
                headers={"Retry-After": str(RETRY_AFTER_S)},
            )
        self._room -= 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, work)
        # Room comes back when the work ends, not when its asker leaves.
        future.add_done_callback(self._give_back)
        done, _ = await asyncio.wait([future], timeout=self._wait_s)
        if not done:
            future.add_done_callback(_hear)
            raise Refusal(
                504,
                f"No answer within {self._wait_s:g} s. Narrow the time or the query.",
            )
        return future.result()

    def close(self) -> None:
        """Take no more work; what runs is not waited for."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _give_back(self, _future: "asyncio.Future[Result]") -> None:
        self._room += 1


def _hear(future: "asyncio.Future[Result]") -> None:
    """Look at the result of work whose asker has left, so that a failure is not reported twice."""
    if not future.cancelled():
        future.exception()
