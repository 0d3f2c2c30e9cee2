"""Run the programs of the platform under supervisord: its settings, and its remote control."""

from __future__ import annotations

import subprocess
import sys
import time
from configparser import RawConfigParser
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from xmlrpc.client import Fault, ServerProxy

import httpx
import psycopg

from ticketing.platform.layout import HOST
from ticketing.platform.postgres_server import server_user

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ticketing.platform.layout import Layout

DATABASES: Final = ("postgres-shop", "postgres-journal")
KEEPER: Final = "keeper"
SITES: Final = ("mail", "pass-lounge", "gate-scanner", "nights")
READY_TIMEOUT_S: Final = 60.0
LOG_BYTES_MAX: Final = "5MB"
FAULT_ALREADY_STARTED: Final = 60
FAULT_NOT_RUNNING: Final = 70


class NotReadyError(Exception):
    """Something did not come up in time."""


def wait_until(is_met: Callable[[], bool], what: str, timeout_s: float = READY_TIMEOUT_S) -> None:
    """Ask again and again until the answer is yes."""
    deadline = time.monotonic() + timeout_s
    while not is_met():
        if time.monotonic() > deadline:
            raise NotReadyError(f"{what}: not within {timeout_s:.0f} s")
        time.sleep(0.05)


def write_settings(layout: Layout) -> str:
    """Write supervisord's file; returns its path."""
    settings = RawConfigParser()
    log = layout.state / "log"
    log.mkdir(exist_ok=True)
    control = f"{HOST}:{layout.port('supervisor')}"
    settings["supervisord"] = {
        "nodaemon": "true",
        "silent": "true",
        "logfile": str(log / "supervisord.log"),
        "pidfile": str(layout.state / "supervisord.pid"),
    }
    settings["inet_http_server"] = {
        "port": control,
        "username": "ticketing",
        "password": layout.secrets.supervisor,
    }
    settings["rpcinterface:supervisor"] = {
        "supervisor.rpcinterface_factory": "supervisor.rpcinterface:make_main_rpcinterface"
    }
    for name, server in zip(DATABASES, (layout.shop, layout.journal), strict=True):
        _add_program(settings, layout, name, server.command, priority=10)
        # "Fast": SIGTERM would wait for clients that never leave.
        settings[f"program:{name}"]["stopsignal"] = "INT"
        if (user := server_user()) is not None:
            settings[f"program:{name}"]["user"] = user
    for name in SITES:
        module = f"{name.replace('-', '_')}.app" if name != "mail" else "platform.mail_sink"
        command = (
            f"{sys.executable} -m uvicorn --factory ticketing.{module}:create"
            f" --host {HOST} --port {layout.port(name)} --no-access-log"
        )
        _add_program(settings, layout, name, command, priority=20)
        settings[f"program:{name}"]["environment"] = _environment(_variables(layout, name))
    _add_program(
        settings, layout, KEEPER, f"{sys.executable} -m ticketing.platform.keeper", priority=30
    )
    keeper_url = layout.journal.url("postgres", "ticketing_keeper", layout.secrets.keeper)
    settings[f"program:{KEEPER}"]["environment"] = _environment(
        {"TICKETING_KEEPER_URL": keeper_url}
    )
    path = layout.state / "supervisord.conf"
    path.touch(mode=0o600)
    with path.open("w") as file:
        settings.write(file)
    return str(path)


def _variables(layout: Layout, name: str) -> dict[str, str]:
    if name != "mail":
        return layout.site_environment(name)
    return {
        "TICKETING_MAIL_FOLDER": str(layout.state / "mail"),
        "TICKETING_SMTP_PORT": str(layout.port("smtp")),
    }


def _add_program(
    settings: RawConfigParser, layout: Layout, name: str, command: str, *, priority: int
) -> None:
    settings[f"program:{name}"] = {
        "command": command.replace("%", "%%"),
        "directory": str(layout.state),
        "autostart": "false",
        "autorestart": "true",
        "startsecs": "0",
        "stopwaitsecs": "10",
        "priority": str(priority),
        "redirect_stderr": "true",
        "stdout_logfile": str(layout.state / "log" / f"{name}.log"),
        "stdout_logfile_maxbytes": LOG_BYTES_MAX,
        "stdout_logfile_backups": "1",
    }


def _environment(variables: Mapping[str, str]) -> str:
    return ",".join(f'{name}="{value.replace("%", "%%")}"' for name, value in variables.items())


@dataclass(frozen=True)
class Control:
    """Starts and stops programs of a running platform and waits until it is so."""

    layout: Layout

    def start_databases(self) -> None:
        """Both servers, ready for connections."""
        for name in DATABASES:
            self.start(name)

    def start_sites(self) -> None:
        """All sites and the mail sink, healthy; the keeper beside them."""
        for name in (*SITES, KEEPER):
            self._order("startProcess", name)
        for name in SITES:
            wait_until(lambda name=name: self._is_healthy(name), f"{name} answers")  # type: ignore[misc]  # the default binds the loop's value

    def start(self, name: str) -> None:
        """One program."""
        self._order("startProcess", name)
        if name in DATABASES:
            wait_until(lambda: self._is_database_ready(name), f"{name} takes connections")
        else:
            wait_until(lambda: self._is_healthy(name), f"{name} answers")

    def stop(self, name: str) -> None:
        """One program; returns when it has ended."""
        self._order("stopProcess", name)

    def restart_everything(self) -> None:
        """As after a power cut, only politer: all down, then all up."""
        for name in (*SITES, KEEPER, *DATABASES):
            self.stop(name)
        self.start_databases()
        self.start_sites()

    def is_run_by(self, pid: int) -> bool:
        """Whether the supervisord that listens is this one, and not that of another platform."""
        try:
            with self._proxy() as proxy:
                return bool(proxy.supervisor.getPID() == pid)
        except OSError:
            return False

    def _order(self, method: str, name: str) -> None:
        try:
            with self._proxy() as proxy:
                getattr(proxy.supervisor, method)(name)
        except Fault as fault:
            if fault.faultCode not in {FAULT_ALREADY_STARTED, FAULT_NOT_RUNNING}:
                raise

    def _proxy(self) -> ServerProxy:
        address = f"{HOST}:{self.layout.port('supervisor')}"
        return ServerProxy(f"http://ticketing:{self.layout.secrets.supervisor}@{address}/RPC2")

    def _is_healthy(self, name: str) -> bool:
        try:
            return httpx.get(f"{self.layout.url(name)}/healthz", timeout=2).is_success
        except httpx.HTTPError:
            return False

    def _is_database_ready(self, name: str) -> bool:
        server = self.layout.shop if name == "postgres-shop" else self.layout.journal
        try:
            psycopg.connect(server.url("postgres"), connect_timeout=2).close()
        except psycopg.OperationalError:
            return False
        return True


def run_supervisord(settings_path: str) -> subprocess.Popen[bytes]:
    """Start it; it stops all programs when it is told to end."""
    command = [sys.executable, "-m", "supervisor.supervisord", "-c", settings_path]
    # Its own session: Ctrl-C reaches our process alone, which then ends it once and waits.
    return subprocess.Popen(command, start_new_session=True)
