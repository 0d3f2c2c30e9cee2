"""A real S3 service of the session's own: versitygw, built once from pinned source.

`python -m tests.services.s3` builds it ahead of the tests.
"""

import fcntl
import hashlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Final

from tests.services.shared import Running, ServiceMissing, launch, wait_until_ready

ACCESS_KEY: Final = "vedette"
SECRET_KEY: Final = "only-for-tests"

_MODULE: Final = Path(__file__).parent / "versitygw"
_PACKAGE: Final = "github.com/versity/versitygw/cmd/versitygw"
_START_COUNT_MAX: Final = 5
"""Another process can take the free port that was found before the service does."""


def build_s3() -> Path:
    """Return the service's program, building it if this version of it is not there yet.

    Raises:
        ServiceMissing: It cannot be built here; the text says why.
    """
    pinned = hashlib.sha256((_MODULE / "go.sum").read_bytes()).hexdigest()[:16]
    folder = _cache_folder() / "versitygw" / pinned
    program = folder / "versitygw"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not program.exists():
            _build(program)
    return program


def start_s3() -> Running:
    """Start the service on an empty folder.

    Raises:
        ServiceMissing: It cannot be built or started here.
    """
    program = build_s3()
    folder = Path(tempfile.mkdtemp(prefix="vedette-s3-"))
    (folder / "buckets").mkdir()
    for _ in range(_START_COUNT_MAX):
        port = _free_port()
        process = launch(
            [
                str(program),
                *("--access", ACCESS_KEY, "--secret", SECRET_KEY),
                *("--port", f"127.0.0.1:{port}", "--quiet"),
                *("posix", str(folder / "buckets")),
            ],
            log=folder / "log",
        )
        if wait_until_ready(process, lambda port=port: _answers(port)):  # type: ignore[misc] # mypy cannot infer a lambda with a default
            return Running(f"http://127.0.0.1:{port}", process.pid, str(folder))
    said = (folder / "log").read_text(errors="replace").strip()
    raise ServiceMissing(f"versitygw did not start: {said[-300:]}")


def _build(program: Path) -> None:
    go = shutil.which("go")
    if go is None:
        raise ServiceMissing("the S3 service for tests is built with Go, which is not installed")
    _say("building versitygw, the S3 service for tests (once, about two minutes)")
    began_s = time.monotonic()
    unfinished = program.with_suffix(".part")
    built = subprocess.run(
        [go, "build", "-trimpath", "-ldflags=-s -w", "-o", str(unfinished), _PACKAGE],
        cwd=_MODULE,
        capture_output=True,
        text=True,
        check=False,
    )
    if built.returncode != 0:
        last_line = (built.stderr.strip().splitlines() or ["it said nothing"])[-1]
        raise ServiceMissing(f"versitygw, the S3 service for tests, was not built: {last_line}")
    unfinished.replace(program)
    _say(f"built in {time.monotonic() - began_s:.0f} s: {program}")


def _say(text: str) -> None:
    print(text, file=sys.__stderr__, flush=True)


def _cache_folder() -> Path:
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "vedette"


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _answers(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    try:
        build_s3()
    except ServiceMissing as missing:
        _say(str(missing))
