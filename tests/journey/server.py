"""A real server in a process of its own, as its users start it."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import httpx

READY_WITHIN_S: Final = 60.0
READABLE_WITHIN_S: Final = 30.0
LOOK_EVERY_S: Final = 0.05
VEDETTE: Final = Path(sys.executable).with_name("vedette")


@dataclass
class Server:
    """One start of `vedette up`."""

    process: subprocess.Popen[bytes]
    facts: Mapping[str, Any]
    token: str
    log: Path
    client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=30))

    @property
    def url(self) -> str:
        return str(self.facts["url"])

    @property
    def dsn(self) -> str:
        return str(self.facts["dsn"])

    @property
    def key(self) -> str:
        return str(self.facts["otlp_key"])

    @property
    def data(self) -> Path:
        return Path(str(self.facts["data"]))

    def get(self, path: str, **parameters: Any) -> httpx.Response:
        """Ask the read door as its owner."""
        headers = {"authorization": f"Bearer {self.token}"}
        return self.client.get(f"{self.url}{path}", params=parameters, headers=headers)

    def events(self, dataset: str, fields: list[str], query: str = "", **more: Any) -> list[Any]:
        """Return the rows of `events/`."""
        answer = self.get(
            "/api/0/organizations/default/events/",
            **(
                {
                    "dataset": dataset,
                    "field": fields,
                    "query": query,
                    "statsPeriod": "1d",
                    "per_page": 100,
                }
                | more
            ),
        )
        assert answer.status_code == 200, answer.text
        return list(answer.json()["data"])

    def outcomes(self, *group_by: str) -> list[dict[str, Any]]:
        """Return the sums of `stats_v2`, one flat row per group."""
        answer = self.get(
            "/api/0/organizations/default/stats_v2/",
            field="sum(quantity)",
            groupBy=list(group_by),
            statsPeriod="1d",
        )
        assert answer.status_code == 200, answer.text
        return [
            each["by"] | {"quantity": each["totals"]["sum(quantity)"]}
            for each in answer.json()["groups"]
        ]

    def send_envelope(self, body: bytes, **headers: str) -> httpx.Response:
        """Send an envelope as the first project's SDKs do."""
        auth = {"x-sentry-auth": f"Sentry sentry_version=7, sentry_key={self.key}"}
        return self.client.post(f"{self.url}/api/1/envelope/", content=body, headers=auth | headers)

    def status(self) -> dict[str, Any]:
        """Return what the server says of itself."""
        answer = self.get("/api/v1/status")
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def kill(self) -> None:
        """End it as a power cut would."""
        self.process.kill()
        self.process.wait()

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it as people do; return its exit code."""
        self.process.send_signal(number)
        return self.process.wait(timeout=30)


def start_server(
    data: Path, *flags: str, environment: Mapping[str, str] | None = None, token: str = ""
) -> Server:
    """Start a server on free ports and wait until it says that it is ready."""
    data.parent.mkdir(parents=True, exist_ok=True)
    log = data.parent / f"{data.name}.log"
    with log.open("ab") as log_file:
        process = subprocess.Popen(
            [
                str(VEDETTE),
                "up",
                "--json",
                "--data",
                str(data),
                *("--port", "0", "--otlp-http-port", "0", "--otlp-grpc-port", "0"),
                *flags,
            ],
            stdout=subprocess.PIPE,
            stderr=log_file,
            env={**os.environ, **(environment or {})},
        )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line, f"vedette did not start: {log.read_text()[-3000:]}"
    facts = json.loads(line)
    return Server(process, facts, token or facts["api_token"] or "", log)


@contextlib.contextmanager
def running_server(data: Path, *flags: str, **more: Any) -> Iterator[Server]:
    """Run a server for the length of a block."""
    server = start_server(data, *flags, **more)
    try:
        yield server
    finally:
        server.client.close()
        if server.process.poll() is None:
            server.kill()
        if server.process.stdout is not None:
            server.process.stdout.close()


def wait_for(look: Callable[[], Any], what: str, within_s: float = READABLE_WITHIN_S) -> Any:
    """Look until there is something, and return it."""
    deadline = time.monotonic() + within_s
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(LOOK_EVERY_S)
    raise AssertionError(f"not seen within {within_s} s: {what}")


def wait_until_digested(server: Server) -> dict[str, Any]:
    """Wait until nothing is left in the journal; return the status then."""

    def look() -> dict[str, Any] | None:
        status = server.status()
        return status if status["journal"]["lag_records"] == 0 else None

    found: dict[str, Any] = wait_for(look, "an empty journal", within_s=90.0)
    return found
