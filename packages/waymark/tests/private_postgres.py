"""A real PostgreSQL server of our own: free port, temporary folder, gone afterwards."""

from __future__ import annotations

import itertools
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path
from typing import Final

import psycopg

USER: Final = "owner"
SERVER_USER: Final = "postgres"
"""PostgreSQL refuses to run as root; then we start it as this user."""


def find_programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; the newest one when there are several."""
    on_path = shutil.which("initdb")
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    return Path(on_path).resolve().parent if on_path else (found[-1] if found else None)


class PrivatePostgres:
    """Starts on 127.0.0.1 with fast, unsafe settings: a test's data need not survive a crash."""

    def __init__(self, programs: Path) -> None:
        self._programs = programs
        self._folder = Path(tempfile.mkdtemp(prefix="waymark-postgres-"))
        self._numbers = itertools.count(1)
        self.port = _free_port()
        if os.geteuid() == 0:
            user = pwd.getpwnam(SERVER_USER)
            os.chown(self._folder, user.pw_uid, user.pw_gid)
        self._run("initdb", "-D", self._data, "-A", "trust", "-U", USER, "-N", "-E", "UTF8")

    @property
    def _data(self) -> str:
        return str(self._folder / "data")

    def url(self, database: str, user: str = USER) -> str:
        return f"postgresql://{user}@127.0.0.1:{self.port}/{database}"

    def create_database(self) -> str:
        name = f"test_{next(self._numbers)}"
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        return self.url(name)

    def start(self) -> None:
        options = f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories="
        # What was committed survives the end of the process, though not that of the machine.
        fast = " -c fsync=off -c full_page_writes=off"
        log = str(self._folder / "log")
        self._run("pg_ctl", "-D", self._data, "-l", log, "-o", options + fast, "-w", "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", self._data, "-m", "immediate", "-w", "stop")

    def remove(self) -> None:
        self.stop()
        shutil.rmtree(self._folder)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self._programs / program), *arguments],
            check=True,
            cwd=self._folder,
            user=SERVER_USER if os.geteuid() == 0 else None,
            stdout=subprocess.DEVNULL,
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
