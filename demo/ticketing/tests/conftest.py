"""One real platform for the whole test session: two databases, three sites, mail, supervisor."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

import psycopg
import pytest

from ticketing.platform.layout import Layout
from ticketing.platform.postgres_server import NoPostgresError, find_programs
from ticketing.scenario_visitor import Visitor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

PORT_COUNT: Final = 8
READY_WORDS: Final = "Ctrl-C stops everything"
START_TIMEOUT_S: Final = 90
STOP_TIMEOUT_S: Final = 60


@pytest.fixture(scope="session")
def layout() -> Iterator[Layout]:
    """The running platform; afterwards it is stopped by Ctrl-C and nothing of it is left."""
    try:
        find_programs()
    except NoPostgresError as error:
        pytest.skip(str(error))
    state = Path(tempfile.mkdtemp(prefix="ticketing-"))
    state.chmod(0o755)  # PostgreSQL runs as another user when we are root
    port_base = _free_ports()
    command = [sys.executable, "-m", "ticketing.platform.start"]
    options = ["--state", str(state), "--port-base", str(port_base)]
    process = subprocess.Popen([*command, *options], stdout=subprocess.PIPE, text=True)
    killer = threading.Timer(START_TIMEOUT_S, process.kill)
    killer.start()
    assert process.stdout is not None
    lines = []
    for line in process.stdout:
        lines.append(line)
        if READY_WORDS in line:
            break
    killer.cancel()
    assert process.poll() is None, "the platform did not start:\n" + "".join(lines)

    yield Layout.open(state, port_base, os.environ)

    process.send_signal(signal.SIGINT)
    assert process.wait(STOP_TIMEOUT_S) == 0
    process.stdout.close()
    still_open = [port for port in range(port_base, port_base + PORT_COUNT) if _is_open(port)]
    assert still_open == [], "Ctrl-C must stop everything that was started"
    shutil.rmtree(state)


@pytest.fixture
def visitor(layout: Layout) -> Iterator[Visitor]:
    one = Visitor(layout)
    yield one
    one.close()


@pytest.fixture
def shop(layout: Layout) -> Iterator[psycopg.Connection]:
    """The shop database as its owner."""
    with psycopg.connect(layout.shop.url("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def journal(layout: Layout) -> Iterator[psycopg.Connection]:
    """The journal as its owner."""
    with psycopg.connect(layout.journal.url("postgres"), autocommit=True) as connection:
        yield connection


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a condition; fails after twenty seconds instead of guessing how long things take."""

    def wait(is_met: Callable[[], bool], timeout_s: float = 20.0) -> None:
        deadline = time.monotonic() + timeout_s
        while not is_met():
            assert time.monotonic() < deadline, "the condition was not met in time"
            time.sleep(0.02)

    return wait


def _free_ports() -> int:
    """The first of eight free ports that follow each other."""
    for port_base in range(20_000 + os.getpid() % 20_000, 60_000, PORT_COUNT):
        if not any(_is_open(port) for port in range(port_base, port_base + PORT_COUNT)):
            return port_base
    raise AssertionError("no eight free ports in a row")


def _is_open(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
