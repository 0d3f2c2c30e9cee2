"""A quota is told in a way that SDKs heed: they fall silent, and say later what they kept back."""

from collections.abc import Callable
from typing import Final

import pytest

from tests.wire.installs import PROGRAMS, node_with, python_with, run, run_node
from tests.wire.project import Project

PYTHON: Final = "2.75.0"
NODE: Final = "11.12.0"


def python(dsn: str) -> None:
    interpreter = python_with(f"sentry-sdk-{PYTHON}", f"sentry-sdk=={PYTHON}")
    run([str(interpreter), str(PROGRAMS / "limited_python.py"), dsn])


def node(dsn: str) -> None:
    run_node(node_with(f"sentry-node-{NODE}", f"@sentry/node@{NODE}"), "limited_node.js", dsn)


@pytest.mark.parametrize("tell", [python, node])
def test_an_sdk_that_is_told_of_a_quota_falls_silent_and_reports_it(
    tell: Callable[[str], None], new_project: Callable[[str], Project]
) -> None:
    project = new_project(f"limited-{tell.__name__}")
    project.limit("error", count=2)

    tell(project.dsn)

    project.wait_for_outcome("error", "client_discard", "ratelimit_backoff", count=2)
    project.wait_for_outcome("error", "rate_limited", "over_quota", count=1)
    rows = project.wait_for_rows("errors", ["title"], count=2)
    assert {each["title"] for each in rows} == {"problem 0", "problem 1"}
    project.wait_for_rows("spans", ["span.name"], 'span.name:"still heard"')
    assert project.outcomes()[("error", "rate_limited", "over_quota")] == 1, "it fell silent"
