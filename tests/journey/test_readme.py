"""The README's snippets, word for word, against a real server."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from tests.journey.server import Server, wait_for

README: Final = Path("README.md").read_text("utf-8")
CACHE: Final = (
    Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "vedette" / "readme"
)


def snippet(language: str) -> str:
    found = re.search(rf"```{language}\n(.*?)```", README, re.DOTALL)
    assert found is not None
    return found[1]


def run(server: Server, *words: str, folder: Path, **environment: str) -> None:
    done = subprocess.run(
        words,
        cwd=folder,
        env=os.environ | {"SENTRY_DSN": server.dsn} | environment,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]


def assert_readable(server: Server, language: str) -> None:
    for dataset, field, text in (
        ("errors", "title", f"*first error from {language}*"),
        ("spans", "span.description", f"first trace from {language}"),
    ):
        wait_for(
            lambda dataset=dataset, field=field, text=text: server.events(
                dataset, [field], f'{field}:"{text}"'
            ),  # type: ignore[misc] # bound per turn
            f"{text} in {dataset}",
        )


def test_python(server: Server, tmp_path: Path) -> None:
    (tmp_path / "first.py").write_text(snippet("python"))

    run(server, sys.executable, "first.py", folder=tmp_path)

    assert_readable(server, "Python")


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("npm") is None, reason="needs Node and npm")
def test_node(server: Server) -> None:
    folder = CACHE / "node"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "first.js").write_text(snippet("javascript"))
    if not (folder / "node_modules" / "@sentry" / "node").is_dir():
        run(
            server,
            "npm",
            "install",
            "--no-audit",
            "--no-fund",
            "@sentry/node@11.12.0",
            folder=folder,
        )

    run(server, "node", "first.js", folder=folder)

    assert_readable(server, "Node")


@pytest.mark.timeout(600)
@pytest.mark.skipif(shutil.which("go") is None, reason="needs Go")
def test_go(server: Server) -> None:
    folder = CACHE / "go"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "first.go").write_text(snippet("go"))
    if not (folder / "go.sum").is_file():
        (folder / "go.mod").unlink(missing_ok=True)
        run(server, "go", "mod", "init", "shop.example/first", folder=folder)
        run(server, "go", "get", "github.com/getsentry/sentry-go@v0.50.0", folder=folder)

    run(server, "go", "run", ".", folder=folder)

    assert_readable(server, "Go")


def test_opentelemetry(server: Server, tmp_path: Path) -> None:
    (tmp_path / "app.py").write_text(
        "from opentelemetry import trace\n"
        "with trace.get_tracer('shop').start_as_current_span('first trace from OpenTelemetry'):\n"
        "    pass\n"
    )
    command = snippet("sh").splitlines()[1]
    name, endpoint = (word for word in command.split() if "=" in word)
    assert name.startswith("OTEL_SERVICE_NAME=")
    assert endpoint == "OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4317", "gRPC, the default port"

    run(
        server,
        str(Path(sys.executable).with_name("opentelemetry-instrument")),
        sys.executable,
        "app.py",
        folder=tmp_path,
        OTEL_SERVICE_NAME="shop",
        OTEL_EXPORTER_OTLP_ENDPOINT=str(server.facts["otlp_grpc"]),
    )

    wait_for(
        lambda: server.events("spans", ["span.description"], "service:shop"), "the span of the shop"
    )
