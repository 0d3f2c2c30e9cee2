"""Ask what may hang, such as a disk, on a thread of its own, and wait a bounded time."""

import threading
from collections.abc import Callable
from typing import Final, Generic, TypeVar

T = TypeVar("T")


class BoundedCheck(Generic[T]):
    """One question that is asked again and again, by several at once, and never twice at a time.

    The thread is one for good: a store may keep a connection for each thread. It ends with the
    process, whatever it hangs on.
    """

    def __init__(self, name: str, ask: Callable[[], T]) -> None:
        self._ask: Final = ask
        self._changed = threading.Condition()
        self._is_asking = False
        self._has_thread = False
        self._answer: T | None = None
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=f"check-{name}", daemon=True)

    def begin(self) -> None:
        """Ask, unless it is being asked."""
        with self._changed:
            if not self._has_thread:
                self._has_thread = True
                self._thread.start()
            self._is_asking = True
            self._changed.notify_all()

    def answer(self, *, wait_s: float) -> T | None:
        """Return what was answered since `begin`; None when that takes longer than `wait_s`."""
        with self._changed:
            if not self._changed.wait_for(lambda: not self._is_asking, timeout=wait_s):
                return None
            if self._failure is not None:
                raise self._failure
            return self._answer

    def _run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_asking)
            answer, failure = None, None
            try:
                answer = self._ask()
            except Exception as error:  # noqa: BLE001 - the thread's outer edge: who asked hears it
                failure = error
            with self._changed:
                self._answer, self._failure, self._is_asking = answer, failure, False
                self._changed.notify_all()
