"""Whether a program works, and waiting until it does."""

import socket
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import httpx

from control.programs import Program, postgres_folder

READY_SECONDS_MAX: Final = 60.0
POLL_SECONDS: Final = 0.1
PROBE_SECONDS_MAX: Final = 2.0
LOG_LINES_SHOWN: Final = 15


class NotHealthyError(Exception):
    """A program did not become healthy in time."""


def port_of(program: Program, settings: dict[str, str]) -> int:
    """Return the port that a program listens on."""
    return int(settings[program.port_setting])


def is_listening(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    with socket.socket() as attempt:
        attempt.settimeout(PROBE_SECONDS_MAX)
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def is_healthy(program: Program, settings: dict[str, str]) -> bool:
    """Say whether a program works: its health page for services, an open port for stores."""
    port = port_of(program, settings)
    if not program.has_health_page:
        return is_listening(port) and (program.name != "postgres" or _postgres_answers(port))
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=PROBE_SECONDS_MAX).is_success
    except httpx.HTTPError:
        return False


def wait_until_healthy(program: Program, settings: dict[str, str]) -> None:
    """Wait for a program, or say what its log says."""
    wait_for(lambda: is_healthy(program, settings), program.name, settings)


def wait_for(condition: Callable[[], bool], name: str, settings: dict[str, str]) -> None:
    """Wait until a condition holds, or raise with the end of the log of that name."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            log = Path(settings["STATE_DIR"]) / "logs" / f"{name}.log"
            lines = log.read_text(errors="replace").splitlines() if log.exists() else []
            tail = "\n".join(lines[-LOG_LINES_SHOWN:])
            raise NotHealthyError(
                f"{name} was not healthy after {READY_SECONDS_MAX:.0f} s; the end of {log}:\n{tail}"
            )
        time.sleep(POLL_SECONDS)


def _postgres_answers(port: int) -> bool:
    """PostgreSQL listens before it answers."""
    command = [str(postgres_folder() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)]
    return subprocess.run(command, check=False).returncode == 0
