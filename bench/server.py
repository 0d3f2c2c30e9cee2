"""A server of our own: started in a folder on the same disk, asked over HTTP, stopped."""

import contextlib
import http.client
import json
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from bench.load import CORPUS

READABLE_WITHIN_S: Final = 900.0
LOOK_EVERY_S: Final = 0.05
ANSWER_WITHIN_S: Final = 120.0
EVENTS: Final = "/api/0/organizations/default/events/"


class Server:
    """One start of `vedette up`."""

    def __init__(self, data: Path, *flags: str, token: str = "") -> None:
        vedette = Path(sys.executable).with_name("vedette")
        ports = ("--port", "0", "--otlp-http-port", "0", "--otlp-grpc-port", "0")
        self._log = data.with_suffix(".log")
        began = time.monotonic()
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                ["env", *flags, str(vedette), "up", "--json", "--data", str(data), *ports],
                stdout=subprocess.PIPE,
                stderr=log,
            )
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"the server did not start:\n{self._log.read_text('utf-8')[-2000:]}")
        self.start_s = time.monotonic() - began
        self.facts: dict[str, Any] = json.loads(line)
        self.token = token or str(self.facts["api_token"])
        self.pid = int(self.facts["pid"])
        self.url = str(self.facts["url"])
        self._connection = http.client.HTTPConnection(
            urlsplit(self.url).netloc, timeout=ANSWER_WITHIN_S
        )

    @property
    def otlp(self) -> str:
        """Where traces go over HTTP."""
        return f"{self.facts['otlp_http']}/v1/traces"

    @property
    def metrics(self) -> str:
        """Where the lag is told to anyone."""
        return f"{self.url}/metrics"

    @property
    def envelopes(self) -> str:
        """Where Sentry SDKs send."""
        return f"{self.url}/api/1/envelope/"

    @property
    def sentry_header(self) -> str:
        """By which they are let in."""
        return f"x-sentry-auth: Sentry sentry_version=7, sentry_key={self.facts['otlp_key']}"

    def get(self, path: str, **parameters: object) -> Any:  # noqa: ANN401 - JSON of the API
        """Ask the read door on one kept connection."""
        query = urlencode({name: str(value) for name, value in parameters.items()})
        return self.ask(f"{path}?{query}" if query else path)

    def ask(self, path: str) -> Any:  # noqa: ANN401 - JSON of the API
        """Ask for a path with its query; None if there is no such thing."""
        self._connection.request("GET", path, headers={"authorization": f"Bearer {self.token}"})
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status == http.client.NOT_FOUND:
            return None
        if answer.status != http.client.OK:
            raise SystemExit(f"{path} answered {answer.status}: {body[:300]!r}")
        return json.loads(body)

    def status(self) -> Any:  # noqa: ANN401 - JSON of the API
        """Return what the server says of itself."""
        return self.get("/api/v1/status")

    def lag_bytes(self) -> int:
        """Return how much is accepted and not yet readable."""
        return int(self.status()["journal"]["lag_bytes"])

    def count(self, dataset: str) -> int:
        """Return how many rows can be read."""
        answer = self.get(EVENTS, dataset=dataset, field="count()", statsPeriod="1d")
        rows = answer["data"]
        return int(rows[0]["count()"]) if rows else 0

    def wait_until_digested(self) -> None:
        """Wait until everything accepted is in the tables."""
        deadline = time.monotonic() + READABLE_WITHIN_S
        while self.status()["journal"]["lag_records"]:
            if time.monotonic() > deadline:
                raise SystemExit(f"not digested within {READABLE_WITHIN_S} s: {self.status()}")
            time.sleep(LOOK_EVERY_S)

    def bytes_by_table(self) -> dict[str, int]:
        """Return the bytes of the live parts on disk."""
        return {each["table"]: int(each["bytes"]) for each in self.status()["tables"]}

    def stop(self) -> None:
        """End it as people do."""
        self._connection.close()
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(timeout=60)
        if self._process.stdout is not None:
            self._process.stdout.close()


@contextlib.contextmanager
def new_server(*flags: str) -> Iterator[Server]:
    """Run a server on an empty folder for the length of a block."""
    with new_folder() as data, running(data, *flags) as server:
        yield server


@contextlib.contextmanager
def running(data: Path, *flags: str, token: str = "") -> Iterator[Server]:
    """Run a server on a folder for the length of a block."""
    server = Server(data, *flags, token=token)
    try:
        yield server
    finally:
        server.stop()


@contextlib.contextmanager
def new_folder() -> Iterator[Path]:
    """Give an empty folder beside the corpus, and take it away again."""
    CORPUS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=CORPUS, prefix="data-") as folder:
        yield Path(folder) / "vedette"
        shutil.rmtree(Path(folder) / "vedette", ignore_errors=True)
