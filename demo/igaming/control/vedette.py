"""The monitoring server: start one of our own when none is given, and get a key for every service.

Only its command line and its public API are used, as anybody would.
"""

import json
import os
from pathlib import Path
from typing import Final

import httpx

from control.health import NotHealthyError, is_listening, wait_for
from control.settings import PLATFORM_DIR
from control.supervision import Supervisor

PROGRAM: Final = "vedette"
CALL_SECONDS_MAX: Final = 10.0
PREFIX: Final = "igaming-"
PLATFORMS: Final = {
    "frontend": "javascript-angular",
    "api-gateway": "go",
    "user-service": "go",
    "game-engine": "python",
    "payment-service": "node",
    "analytics-service": "python",
    "notification-service": "go",
    "admin-panel": "javascript-react",
}


class NoServerError(Exception):
    """The monitoring server cannot be used; the platform works without it."""


def command_of_own_server(settings: dict[str, str]) -> str:
    """Return the command of a server that we may start, or nothing."""
    given = os.environ.get("VEDETTE_COMMAND") or str(PLATFORM_DIR.parent.parent / ".venv" / "bin" / "vedette")
    is_wanted = not settings["VEDETTE_URL"] and not _sends_somewhere(settings)
    return given if is_wanted and Path(given).exists() else ""


def supervisor_section(settings: dict[str, str]) -> str:
    """Return the server's part of the supervisor's configuration; empty when it is not ours."""
    command = command_of_own_server(settings)
    if not command:
        return ""
    state = settings["STATE_DIR"]
    return "\n".join(
        [
            f"[program:{PROGRAM}]",
            f"command={command} up --data {state}/vedette --port {settings['VEDETTE_PORT']}"
            " --otlp-http-port 0 --otlp-grpc-port 0 --json",
            "autostart=false",
            "autorestart=true",
            "stopwaitsecs=8",
            # Its one line on stdout names a token: kept apart from the logs, readable by us alone.
            f"stdout_logfile={state}/vedette-start.json",
            "stdout_logfile_maxbytes=0",
            f"stderr_logfile={state}/logs/{PROGRAM}.log",
            "stderr_logfile_maxbytes=5MB",
            "",
        ]
    )


def start_own_server(settings: dict[str, str], supervisor: Supervisor) -> str:
    """Start our own server and note its address and token; return the sign-in address, shown once."""
    if is_listening(int(settings["VEDETTE_PORT"])):
        raise NoServerError(
            f"something listens on port {settings['VEDETTE_PORT']} already; if it is Vedette, set VEDETTE_URL"
            " and VEDETTE_TOKEN"
        )
    said = Path(settings["STATE_DIR"]) / "vedette-start.json"
    said.write_text("")
    said.chmod(0o600)
    supervisor.start(PROGRAM)
    try:
        wait_for(lambda: said.read_text().endswith("\n"), PROGRAM, settings)
    except NotHealthyError as error:
        supervisor.stop(PROGRAM, is_waiting=True)
        raise NoServerError(str(error)) from error
    facts = json.loads(said.read_text().splitlines()[-1])
    kept = Path(settings["STATE_DIR"]) / "vedette-access.json"
    # The token is told at the first start only.
    token = facts.get("api_token") or (json.loads(kept.read_text())["token"] if kept.exists() else "")
    kept.touch(mode=0o600)
    kept.write_text(json.dumps({"url": facts["url"], "token": token}))
    settings["VEDETTE_URL"], settings["VEDETTE_TOKEN"] = facts["url"], token
    return str(facts.get("login_url") or "")


def connect(settings: dict[str, str]) -> None:
    """Make a project for every service unless it is there, and set each service's DSN."""
    if _sends_somewhere(settings) or not settings["VEDETTE_URL"] or not settings["VEDETTE_TOKEN"]:
        return
    try:
        with httpx.Client(
            base_url=f"{settings['VEDETTE_URL'].rstrip('/')}/api/0",
            headers={"Authorization": f"Bearer {settings['VEDETTE_TOKEN']}"},
            timeout=CALL_SECONDS_MAX,
        ) as client:
            for service, platform in PLATFORMS.items():
                _give_key(client, settings, service, platform)
    except httpx.HTTPError as error:
        raise NoServerError(f"the server at {settings['VEDETTE_URL']} gives no keys: {error}") from error


def _give_key(client: httpx.Client, settings: dict[str, str], service: str, platform: str) -> None:
    organization, slug = settings["VEDETTE_ORGANIZATION"], f"{PREFIX}{service}"
    keys = client.get(f"/projects/{organization}/{slug}/keys/")
    if keys.status_code == httpx.codes.NOT_FOUND:
        new = {"name": slug, "slug": slug, "platform": platform}
        client.post(f"/organizations/{organization}/projects/", json=new).raise_for_status()
        keys = client.get(f"/projects/{organization}/{slug}/keys/")
    if service == "frontend":
        # Unless told otherwise, servers leave out parts of a page that could not be loaded.
        wanted = {"options": {"filters:chunk-load-error": False}}
        client.put(f"/projects/{organization}/{slug}/", json=wanted).raise_for_status()
    key = keys.raise_for_status().json()[0]
    settings[f"SENTRY_DSN_{service.upper().replace('-', '_')}"] = key["dsn"]["public"]
    if service == "notification-service":
        base = settings["VEDETTE_URL"].rstrip("/")
        settings["OTEL_EXPORTER_OTLP_ENDPOINT"] = f"{base}/api/{key['projectId']}/otlp"
        settings["OTEL_EXPORTER_OTLP_HEADERS"] = f"x-sentry-auth=sentry%20sentry_key={key['public']}"


def _sends_somewhere(settings: dict[str, str]) -> bool:
    return any(value for name, value in settings.items() if name.startswith("SENTRY_DSN") and value)
