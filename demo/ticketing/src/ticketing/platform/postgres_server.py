"""Make a private PostgreSQL server and say how to run it; running it is the supervisor's work."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Final

OWNER: Final = "ticketing_owner"
SERVER_USER: Final = "postgres"
"""PostgreSQL refuses to run as root; then it runs as this user."""


class NoPostgresError(Exception):
    """The server programs are not installed."""


def find_programs() -> Path:
    """The folder of `initdb` and `postgres`; the newest one when there are several."""
    found = sorted(
        (path.parent for path in Path("/usr/lib/postgresql").glob("*/bin/initdb")),
        key=lambda path: int(path.parent.name),
    )
    if found:
        return found[-1]
    on_path = shutil.which("initdb")
    if on_path is None:
        raise NoPostgresError("PostgreSQL 14 or later is needed: apt-get install postgresql")
    return Path(on_path).resolve().parent


def server_user() -> str | None:
    """As whom the server must run; None means as ourselves."""
    return SERVER_USER if os.geteuid() == 0 else None


@dataclass(frozen=True, slots=True)
class PostgresServer:
    """One server with its folder, its port and its owner's password."""

    programs: Path
    folder: Path
    port: int
    password: str

    def prepare(self) -> None:
        """Make the data folder if there is none."""
        data = self.folder / "data"
        if (data / "PG_VERSION").exists():
            return
        self.folder.mkdir(parents=True, exist_ok=True)
        password_file = self.folder / "password"
        password_file.write_text(self.password)
        if server_user() is not None:
            user = pwd.getpwnam(SERVER_USER)
            for path in (self.folder, password_file):
                os.chown(path, user.pw_uid, user.pw_gid)
        self.folder.chmod(0o700)
        try:
            self._run_initdb(data, password_file)
        except subprocess.CalledProcessError as error:
            raise NoPostgresError(
                f"initdb failed in {self.folder}; if its user cannot enter there, use --state"
            ) from error
        password_file.unlink()

    def _run_initdb(self, data: Path, password_file: Path) -> None:
        subprocess.run(
            [
                str(self.programs / "initdb"), "-D", str(data), "-U", OWNER, "-E", "UTF8",
                "--locale=C.UTF-8", "-A", "scram-sha-256", f"--pwfile={password_file}",
            ],
            check=True, user=server_user(), cwd=self.folder, stdout=subprocess.DEVNULL,
        )  # fmt: skip

    @property
    def command(self) -> str:
        """What the supervisor runs."""
        return (
            f"{self.programs / 'postgres'} -D {self.folder / 'data'} -p {self.port}"
            " -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c max_connections=60"
        )

    def url(self, database: str, user: str = OWNER, password: str | None = None) -> str:
        """Where clients connect."""
        secret = self.password if password is None else password
        return f"postgresql://{user}:{secret}@127.0.0.1:{self.port}/{database}"
