"""The client that is generated from Sentry's own API description, unmodified."""

import json
from collections.abc import Callable

from tests.wire.installs import PROGRAMS, node_with, run
from tests.wire.project import Project

VERSION = "0.1.0"


def test_a_generated_client_finds_what_it_was_generated_for(
    new_project: Callable[[str], Project],
) -> None:
    installed = node_with(f"sentry-api-{VERSION}", f"@sentry/api@{VERSION}")
    client = installed / "node_modules" / "@sentry" / "api" / "dist" / "index.js"
    project = new_project("generated")
    error = {"type": "ValueError", "value": "no stock"}
    sent = project.server.client.post(
        f"{project.server.url}/api/{project.project_id}/store/",
        params={"sentry_key": project.key},
        json={"event_id": "6" * 32, "platform": "python", "exception": {"values": [error]}},
    )
    assert sent.status_code == 200, sent.text
    project.event("6" * 32)

    server = project.server
    program = str(PROGRAMS / "sentry_api_client.mjs")
    printed = run(["node", program, str(client), server.url, server.token, project.slug])

    assert json.loads(printed) == {
        "organization": "default",
        "team": "generated-team",
        "born": "generated-born",
        "teamProjects": ["generated", "generated-born"],
        "renamed": "Renamed",
        "limit": {"window": 3600, "count": 10},
        "keyOff": False,
        "keys": 1,
        "role": "manager",
        "release": "generated@4.5.6",
        "deploys": ["staging"],
        "commits": ["abc"],
        "ref": "main",
        "releases": ["generated@4.5.6"],
        "environments": ["staging"],
        "sessions": 1,
        "issue": "ValueError: no stock",
        "status": "resolved",
    }
