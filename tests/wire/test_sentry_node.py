"""@sentry/node, today's and those of years ago."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from tests.wire.account import assert_account_balances
from tests.wire.installs import node_with, run_node
from tests.wire.project import Project
from tests.wire.story import (
    Told,
    assert_attributes_are_kept,
    assert_error_is_shown,
    assert_logs_are_shown,
    assert_message_is_shown,
    assert_metrics_are_shown,
    assert_trace_is_shown,
    entry,
    told_by,
)
from tests.wire.wiretap import wiretap


@dataclass(frozen=True)
class Sent:
    version: str
    project: Project
    told: Told
    is_chunked: bool
    is_compressed: bool

    @property
    def major(self) -> int:
        return int(self.version.partition(".")[0])


@pytest.fixture(scope="module", params=["11.12.0", "8.55.2", "7.27.0"])
def sent(request: pytest.FixtureRequest, new_project: Callable[[str], Project]) -> Sent:
    version = request.param
    packages = [f"@sentry/node@{version}"]
    if version.startswith("7."):
        packages.append(f"@sentry/tracing@{version}")
    installed = node_with(f"sentry-node-{version}", *packages)
    project = new_project(f"node-{version.replace('.', '-')}")
    program = "sentry_node_old.js" if version.startswith("7.") else "sentry_node.js"
    with wiretap(project.server.url) as tap:
        told = told_by(run_node(installed, program, tap.through(project.dsn)))
        is_chunked = tap.seen("transfer-encoding: chunked\r\n")
        is_compressed = tap.seen("content-encoding: gzip\r\n")
    return Sent(version, project, told, is_chunked, is_compressed)


def test_errors_and_messages(sent: Sent) -> None:
    sdk = f"sentry.javascript.node@{sent.version}"
    assert_error_is_shown(sent.project, sent.told, sdk=sdk, error_type="PaymentError")
    assert_message_is_shown(sent.project, sent.told)
    event = sent.project.event(sent.told.error_id)
    types = [each["type"] for each in entry(event, "exception")["values"]]
    assert types == (["PaymentError"] if sent.major == 7 else ["TypeError", "PaymentError"])


def test_bodies_come_in_chunks_and_large_ones_compressed(sent: Sent) -> None:
    assert sent.is_chunked
    assert sent.is_compressed
    extra = sent.project.event(sent.told.message_id)["context"]
    assert len(str(extra["goods"])) > 32 * 1024, "the compressed one was taken in whole"


def test_the_trace(sent: Sent) -> None:
    # Streamed spans know only ok and error, and say the finer word beside it.
    assert_trace_is_shown(sent.project, sent.told, pay_status="deadline_exceeded")
    span = assert_attributes_are_kept(sent.project, sent.told)
    assert span["protocol"] == ("sentry_span" if sent.major == 11 else "sentry_transaction")


def test_logs_and_metrics(sent: Sent) -> None:
    if sent.major < 11:
        assert sent.project.rows("logs", ["id"]) == [], "older ones have neither"
        return
    assert_logs_are_shown(sent.project, sent.told, template="order %s of %s goods")
    assert_metrics_are_shown(sent.project, sent.told)


def test_everything_else_is_counted(sent: Sent) -> None:
    sent.project.wait_for_outcome("session", "accepted", count=1)
    if sent.major > 7:
        sent.project.wait_for_outcome("monitor", "invalid", "not_yet_supported", count=1)
        sent.project.wait_for_outcome("error", "client_discard", "before_send", count=1)
    assert_account_balances(sent.project)
