"""sentry-java."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.wire.account import assert_account_balances
from tests.wire.installs import PROGRAMS, java_with, run
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

VERSION: Final = "8.62.0"


@pytest.fixture(scope="module")
def sent(
    new_project: Callable[[str], Project], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Project, Told]:
    jars = java_with(f"sentry-java-{VERSION}", f"io.sentry:sentry:{VERSION}")
    classes = tmp_path_factory.mktemp("classes")
    source = str(PROGRAMS / "sentry_java" / "Shop.java")
    run(["javac", "-cp", f"{jars}/*", "-d", str(classes), source])
    project = new_project("java")
    with wiretap(project.server.url) as tap:
        dsn = tap.through(project.dsn)
        told = told_by(run(["java", "-cp", f"{jars}/*:{classes}", "Shop", dsn]))
        assert tap.seen("content-encoding: gzip\r\n")
    return project, told


def test_errors_and_messages(sent: tuple[Project, Told]) -> None:
    project, told = sent
    sdk = f"sentry.java@{VERSION}"
    assert_error_is_shown(project, told, sdk=sdk, error_type="Shop$PaymentError")
    assert_message_is_shown(project, told)
    values = entry(project.event(told.error_id), "exception")["values"]
    assert [each["type"] for each in values] == ["IllegalStateException", "Shop$PaymentError"]


def test_the_trace(sent: tuple[Project, Told]) -> None:
    project, told = sent
    assert_trace_is_shown(project, told, pay_status="deadline_exceeded")
    assert_attributes_are_kept(project, told)


def test_logs_and_metrics(sent: tuple[Project, Told]) -> None:
    project, told = sent
    assert_logs_are_shown(project, told, template="order %s of %s goods")
    assert_metrics_are_shown(project, told)


def test_everything_else_is_counted(sent: tuple[Project, Told]) -> None:
    project, _ = sent
    project.wait_for_outcome("session", "accepted", count=2)
    project.wait_for_outcome("monitor", "invalid", "not_yet_supported", count=1)
    assert_account_balances(project)
