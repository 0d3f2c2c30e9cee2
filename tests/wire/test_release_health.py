"""Sessions of old and new SDKs become the health of a release."""

from collections.abc import Callable
from typing import Any, Final

import pytest

from tests.journey.server import wait_for
from tests.wire.installs import python_with, run
from tests.wire.project import ORGANIZATION, Project

PROGRAM: Final = """
import sys
import sentry_sdk
from sentry_sdk import sessions

dsn, version, mode = sys.argv[1:]
sentry_sdk.init(dsn, release=version, environment="production")
fatal = {"type": "KeyError", "value": "fatal", "mechanism": {"type": "generic", "handled": False}}
for number in range(4):
    if hasattr(sessions, "track_session"):
        scope = sentry_sdk.get_isolation_scope()
        tracked = sessions.track_session(scope, session_mode=mode)
    else:
        tracked = sessions.auto_session_tracking(sentry_sdk.Hub.current, session_mode=mode)
    with tracked:
        if number == 1:
            sentry_sdk.capture_exception(ValueError("handled"))
        if number == 2:
            sentry_sdk.capture_event({"exception": {"values": [fatal]}})
sentry_sdk.flush()
"""


def _sessions(project: Project, *fields: str, **more: Any) -> list[dict[str, Any]]:
    answer = project.server.get(
        f"{ORGANIZATION}/sessions/",
        field=list(fields),
        project=project.slug,
        statsPeriod="1d",
        interval="1h",
        **more,
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json()["groups"])


@pytest.mark.parametrize("mode", ["application", "request"])
@pytest.mark.parametrize("sdk", ["1.40.6", "2.75.0"])
def test_sessions_come_out_as_they_went(
    new_project: Callable[[str], Project], sdk: str, mode: str
) -> None:
    project = new_project(f"health-{sdk[0]}-{mode}")
    python = python_with(f"sentry-sdk-{sdk}", f"sentry-sdk=={sdk}")
    version = f"{project.slug}@1.0.0"

    run([str(python), "-W", "ignore", "-c", PROGRAM, project.dsn, version, mode])

    def counted() -> dict[str, int] | None:
        groups = _sessions(project, "sum(session)", groupBy=["release", "session.status"])
        counts = {each["by"]["session.status"]: each["totals"]["sum(session)"] for each in groups}
        return counts if sum(counts.values()) >= 4 else None

    counts = wait_for(counted, f"four sessions in {project.slug}")
    assert counts == {"healthy": 2, "errored": 1, "crashed": 1, "abnormal": 0, "unhandled": 0}
    [totals] = _sessions(project, "crash_free_rate(session)")
    assert totals["totals"]["crash_free_rate(session)"] == 0.75
    shown = project.server.get(f"{ORGANIZATION}/releases/{version}/", health="1")
    release = shown.json()
    health = release["projects"][0]["healthData"]
    assert (health["crashFreeSessions"], health["totalSessions"]) == (75, 4)
