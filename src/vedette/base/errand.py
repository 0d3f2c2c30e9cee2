"""Something that somebody waits for, and may give up: long work asks, or is told when it is."""

import contextlib
import threading
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from typing import TypeVar

Result = TypeVar("Result")


class Errand:
    """One errand, known to whoever waits and, in the thread that works for it, to the work."""

    def __init__(self) -> None:
        """Begin it."""
        self._lock = threading.Lock()
        self._ends: list[Callable[[], None]] = []
        self._is_given_up = False

    @property
    def is_given_up(self) -> bool:
        """Whether nobody waits any more."""
        return self._is_given_up

    def give_up(self) -> None:
        """End what runs for it. May be called again, if something is slow to hear."""
        with self._lock:
            self._is_given_up = True
            ends = tuple(self._ends)
        for end in ends:
            end()

    def run(self, work: Callable[[], Result]) -> Result:
        """Do work for it in this thread."""
        token = _current.set(self)
        try:
            return work()
        finally:
            _current.reset(token)

    @contextlib.contextmanager
    def ended_by(self, end: Callable[[], None]) -> Iterator[None]:
        """Within the block, `end` is called when the errand is given up, in another thread."""
        with self._lock:
            self._ends.append(end)
        try:
            yield
        finally:
            with self._lock:
                self._ends.remove(end)


_current: ContextVar[Errand | None] = ContextVar("errand", default=None)


def current_errand() -> Errand | None:
    """Return the errand that this thread works for; None: work of our own."""
    return _current.get()
