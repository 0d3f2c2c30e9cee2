"""A bounded number of threads, a bounded wait."""

import asyncio
import threading

import pytest

from vedette.api.refusal import Refusal
from vedette.api.work_threads import WorkThreads
from vedette.base.errand import current_errand


def test_work_is_done_in_a_thread_and_its_result_comes_back() -> None:
    threads = WorkThreads(name="test", thread_count=1, waiting_max=0, wait_s=10)

    name = asyncio.run(threads.run(lambda: threading.current_thread().name))
    threads.close()

    assert name.startswith("vedette-test")


def test_a_failure_of_the_work_reaches_whoever_asked() -> None:
    threads = WorkThreads(name="test", thread_count=1, waiting_max=0, wait_s=10)

    with pytest.raises(ZeroDivisionError):
        asyncio.run(threads.run(lambda: 1 // 0))
    threads.close()


def test_more_than_may_wait_are_refused_until_there_is_room_again() -> None:
    threads = WorkThreads(name="test", thread_count=1, waiting_max=1, wait_s=10)
    hold = threading.Event()

    async def crowd() -> list[object]:
        async def third() -> object:
            with pytest.raises(Refusal) as caught:
                await threads.run(lambda: "third")
            hold.set()
            return caught.value.status

        results = await asyncio.gather(
            threads.run(hold.wait), threads.run(lambda: "second"), third()
        )
        return [*results, await threads.run(lambda: "later")]

    assert asyncio.run(crowd()) == [True, "second", 503, "later"]
    threads.close()


def test_an_answer_that_takes_too_long_is_given_up_but_keeps_its_thread() -> None:
    threads = WorkThreads(name="test", thread_count=1, waiting_max=0, wait_s=0.01)
    hold, done = threading.Event(), threading.Event()

    def slow() -> None:
        hold.wait()
        done.set()

    async def ask() -> list[int]:
        statuses = []
        for work in (slow, lambda: None):
            with pytest.raises(Refusal) as caught:
                await threads.run(work)
            statuses.append(caught.value.status)
        hold.set()
        await asyncio.to_thread(done.wait)
        return statuses

    assert asyncio.run(ask()) == [504, 503]
    threads.close()


def test_work_is_told_when_whoever_asked_has_left() -> None:
    threads = WorkThreads(name="test", thread_count=1, waiting_max=1, wait_s=30)
    told = threading.Event()
    began: list[str] = []

    def work() -> None:
        errand = current_errand()
        assert errand is not None
        with errand.ended_by(told.set):
            assert told.wait(30)

    async def has_left() -> bool:
        return True

    async def leave() -> list[object]:
        async def has_left_later() -> bool:
            return waiting.done()

        running = asyncio.ensure_future(threads.run(work, has_left=has_left_later))
        # It begins to wait for the thread after the other has got it.
        await asyncio.sleep(0)
        waiting = asyncio.ensure_future(
            threads.run(lambda: began.append("waiting"), has_left=has_left)
        )
        return list(await asyncio.gather(running, waiting, return_exceptions=True))

    results = asyncio.run(leave())
    threads.close()

    assert [each.status for each in results if isinstance(each, Refusal)] == [499, 499]
    assert told.is_set()
    assert began == []
