"""What a process uses: CPU seconds and resident memory, from /proc."""

import os
import threading
import time
from pathlib import Path
from typing import Final, Self

TICKS_PER_S: Final = os.sysconf("SC_CLK_TCK")
SAMPLE_EVERY_S: Final = 0.25
IDLE_FOR_S: Final = 3.0
IDLE_SHARE_MAX: Final = 0.05
"""Less than this part of one core, over three seconds, is called idle."""


def cpu_s(pid: int) -> float:
    """Return the CPU seconds that a process has used, all threads, user and system."""
    words = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS_PER_S


def machine_busy_s() -> float:
    """Return the CPU seconds that everything on this machine has used."""
    user, nice, system, _idle, _wait, irq, soft, *_ = (
        int(word) for word in Path("/proc/stat").read_text("ascii").split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + soft) / TICKS_PER_S


def resident_mb(pid: int) -> tuple[float, float]:
    """Return resident memory and its anonymous part (without mapped files), in MB."""
    fields = dict(
        line.split(":", 1)
        for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
        if ":" in line
    )
    whole, anonymous = (int(fields[key].split()[0]) for key in ("VmRSS", "RssAnon"))
    return whole * 1024 / 1e6, anonymous * 1024 / 1e6


def wait_until_idle(pid: int, *, wait_s_max: float) -> float:
    """Wait until a process has nothing more to do; return the CPU seconds it has used by then.

    The seconds that it idles while being watched are not counted as its work's.
    """
    deadline = time.monotonic() + wait_s_max
    while True:
        before = cpu_s(pid)
        time.sleep(IDLE_FOR_S)
        used = cpu_s(pid) - before
        if used < IDLE_SHARE_MAX * IDLE_FOR_S or time.monotonic() > deadline:
            return before


class MemoryWatch:
    """Samples memory while it is open."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)
        self.samples: list[tuple[float, float]] = []

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    @property
    def peak_mb(self) -> float:
        """The most that was resident."""
        return max(whole for whole, _ in self.samples)

    @property
    def peak_anonymous_mb(self) -> float:
        """The most of it that was not mapped files."""
        return max(anonymous for _, anonymous in self.samples)

    def _watch(self) -> None:
        while True:
            self.samples.append(resident_mb(self._pid))
            if self._done.wait(SAMPLE_EVERY_S):
                return
