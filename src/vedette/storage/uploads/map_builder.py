"""Make caches of source maps, each in a process of its own."""

import contextlib
import subprocess
import sys
import threading
from collections.abc import Mapping
from typing import Final

import msgspec

from vedette.storage.uploads import build_process

BUILD_S_MAX: Final = 20.0
REASON_LENGTH_MAX: Final = 500


class MapRefused(Exception):  # noqa: N818 - a state of the map, not a mistake of ours
    """No cache can be made of this map, now or later. The text says why."""


class MapBuilderStopped(Exception):  # noqa: N818 - a state of the server, not a mistake
    """The server ends; another one will make it."""


class MapBuilder:
    """Runs one process at a time, so that their memory does not add up. Any thread may call."""

    def __init__(self) -> None:
        self._one_at_a_time = threading.Lock()
        self._state = threading.Lock()
        self._running: subprocess.Popen[bytes] | None = None
        self._is_stopped = False

    def build(self, script: bytes, source_map: bytes, contents: Mapping[str, bytes]) -> bytes:
        """Return the cache.

        Raises:
            MapRefused: There is none to be had.
            MapBuilderStopped: `stop` was called.
        """
        with self._one_at_a_time:
            process = self._start()
            try:
                request = msgspec.msgpack.encode((script, source_map, dict(contents)))
                cache, complaint = process.communicate(request, timeout=BUILD_S_MAX)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise MapRefused(f"it took more than {BUILD_S_MAX:g} s to read") from None
            finally:
                self._running = None
        if self._is_stopped:
            raise MapBuilderStopped
        if process.returncode == build_process.REFUSED:
            raise MapRefused(complaint.decode("utf-8", "replace")[:REASON_LENGTH_MAX])
        if process.returncode:
            raise MapRefused(f"its reader ended with {process.returncode}")
        return cache

    def stop(self) -> None:
        """End what runs, and make nothing more."""
        with self._state:
            self._is_stopped = True
            if self._running is not None:
                with contextlib.suppress(ProcessLookupError):
                    self._running.kill()

    def _start(self) -> subprocess.Popen[bytes]:
        with self._state:
            if self._is_stopped:
                raise MapBuilderStopped
            # A new program, never a copy of this process: that would break the engine.
            self._running = subprocess.Popen(  # noqa: S603 - our own program
                [sys.executable, "-m", build_process.__name__],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
            )
            return self._running
