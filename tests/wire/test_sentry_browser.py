"""@sentry/browser in a page of another origin than the server's."""

import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import pytest
from typing_extensions import override

from tests.wire.account import assert_account_balances
from tests.wire.installs import PROGRAMS, node_with, run, run_node
from tests.wire.project import Project
from tests.wire.story import (
    Told,
    assert_attributes_are_kept,
    assert_error_is_shown,
    assert_logs_are_shown,
    assert_message_is_shown,
    assert_metrics_are_shown,
    assert_trace_is_shown,
    told_by,
)

VERSION: Final = "11.12.0"


@dataclass(frozen=True)
class Visit:
    project: Project
    told: Told
    answers: dict[str, Any]


@pytest.fixture(scope="module")
def visit(new_project: Callable[[str], Project], tmp_path_factory: pytest.TempPathFactory) -> Visit:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("needs Chromium")
    installed = node_with(
        f"sentry-browser-{VERSION}",
        f"@sentry/browser@{VERSION}",
        "esbuild@0.28.2",
        "playwright-core@1.65.1",
    )
    project = new_project("browser")
    project.limit("attachment", count=0)
    script = bundle(installed, tmp_path_factory.mktemp("page"))
    with page_server(script) as origin:
        url = f"{origin}/?{urlencode({'dsn': project.dsn})}"
        printed = run_node(installed, "browser_driver.js", chromium, url)
    answers = json.loads(printed.splitlines()[-1])
    assert "problem" not in answers, answers
    return Visit(project, told_by(json.dumps(answers["facts"])), answers)


def bundle(installed: Path, folder: Path) -> bytes:
    source = str(PROGRAMS / "sentry_browser.js")
    script = folder / "page.js"
    command = [str(installed / "node_modules" / ".bin" / "esbuild"), source, "--bundle"]
    modules = {"NODE_PATH": str(installed / "node_modules")}
    run([*command, f"--outfile={script}", "--log-level=error"], environment=modules)
    return script.read_bytes()


@contextmanager
def page_server(script: bytes) -> Iterator[str]:
    """Serve a page with one script."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            is_script = self.path == "/page.js"
            body = script if is_script else b"<h1>Shop</h1><script src='/page.js'></script>"
            self.send_response(200)
            self.send_header("content-type", "text/javascript" if is_script else "text/html")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def test_errors_and_messages(visit: Visit) -> None:
    sdk = f"sentry.javascript.browser@{VERSION}"
    assert_error_is_shown(visit.project, visit.told, sdk=sdk, error_type="PaymentError")
    assert_message_is_shown(visit.project, visit.told)


def test_errors_and_logs_name_the_replay_they_happened_in(visit: Visit) -> None:
    [error] = visit.project.wait_for_rows("errors", ["replayId"], f"id:{visit.told.error_id}")
    lines = visit.project.wait_for_rows("logs", ["replayId"], count=2)

    assert len(error["replayId"]) == 32
    assert {each["replayId"] for each in lines} == {error["replayId"]}


def test_the_trace(visit: Visit) -> None:
    assert_trace_is_shown(visit.project, visit.told, pay_status="deadline_exceeded")
    assert_attributes_are_kept(visit.project, visit.told)


def test_the_page_load_is_a_segment_of_its_own(visit: Visit) -> None:
    rows = visit.project.wait_for_rows(
        "spans", ["span.op", "span.duration", "trace"], "is_transaction:true span.op:pageload"
    )
    assert rows[0]["trace"] != visit.told.trace_id


def test_logs_and_metrics(visit: Visit) -> None:
    assert_logs_are_shown(visit.project, visit.told, template="order %s of %s goods")
    assert_metrics_are_shown(visit.project, visit.told)


def test_a_page_of_another_origin_may_read_how_long_to_wait(visit: Visit) -> None:
    for name in ("simple", "asked"):
        answer = visit.answers[name]
        assert answer["status"] == 429, f"{name}: {answer}"
        seconds, categories, scope, reason = answer["limits"].split(":")
        assert (categories, scope, reason) == ("attachment", "project", "over_quota")
        assert int(answer["retry"]) == int(seconds) > 0


def test_everything_else_is_counted(visit: Visit) -> None:
    visit.project.wait_for_outcome("session", "accepted", count=1)
    visit.project.wait_for_outcome("replay", "invalid", "not_yet_supported", count=2)
    visit.project.wait_for_outcome("attachment", "rate_limited", "over_quota", count=2)
    assert_account_balances(visit.project)
