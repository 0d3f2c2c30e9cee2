"""sentry-go, today's and that of years ago."""

from collections.abc import Callable

import pytest

from tests.wire.account import assert_account_balances
from tests.wire.installs import go_program, run
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

MODULE = "github.com/getsentry/sentry-go"


@pytest.fixture(scope="module", params=["0.50.0", "0.29.1"])
def sent(
    request: pytest.FixtureRequest, new_project: Callable[[str], Project]
) -> tuple[str, Project, Told]:
    version = request.param
    name = "sentry_go" if version == "0.50.0" else "sentry_go_old"
    program = go_program(name, f"{MODULE}@v{version}")
    project = new_project(f"go-{version.replace('.', '-')}")
    return version, project, told_by(run([str(program), project.dsn]))


def test_errors_and_messages(sent: tuple[str, Project, Told]) -> None:
    version, project, told = sent
    sdk = f"sentry.go@{version}"
    # Not the cause, although the old one numbers it first and calls the chain a group.
    assert_error_is_shown(project, told, sdk=sdk, error_type="*main.PaymentError")
    assert_message_is_shown(project, told)
    values = entry(project.event(told.error_id), "exception")["values"]
    assert [each["value"] for each in values] == ["no card", "card declined"]


def test_the_trace(sent: tuple[str, Project, Told]) -> None:
    _, project, told = sent
    assert_trace_is_shown(project, told, pay_status="deadline_exceeded")
    assert_attributes_are_kept(project, told)


def test_logs_and_metrics(sent: tuple[str, Project, Told]) -> None:
    version, project, told = sent
    if version == "0.29.1":
        assert project.rows("logs", ["id"]) == [], "the old one has neither"
        return
    assert_logs_are_shown(project, told, template="order %s of %d goods")
    assert_metrics_are_shown(project, told)


def test_everything_else_is_counted(sent: tuple[str, Project, Told]) -> None:
    version, project, _ = sent
    project.wait_for_outcome("monitor", "invalid", "not_yet_supported", count=1)
    if version != "0.29.1":
        project.wait_for_outcome("error", "client_discard", "before_send", count=1)
    assert_account_balances(project)
