"""Files and feedback as today's sentry-sdk for Python sends them."""

import json
from collections.abc import Callable

from tests.journey.server import wait_for
from tests.wire.account import assert_account_balances
from tests.wire.installs import PROGRAMS, python_with, run
from tests.wire.project import Project
from tests.wire.test_sentry_python import NOW


def test_files_and_feedback_belong_to_their_event(new_project: Callable[[str], Project]) -> None:
    python = python_with(f"sentry-sdk-{NOW}", f"sentry-sdk=={NOW}")
    project = new_project("python-files")
    printed = run([str(python), str(PROGRAMS / "sentry_python_files.py"), project.dsn])
    told = json.loads(printed)
    of_project = f"/api/0/projects/default/{project.slug}"
    path = f"{of_project}/events/{told['error_id']}/attachments/"
    project.wait_for_outcome("feedback", "accepted", count=1)
    project.wait_for_outcome("attachment", "accepted", count=2)

    event = project.event(told["error_id"])
    files = {
        each["name"]: each
        for each in wait_for(lambda: project.server.get(path).json(), "the files")
    }
    raw = project.server.get(f"{path}{files['raw.bin']['id']}/", download="1")
    [feedback] = wait_for(
        lambda: project.server.get(f"{of_project}/user-feedback/").json(), "the feedback"
    )

    assert set(files) == {"raw.bin", "till.log"}
    assert files["till.log"]["mimetype"] == "text/plain"
    assert raw.content == bytes(range(256))
    assert raw.headers["x-content-type-options"] == "nosniff"
    assert feedback == event["userReport"]
    assert (feedback["id"], feedback["eventID"]) == (told["feedback_id"], told["error_id"])
    assert (feedback["name"], feedback["email"]) == ("Ann", "ann@example.test")
    assert feedback["comments"] == "nothing can be bought"
    assert_account_balances(project)
