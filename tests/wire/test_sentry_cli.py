"""sentry-cli, which sends events from shells."""

import re
from collections.abc import Callable
from typing import Final

from tests.wire.installs import node_with, run
from tests.wire.project import Project
from tests.wire.story import assert_tags

VERSION: Final = "3.8.0"


def test_an_event_from_a_shell(new_project: Callable[[str], Project]) -> None:
    installed = node_with(f"sentry-cli-{VERSION}", f"@sentry/cli@{VERSION}")
    project = new_project("cli")
    command = [str(installed / "node_modules" / ".bin" / "sentry-cli"), "send-event"]
    facts = ["-m", "stock is low", "-l", "warning", "-r", "shop@1.2.3", "-E", "wire"]
    more = ["-t", "till:4", "-u", "id:u-7", "--no-environ"]

    printed = run([*command, *facts, *more], environment={"SENTRY_DSN": project.dsn})

    found = re.search(r"[0-9a-f-]{36}", printed)
    assert found is not None
    event = project.event(found[0].replace("-", ""))
    assert event["title"] == "stock is low"
    assert event["user"]["id"] == "u-7"
    assert_tags(event, environment="wire", release="shop@1.2.3", level="warning", till="4")
