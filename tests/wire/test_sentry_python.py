"""sentry-sdk for Python, today's and those of years ago."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.wire.account import assert_account_balances
from tests.wire.installs import PROGRAMS, python_with, run
from tests.wire.project import Project
from tests.wire.story import (
    Told,
    assert_attributes_are_kept,
    assert_error_is_shown,
    assert_logs_are_shown,
    assert_message_is_shown,
    assert_metrics_are_shown,
    assert_tags,
    assert_trace_is_shown,
    entry,
    told_by,
)
from tests.wire.wiretap import wiretap

NOW: Final = "2.75.0"


@pytest.fixture(scope="module", params=["static", "stream"])
def today(
    request: pytest.FixtureRequest, new_project: Callable[[str], Project]
) -> tuple[str, Project, Told]:
    lifecycle = request.param
    python = python_with(f"sentry-sdk-{NOW}", f"sentry-sdk=={NOW}")
    project = new_project(f"python-now-{lifecycle}")
    printed = run([str(python), str(PROGRAMS / "sentry_python.py"), lifecycle, project.dsn])
    return lifecycle, project, told_by(printed)


def test_errors_and_messages_of_today(today: tuple[str, Project, Told]) -> None:
    _, project, told = today
    sdk = f"sentry.python@{NOW}"
    assert_error_is_shown(project, told, sdk=sdk, error_type="PaymentError")
    assert_message_is_shown(project, told)
    event = project.event(told.error_id)
    assert_tags(event, server_name="till-1", transaction="checkout")
    assert [each["type"] for each in entry(event, "exception")["values"]] == [
        "KeyError",
        "PaymentError",
    ]


def test_the_trace_of_today(today: tuple[str, Project, Told]) -> None:
    lifecycle, project, told = today
    # Streamed spans know only ok and error; transactions have finer words.
    status = "deadline_exceeded" if lifecycle == "static" else "error"
    assert_trace_is_shown(project, told, pay_status=status)
    span = assert_attributes_are_kept(project, told)
    protocol = "sentry_transaction" if lifecycle == "static" else "sentry_span"
    assert span["protocol"] == protocol


def test_logs_and_metrics_of_today(today: tuple[str, Project, Told]) -> None:
    _, project, told = today
    assert_logs_are_shown(project, told, template="order {order} of {count} goods")
    assert_metrics_are_shown(project, told)
    [line] = project.wait_for_rows("logs", ["message.template", "logger"], "message:bank*")
    assert line == {"message.template": "bank %s said no", "logger": "shop.checkout"}


def test_everything_else_of_today_is_counted(today: tuple[str, Project, Told]) -> None:
    lifecycle, project, _ = today
    project.wait_for_outcome("session", "accepted", count=1)
    project.wait_for_outcome("error", "client_discard", "before_send", count=1)
    project.wait_for_outcome("internal", "accepted", count=1)
    project.wait_for_outcome("monitor", "invalid", "not_yet_supported", count=1)
    if lifecycle == "static":
        project.wait_for_outcome("profile", "invalid", "not_yet_supported", count=1)
    assert_account_balances(project)


@pytest.mark.parametrize("compression", ["gzip", "br"])
def test_bodies_come_compressed_as_the_app_can(
    compression: str, new_project: Callable[[str], Project]
) -> None:
    more = ("brotli==1.2.0",) if compression == "br" else ()
    name = f"sentry-sdk-{NOW}-brotli" if more else f"sentry-sdk-{NOW}"
    python = python_with(name, f"sentry-sdk=={NOW}", *more)
    project = new_project(f"python-{compression}")

    with wiretap(project.server.url) as tap:
        dsn = tap.through(project.dsn)
        told = told_by(run([str(python), str(PROGRAMS / "sentry_python.py"), "static", dsn]))

        assert tap.seen(f"content-encoding: {compression}\r\n")
    assert_message_is_shown(project, told)
    assert_trace_is_shown(project, told, pay_status="deadline_exceeded")


@pytest.fixture(scope="module", params=["1.40.6", "1.14.0"])
def old(
    request: pytest.FixtureRequest, new_project: Callable[[str], Project]
) -> tuple[str, Project, Told, bool]:
    version = request.param
    python = python_with(f"sentry-sdk-{version}", f"sentry-sdk=={version}", "urllib3==2.2.3")
    project = new_project(f"python-{version.replace('.', '-')}")
    with wiretap(project.server.url) as tap:
        dsn = tap.through(project.dsn)
        told = told_by(run([str(python), str(PROGRAMS / "sentry_python_old.py"), dsn]))
        uses_store = tap.seen(f"POST /api/{project.project_id}/store/")
    return version, project, told, uses_store


def test_errors_and_messages_of_old(old: tuple[str, Project, Told, bool]) -> None:
    version, project, told, uses_store = old
    assert uses_store is (version == "1.14.0"), "the oldest sends errors to the old door"
    sdk = f"sentry.python@{version}"
    assert_error_is_shown(project, told, sdk=sdk, error_type="PaymentError")
    assert_message_is_shown(project, told)


def test_the_trace_of_old(old: tuple[str, Project, Told, bool]) -> None:
    _, project, told, _ = old
    assert_trace_is_shown(project, told, pay_status="deadline_exceeded")
    assert_attributes_are_kept(project, told)
    project.wait_for_outcome("session", "accepted", count=1)
    assert_account_balances(project)
