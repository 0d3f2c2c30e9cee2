"""Command line: `python -m control up|down|status|memory`."""

import argparse
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Final
from xmlrpc.client import Fault

import httpx
import psutil
from supervisor.xmlrpc import SupervisorTransport  # type: ignore[import-untyped]

from control.prepare import create_database, create_topics, prepare_folders
from control.programs import STAGES, Program, programs, supervisor_configuration
from control.settings import read_settings

READY_SECONDS_MAX: Final = 60.0
POLL_SECONDS: Final = 0.1
STOP_SECONDS_MAX: Final = 30.0
MEBIBYTE: Final = 1024 * 1024


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="control", description="The iGaming platform's processes.")
    parser.add_argument("command", choices=("up", "down", "status", "memory", "restart", "stop", "start"))
    parser.add_argument("programs", nargs="*", help="for restart, stop, start: which programs")
    parser.add_argument("--detach", action="store_true", help="leave the platform running and return")
    given = parser.parse_args()
    settings = read_settings()
    settings |= {
        name: value for name, value in os.environ.items()
        if name.endswith("_DIR") or name.startswith("VENV_")
    }
    for name in list(settings):
        if name.startswith("SENTRY_DSN_") and not settings[name]:
            settings[name] = settings["SENTRY_DSN"]
    match given.command:
        case "up":
            return up(settings, is_detached=given.detach)
        case "down":
            return down(settings)
        case "status":
            return status(settings)
        case "memory":
            return memory(settings)
        case command:
            return control_programs(settings, command, given.programs)


def up(settings: dict[str, str], *, is_detached: bool) -> int:
    """Start everything in order of health; without --detach, stay until Ctrl-C and stop it all."""
    if running_supervisor(settings):
        say("already running; `./stop.sh` stops it")
        return 1
    busy = [program.name for program in programs() if is_listening(port_of(program, settings))]
    if busy:
        say(f"the ports of {', '.join(busy)} are in use by somebody else; change them in .env")
        return 1
    began = time.monotonic()
    prepare_folders(settings)
    configuration = Path(settings["STATE_DIR"]) / "supervisord.conf"
    configuration.write_text(supervisor_configuration(settings))
    configuration.chmod(0o600)  # it names keys
    # Its own session: Ctrl-C reaches us alone, and we stop the supervisor in good order.
    supervisor = subprocess.Popen(
        [str(Path(sys.executable).parent / "supervisord"), "-n", "-c", str(configuration)],
        start_new_session=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        start_in_order(settings)
        say(f"all healthy after {time.monotonic() - began:.1f} s")
        print_addresses(settings)
        if is_detached:
            return 0
        say("Ctrl-C stops everything that was started here")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        supervisor.wait()
    except KeyboardInterrupt:
        say("stopping")
    except NotHealthyError as error:
        say(str(error))
        down(settings)
        return 1
    return down(settings)


class NotHealthyError(Exception):
    """A program did not become healthy in time."""


def start_in_order(settings: dict[str, str]) -> None:
    """Start each stage and wait until all of it is healthy; then prepare what the next one needs."""
    wait_for(lambda: running_supervisor(settings) is not None, "supervisor", settings)
    for stage in STAGES:
        members = [program for program in programs() if program.stage == stage]
        say(f"starting {stage}: {', '.join(program.name for program in members)}")
        for program in members:
            remote(settings).supervisor.startProcess(program.name, False)
        for program in members:
            wait_for(lambda program=program: is_healthy(program, settings), program.name, settings)
            if program.name == "postgres":
                create_database(settings)
            if program.name == "kafka":
                create_topics(settings)


def wait_for(condition, name: str, settings: dict[str, str]) -> None:  # type: ignore[no-untyped-def]
    """Wait until a condition holds, or say whose log to read."""
    deadline = time.monotonic() + READY_SECONDS_MAX
    while not condition():
        if time.monotonic() > deadline:
            log = Path(settings["STATE_DIR"]) / "logs" / f"{name}.log"
            tail = "\n".join(log.read_text(errors="replace").splitlines()[-15:]) if log.exists() else ""
            raise NotHealthyError(f"{name} was not healthy after {READY_SECONDS_MAX:.0f} s; end of {log}:\n{tail}")
        time.sleep(POLL_SECONDS)


def port_of(program: Program, settings: dict[str, str]) -> int:
    """Return the port that a program listens on."""
    return int(settings[program.port_setting])


def is_listening(port: int) -> bool:
    """Say whether somebody listens on a port of this machine."""
    import socket

    with socket.socket() as attempt:
        attempt.settimeout(1)
        return attempt.connect_ex(("127.0.0.1", port)) == 0


def is_healthy(program: Program, settings: dict[str, str]) -> bool:
    """Say whether a program works: its health page for services, an open port for stores."""
    port = port_of(program, settings)
    if not program.has_health_page:
        return is_listening(port) and (program.name != "postgres" or postgres_answers(port))
    try:
        return httpx.get(f"http://127.0.0.1:{port}/healthz", timeout=2).is_success
    except httpx.HTTPError:
        return False


def postgres_answers(port: int) -> bool:
    """PostgreSQL listens before it answers."""
    from control.programs import postgres_folder

    ready = subprocess.run(
        [str(postgres_folder() / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(port)], check=False
    )
    return ready.returncode == 0


def running_supervisor(settings: dict[str, str]) -> int | None:
    """Return the process id of our supervisor, or None."""
    try:
        return int(remote(settings).supervisor.getPID())
    except (OSError, Fault):
        return None


def remote(settings: dict[str, str]):  # type: ignore[no-untyped-def]
    """Return the supervisor's remote control, over its socket."""
    from xmlrpc.client import ServerProxy

    address = f"unix://{settings['STATE_DIR']}/supervisor.sock"
    return ServerProxy("http://127.0.0.1", transport=SupervisorTransport(None, None, serverurl=address))


def down(settings: dict[str, str]) -> int:
    """Stop services before stores, then the supervisor; touches nothing that it did not start."""
    pid = running_supervisor(settings)
    if pid is None:
        say("not running")
        return 0
    for stage in reversed(STAGES):
        for program in reversed(programs()):
            if program.stage == stage:
                try:
                    remote(settings).supervisor.stopProcess(program.name, False)
                except Fault:
                    continue  # was not running
        members = [program.name for program in programs() if program.stage == stage]
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while time.monotonic() < deadline and any(
            info["name"] in members and info["pid"] for info in remote(settings).supervisor.getAllProcessInfo()
        ):
            time.sleep(POLL_SECONDS)
    remote(settings).supervisor.shutdown()
    try:
        psutil.Process(pid).wait(STOP_SECONDS_MAX)
    except psutil.NoSuchProcess:
        pass
    say("stopped")
    return 0


def control_programs(settings: dict[str, str], command: str, names: list[str]) -> int:
    """Stop, start or restart single programs, as the bad-condition trials need it."""
    for name in names:
        if command in {"stop", "restart"}:
            remote(settings).supervisor.stopProcess(name, True)
        if command in {"start", "restart"}:
            remote(settings).supervisor.startProcess(name, False)
            program = next(program for program in programs() if program.name == name)
            wait_for(lambda program=program: is_healthy(program, settings), name, settings)
    return 0


def status(settings: dict[str, str]) -> int:
    """Print one line per program; return 1 when one is not healthy."""
    healthy = {program.name: is_healthy(program, settings) for program in programs()}
    for program in programs():
        mark = "healthy" if healthy[program.name] else "NOT HEALTHY"
        print(f"{program.name:22} {port_of(program, settings):6} {mark}")
    return 0 if all(healthy.values()) else 1


def memory(settings: dict[str, str]) -> int:
    """Print the resident memory of every program with its children."""
    if running_supervisor(settings) is None:
        say("not running")
        return 1
    total = 0
    rows = [("supervisor", int(remote(settings).supervisor.getPID()))]
    rows += [(info["name"], info["pid"]) for info in remote(settings).supervisor.getAllProcessInfo() if info["pid"]]
    for name, pid in rows:
        process = psutil.Process(pid)
        family = [process] if name == "supervisor" else [process, *process.children(recursive=True)]
        # Shared pages are counted once for each process of a family (PostgreSQL): we use the
        # proportional share where the system tells it.
        resident = sum(_resident(member) for member in family)
        total += resident
        print(f"{name:22} {resident / MEBIBYTE:8.1f} MiB")
    print(f"{'total':22} {total / MEBIBYTE:8.1f} MiB")
    return 0


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return int(process.memory_info().rss)


def print_addresses(settings: dict[str, str]) -> None:
    """Print where to go."""
    for name, setting_name in (
        ("slot machine and Debug Panel", "FRONTEND_PORT"),
        ("admin panel", "ADMIN_PANEL_PORT"),
        ("api gateway", "API_GATEWAY_PORT"),
        ("mail, SMS, push", "MESSAGE_SINK_PORT"),
    ):
        say(f"{name}: http://127.0.0.1:{settings[setting_name]}/")
    say(f"logs: {settings['STATE_DIR']}/logs")


def say(sentence: str) -> None:
    """Tell the person at the terminal."""
    print(f"[igaming] {sentence}", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
