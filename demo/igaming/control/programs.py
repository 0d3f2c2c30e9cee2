"""Every process of the platform: how it starts, in which order, and how one sees that it works."""

import os
import shutil
from dataclasses import dataclass, field
from pathlib import Path
from string import Template
from typing import Final, Literal

from control.settings import PLATFORM_DIR

Stage = Literal["stores", "services", "fronts"]
STAGES: Final[tuple[Stage, ...]] = ("stores", "services", "fronts")
UNMONITORED: Final = frozenset({"fault-service", "payment-provider", "notification-service"})
"""Stagehand, stranger, and the one that speaks OpenTelemetry: none of them takes a DSN."""


@dataclass(frozen=True, slots=True)
class Program:
    """One process. `command` and `environment` may name settings as ${NAME}."""

    name: str
    stage: Stage
    command: str
    port_setting: str
    environment: dict[str, str] = field(default_factory=dict)
    has_health_page: bool = True
    stop_signal: str = "TERM"
    user: str | None = None


def programs() -> tuple[Program, ...]:
    """Return all programs in order of start."""
    return (*_stores(), *_services(), *_fronts())


def postgres_folder() -> Path:
    """Return where the system keeps PostgreSQL's commands."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    command = found[-1] if found else Path(shutil.which("postgres") or "postgres")
    return command.parent


def postgres_user() -> str | None:
    """Return the user to run PostgreSQL as: it refuses to run as root."""
    return "postgres" if os.getuid() == 0 else None


def _stores() -> tuple[Program, ...]:
    kafka = PLATFORM_DIR / "components" / "kafka"
    return (
        Program(
            "kafka",
            "stores",
            f"java -Xms64m -Xmx384m -XX:+UseSerialGC -cp ${{KAFKA_DIR}}/lib/*"
            f" -Dlog4j2.configurationFile={kafka}/log4j2.xml"
            " kafka.Kafka ${STATE_DIR}/kafka/server.properties",
            "KAFKA_PORT",
            has_health_page=False,
        ),
        Program(
            "mongodb",
            "stores",
            "${FERRETDB_DIR}/ferretdb --handler=sqlite --sqlite-url=file:${STATE_DIR}/mongodb/"
            " --listen-addr=127.0.0.1:${MONGODB_PORT} --telemetry=disable --debug-addr=-"
            " --log-level=error --state-dir=${STATE_DIR}/mongodb",
            "MONGODB_PORT",
            has_health_page=False,
        ),
        Program(
            "redis",
            "stores",
            "redis-server --bind 127.0.0.1 --port ${REDIS_PORT} --save '' --dir ${STATE_DIR}/redis"
            " --maxmemory 64mb --maxmemory-policy allkeys-lru",
            "REDIS_PORT",
            has_health_page=False,
        ),
        Program(
            "postgres",
            "stores",
            f"{postgres_folder()}/postgres -D ${{STATE_DIR}}/postgres/data -p ${{POSTGRES_PORT}}"
            " -k ${STATE_DIR}/postgres -c listen_addresses=127.0.0.1 -c shared_buffers=32MB",
            "POSTGRES_PORT",
            has_health_page=False,
            user=postgres_user(),
            stop_signal="INT",  # "fast": do not wait for clients that stay connected
        ),
        Program(
            "s3",
            "stores",
            "${VERSITYGW_DIR}/versitygw --port 127.0.0.1:${S3_PORT} --quiet posix ${STATE_DIR}/s3",
            "S3_PORT",
            has_health_page=False,
            environment={"ROOT_ACCESS_KEY": "${S3_ACCESS_KEY}", "ROOT_SECRET_KEY": "${S3_SECRET_KEY}"},
        ),
        Program(
            "message-sink",
            "stores",
            "${VENV_MESSAGE_SINK}/bin/python -m message_sink.server",
            "MESSAGE_SINK_PORT",
            environment={"PYTHONPATH": f"{PLATFORM_DIR}/services/message-sink"},
        ),
    )


def _services() -> tuple[Program, ...]:
    services = PLATFORM_DIR / "services"
    return (
        _go("fault-service", VEDETTE_TOKEN="${VEDETTE_TOKEN}"),
        _go("payment-provider"),
        Program(
            "payment-service",
            "services",
            f"${{NODE_DIR}}/node --import {services}/payment-service/src/instrument.ts"
            f" {services}/payment-service/src/server.ts",
            "PAYMENT_SERVICE_PORT",
            environment={
                "SENTRY_DSN": "${SENTRY_DSN_PAYMENT_SERVICE}",
                "NODE_OPTIONS": "--max-old-space-size=256",
            },
        ),
        _python("game-engine", "game_engine.server"),
        _python("analytics-service", "analytics.server"),
        _go("user-service"),
        _go("notification-service"),
        _go("api-gateway"),
    )


def _fronts() -> tuple[Program, ...]:
    return tuple(
        Program(
            name,
            "fronts",
            "${GO_BIN_DIR}/web-server",
            f"{_upper(name)}_PORT",
            environment={
                "SENTRY_DSN": f"${{SENTRY_DSN_{_upper(name)}}}",
                "WEB_NAME": name,
                "WEB_PORT": f"${{{_upper(name)}_PORT}}",
                "WEB_FOLDER": f"{PLATFORM_DIR}/services/{name}/dist{inner}",
            },
        )
        for name, inner in (("frontend", "/browser"), ("admin-panel", ""))
    )


def _go(name: str, **environment: str) -> Program:
    return Program(
        name,
        "services",
        f"${{GO_BIN_DIR}}/{name}",
        f"{_upper(name)}_PORT",
        environment={
            "GOMEMLIMIT": "100MiB",
            **({} if name in UNMONITORED else {"SENTRY_DSN": f"${{SENTRY_DSN_{_upper(name)}}}"}),
            **environment,
        },
    )


def _python(name: str, module: str) -> Program:
    services = PLATFORM_DIR / "services"
    return Program(
        name,
        "services",
        f"${{VENV_{_upper(name)}}}/bin/python -m {module}",
        f"{_upper(name)}_PORT",
        environment={
            "SENTRY_DSN": f"${{SENTRY_DSN_{_upper(name)}}}",
            "PYTHONPATH": f"{services}/{name}:{services}/python-kit",
        },
    )


def _upper(name: str) -> str:
    return name.upper().replace("-", "_")


def supervisor_configuration(settings: dict[str, str], extra: str = "") -> str:
    """Return the configuration of the supervisor; `extra` is a section that is not a service."""
    sections = "\n".join([*(_section(program, settings) for program in programs()), extra])
    template = Template((PLATFORM_DIR / "components" / "supervisord.conf").read_text())
    return template.safe_substitute(settings, PROGRAMS=sections)


def _section(program: Program, settings: dict[str, str]) -> str:
    # Every program is told every setting, as a container would be by its env file.
    shared = {
        name: value
        for name, value in settings.items()
        if value and not name.startswith(("SENTRY_DSN", "VEDETTE_TOKEN"))
    }
    own = {name: Template(value).safe_substitute(settings) for name, value in program.environment.items()}
    # "%" starts an expansion of the supervisor's own; quotes would end the value.
    environment = ",".join(
        f'{name}="{value.replace("%", "%%").replace(chr(34), "")}"'
        for name, value in (shared | own).items()
        if value
    )
    lines = [
        f"[program:{program.name}]",
        f"command={Template(program.command).safe_substitute(settings)}",
        f"environment={environment}",
        "autostart=false",
        "autorestart=true",
        "startretries=20",
        f"stopsignal={program.stop_signal}",
        "stopwaitsecs=6",
        "stopasgroup=false",
        "redirect_stderr=true",
        f"stdout_logfile={settings['STATE_DIR']}/logs/{program.name}.log",
        "stdout_logfile_maxbytes=5MB",
        "stdout_logfile_backups=1",
    ]
    if program.user:
        lines.append(f"user={program.user}")
    return "\n".join(lines) + "\n"
