"""One running service per test session, whichever of pytest's workers asks first."""

import fcntl
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

READY_S_MAX: Final = 60
STOPPED_S_MAX: Final = 30
POLL_S: Final = 0.02

# What this worker started itself: its end is heard of only by whoever started it.
_started: Final[dict[int, subprocess.Popen[bytes]]] = {}


class ServiceMissing(Exception):  # noqa: N818 - a state, not a mistake
    """The service cannot be had on this machine; the text is the reason for skipping."""


@dataclass(frozen=True, slots=True)
class Running:
    """A service that answers."""

    address: str
    pid: int
    folder: str
    """Its data; goes when it stops."""


@contextmanager
def shared(
    name: str, session_folder: Path, start: Callable[[], Running], *, stop_signal: signal.Signals
) -> Iterator[Running]:
    """Give the session's service, started by the first worker and stopped by the last."""
    state = session_folder / f"{name}.json"
    with _locked(session_folder / f"{name}.lock"):
        running = _join(state, start)
    try:
        yield running
    finally:
        with _locked(session_folder / f"{name}.lock"):
            _leave(state, running, stop_signal)


def launch(command: list[str], *, log: Path, account: str | None = None) -> subprocess.Popen[bytes]:
    """Start a process that outlives this worker if another still needs it."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            user=account,
            group=account,
            extra_groups=None if account is None else [],
            cwd="/",
            start_new_session=True,
        )
    _started[process.pid] = process
    return process


def wait_until_ready(process: subprocess.Popen[bytes], answers: Callable[[], bool]) -> bool:
    """Return true once it answers, false if it ends before.

    Raises:
        TimeoutError: Neither happened in time.
    """
    deadline = time.monotonic() + READY_S_MAX
    while time.monotonic() < deadline:
        if process.poll() is not None:
            return False
        if answers():
            return True
        time.sleep(POLL_S)
    raise TimeoutError(f"{process.args!r} does not answer after {READY_S_MAX} s")


def _join(state: Path, start: Callable[[], Running]) -> Running:
    known = json.loads(state.read_text()) if state.exists() else {"users": []}
    if "missing" in known:
        raise ServiceMissing(known["missing"])
    if known["users"]:
        running = Running(**known["running"])
    else:
        try:
            running = start()
        except ServiceMissing as missing:
            state.write_text(json.dumps({"missing": str(missing)}))
            raise
    users = [*known["users"], os.getpid()]
    state.write_text(json.dumps({"running": asdict(running), "users": users}))
    return running


def _leave(state: Path, running: Running, stop_signal: signal.Signals) -> None:
    known = json.loads(state.read_text())
    # A worker that crashed never leaves by itself.
    known["users"] = [pid for pid in known["users"] if pid != os.getpid() and _is_alive(pid)]
    state.write_text(json.dumps(known))
    if known["users"]:
        return
    os.kill(running.pid, stop_signal)
    deadline = time.monotonic() + STOPPED_S_MAX
    while _is_alive(running.pid) and time.monotonic() < deadline:
        time.sleep(POLL_S)
    shutil.rmtree(running.folder)


def _is_alive(pid: int) -> bool:
    if pid in _started:
        return _started[pid].poll() is None
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
