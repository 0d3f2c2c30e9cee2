"""Command line: `python -m control up|down|status|memory|start|stop|restart|deploy`."""

import argparse
import os
import re
import signal
import subprocess
import sys
import time
from configparser import RawConfigParser
from pathlib import Path
from typing import Final

import psutil

from control.health import (
    POLL_SECONDS,
    NotHealthyError,
    is_healthy,
    is_listening,
    port_of,
    wait_for,
    wait_until_healthy,
)
from control.prepare import create_database, create_topics, prepare_folders
from control.programs import STAGES, programs, supervisor_configuration
from control.settings import PLATFORM_DIR, read_settings
from control.supervision import Supervisor
from control.vedette import PROGRAM, NoServerError, connect, start_own_server, supervisor_section

STOP_SECONDS_MAX: Final = 30.0
MEBIBYTE: Final = 1024 * 1024


def main() -> int:
    """Run one command."""
    parser = argparse.ArgumentParser(prog="control", description="The iGaming platform's processes.")
    parser.add_argument(
        "command", choices=("up", "down", "status", "memory", "start", "stop", "restart", "deploy")
    )
    parser.add_argument(
        "programs",
        nargs="*",
        help="for start, stop, restart: which programs; for deploy: program, folder, version",
    )
    parser.add_argument("--detach", action="store_true", help="leave the platform running and return")
    given = parser.parse_args()
    settings = all_settings()
    supervisor = Supervisor(settings["STATE_DIR"])
    match given.command:
        case "up":
            return up(settings, supervisor, is_detached=given.detach)
        case "down":
            return down(supervisor)
        case "status":
            return status(settings)
        case "memory":
            return memory(supervisor)
        case "deploy":
            return deploy(settings, supervisor, *given.programs)
        case command:
            return control_programs(settings, supervisor, command, given.programs)


def all_settings() -> dict[str, str]:
    """Return the settings, the folders that the scripts found, and a DSN for everybody."""
    settings = read_settings()
    folders = (name for name in os.environ if name.endswith("_DIR") or name.startswith("VENV_"))
    settings |= {name: os.environ[name] for name in folders if name not in settings}
    for name in settings:
        if name.startswith("SENTRY_DSN_") and not settings[name]:
            settings[name] = settings["SENTRY_DSN"]
    return settings


def up(settings: dict[str, str], supervisor: Supervisor, *, is_detached: bool) -> int:
    """Start everything in order of health; without --detach, stay until Ctrl-C and stop it all."""
    if supervisor.pid():
        say("already running; `./stop.sh` stops it")
        return 1
    busy = [program.name for program in programs() if is_listening(port_of(program, settings))]
    if busy:
        say(f"the ports of {', '.join(busy)} are in use by somebody else; change them in .env")
        return 1
    began = time.monotonic()
    prepare_folders(settings)
    try:
        process, login_url = start_with_server(settings, supervisor)
        start_in_order(settings, supervisor)
        say(f"all healthy after {time.monotonic() - began:.1f} s")
        tell_releases(settings)
        print_addresses(settings, login_url)
        if is_detached:
            return 0
        say("Ctrl-C stops everything that was started here")
        signal.signal(signal.SIGTERM, signal.default_int_handler)
        process.wait()
    except KeyboardInterrupt:
        say("stopping")
    except NotHealthyError as error:
        say(str(error))
        down(supervisor)
        return 1
    return down(supervisor)


def start_with_server(
    settings: dict[str, str], supervisor: Supervisor
) -> tuple[subprocess.Popen[bytes], str]:
    """Start the supervisor; before the services start, see to it that each has a key for its signals.

    Without a monitoring server the platform runs all the same: it says so and sends nothing.
    """
    section = supervisor_section(settings)
    process, login_url = start_supervisor(settings, section), ""
    wait_for(lambda: supervisor.pid() is not None, "supervisord", settings)
    try:
        if section:
            say("starting a Vedette of our own")
            login_url = start_own_server(settings, supervisor)
        connect(settings)
    except NoServerError as error:
        say(f"{error}; going on without")
    # The supervisor reads the keys of the services from its file, so it is told to read it again.
    write_configuration(settings, section)
    supervisor.reload_configuration()
    return process, login_url


def start_supervisor(settings: dict[str, str], server_section: str) -> subprocess.Popen[bytes]:
    """Start the supervisor with the configuration of this moment's settings."""
    configuration = write_configuration(settings, server_section)
    # Its own session: Ctrl-C reaches us alone, and we stop the supervisor in good order.
    return subprocess.Popen(
        [str(Path(sys.executable).parent / "supervisord"), "-n", "-c", str(configuration)],
        start_new_session=True,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def write_configuration(settings: dict[str, str], server_section: str) -> Path:
    """Write the supervisor's configuration; it names keys, so it is ours alone to read."""
    configuration = Path(settings["STATE_DIR"]) / "supervisord.conf"
    configuration.touch(mode=0o600)
    configuration.write_text(supervisor_configuration(settings, server_section))
    return configuration


def start_in_order(settings: dict[str, str], supervisor: Supervisor) -> None:
    """Start each stage and wait until all of it is healthy; then prepare what the next one needs."""
    for stage in STAGES:
        members = [program for program in programs() if program.stage == stage]
        say(f"starting {stage}: {', '.join(program.name for program in members)}")
        for program in members:
            supervisor.start(program.name)
        for program in members:
            wait_until_healthy(program, settings)
            if program.name == "postgres":
                create_database(settings)
            if program.name == "kafka":
                create_topics(settings)


def down(supervisor: Supervisor) -> int:
    """Stop services before stores, then the supervisor; touches nothing that it did not start."""
    pid = supervisor.pid()
    if pid is None:
        say("not running")
        return 0
    for stage in reversed(STAGES):
        members = [program.name for program in programs() if program.stage == stage]
        for name in members:
            supervisor.stop(name, is_waiting=False)
        deadline = time.monotonic() + STOP_SECONDS_MAX
        while supervisor.running().keys() & set(members) and time.monotonic() < deadline:
            time.sleep(POLL_SECONDS)
    supervisor.stop_if_known(PROGRAM)  # last, so that it hears how the others ended
    supervisor.shutdown()
    try:
        psutil.Process(pid).wait(STOP_SECONDS_MAX)
    except psutil.NoSuchProcess:
        pass
    say("stopped")
    return 0


def control_programs(settings: dict[str, str], supervisor: Supervisor, command: str, names: list[str]) -> int:
    """Stop, start or restart single programs, as trials of bad conditions need it."""
    if supervisor.pid() is None:
        say("not running")
        return 1
    by_name = {program.name: program for program in programs()}
    unknown = [name for name in names if name not in by_name and name not in supervisor.known()]
    if unknown:
        say(f"there is no program {', '.join(unknown)}")
        return 1
    for name in names:
        if command in {"stop", "restart"}:
            supervisor.stop(name, is_waiting=True)
        if command in {"start", "restart"}:
            supervisor.start(name)
            if name in by_name:
                wait_until_healthy(by_name[name], settings)
            else:  # the monitoring server is no part of the platform
                wait_for(lambda: is_listening(int(settings["VEDETTE_PORT"])), name, settings)
    return 0


def deploy(settings: dict[str, str], supervisor: Supervisor, name: str, folder: str, version: str) -> int:
    """Start another version of a program, from another folder, in the place of the running one."""
    if supervisor.pid() is None:
        say("not running")
        return 1
    configuration = Path(settings["STATE_DIR"]) / "supervisord.conf"
    parser = RawConfigParser()
    parser.read(configuration)
    section = parser[f"program:{name}"]
    section["command"] = re.sub(r"\S+/src/", f"{folder}/src/", section["command"])
    section["environment"] = re.sub(
        r'SENTRY_RELEASE="[^"]*"', f'SENTRY_RELEASE="{version}"', section["environment"]
    )
    with configuration.open("w") as file:
        parser.write(file)
    supervisor.stop(name, is_waiting=True)
    supervisor.reload_configuration()
    return control_programs(settings, supervisor, "start", [name])


def status(settings: dict[str, str]) -> int:
    """Print one line per program; return 1 when one is not healthy."""
    healthy = {program.name: is_healthy(program, settings) for program in programs()}
    for program in programs():
        mark = "healthy" if healthy[program.name] else "NOT HEALTHY"
        print(f"{program.name:22} {port_of(program, settings):6} {mark}")
    return 0 if all(healthy.values()) else 1


def memory(supervisor: Supervisor) -> int:
    """Print the memory of every program with its children.

    Pages that processes share (PostgreSQL's, Go's binaries) are counted in proportion, so that the
    sum is what the machine really gives.
    """
    pid = supervisor.pid()
    if pid is None:
        say("not running")
        return 1
    sizes = {"supervisor": _size(psutil.Process(pid))}
    for name, program_pid in supervisor.running().items():
        process = psutil.Process(program_pid)
        sizes[name] = sum(_size(member) for member in (process, *process.children(recursive=True)))
    for name, size in [*sizes.items(), ("total", sum(sizes.values()))]:
        print(f"{name:22} {size / MEBIBYTE:8.1f} MiB")
    return 0


def _size(process: psutil.Process) -> int:
    try:
        return int(process.memory_full_info().pss)
    except (psutil.AccessDenied, AttributeError):
        return int(process.memory_info().rss)  # a system that does not tell shares


def tell_releases(settings: dict[str, str]) -> None:
    """Give the server the source maps of the front ends, so that errors show what people wrote."""
    if not settings["VEDETTE_URL"] or not settings["VEDETTE_TOKEN"]:
        return
    known = {name: settings[name] for name in ("VEDETTE_URL", "VEDETTE_TOKEN", "VEDETTE_ORGANIZATION")}
    with (Path(settings["STATE_DIR"]) / "logs" / "source-maps.log").open("w") as log:
        done = subprocess.run(
            [str(PLATFORM_DIR / "releases" / "upload-source-maps.sh")],
            check=False,
            env={**os.environ, **known},
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    say(f"source maps {'uploaded' if done.returncode == 0 else 'not uploaded'} (see {log.name})")


def print_addresses(settings: dict[str, str], login_url: str) -> None:
    """Print where to go."""
    if settings["VEDETTE_URL"]:
        say(f"Vedette, where errors become issues: {settings['VEDETTE_URL'].rstrip('/')}/")
    if login_url:
        say(f"sign in there with this link, good for one time: {login_url}")
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
