"""How what a release did is judged: one function per kind, nothing when met, else why not."""

import time
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from contracts.contract import Expectation
from contracts.scene import Scene
from contracts.server import Json

QUIET_SECONDS: Final = 5.0
"""How long nothing must have come before an issue is called quiet; signals take one or two."""


def judge_new_in_release(wish: Expectation, scene: Scene) -> str:
    """The issue began with the release, and the release counts it as new."""
    issue = _issue(wish, scene)
    if not issue:
        return "no such issue yet"
    began = _text(issue.get("firstRelease"), "version")
    if began != wish.text("release"):
        return f"the issue began in {began or 'no release'}"
    new = scene.server.release(began).get("newGroups", 0)
    return "" if new else f"{began} does not count it as new"


def judge_suspect_commit(wish: Expectation, scene: Scene) -> str:
    """The commit that is most suspect is the one of the release."""
    issue = _issue(wish, scene)
    if not issue:
        return "no such issue yet"
    event = scene.server.latest_event(str(issue["id"]))
    suspects = scene.server.committers(_text(issue.get("project"), "slug"), str(event["eventID"]))
    commits = suspects[0].get("commits") if suspects else None
    if not isinstance(commits, list) or not commits:
        return "no commit is suspect yet"
    message = str(commits[0].get("message"))
    return "" if wish.text("commit") in message else f"suspect is {message!r}"


def judge_release_fails_more(wish: Expectation, scene: Scene) -> str:
    """The requests of a release fail more often than those of another."""
    fields = ["release", "failure_rate()", "count()"]
    query = f"project:{wish.text('project')} span.op:http.server"
    rows = scene.server.rows("spans", fields, query)
    rates = {str(row["release"]): float(str(row["failure_rate()"] or 0)) for row in rows}
    worse, better = rates.get(wish.text("release")), rates.get(wish.text("than"))
    if worse is None or better is None:
        return f"there are failure rates of {sorted(rates)} only"
    return "" if worse > better else f"{worse:.3f} of the requests fail, {better:.3f} before"


def judge_release_crashes(wish: Expectation, scene: Scene) -> str:
    """The health of a release is below that of another."""
    rates = scene.server.crash_free_rates(wish.text("project"))
    worse, better = rates.get(wish.text("release")), rates.get(wish.text("than"))
    if worse is None or better is None:
        return f"there are sessions of {sorted(rates)} only"
    return "" if worse < better else f"{worse:.3f} of the sessions are free of crashes, {better:.3f} before"


def judge_issue_is_quiet(wish: Expectation, scene: Scene) -> str:
    """Nothing came since the step, and the server knows what was deployed then."""
    if time.time() - scene.last(wish).at < QUIET_SECONDS:
        return "too early to call it quiet"
    issue = _issue(wish, scene)
    if not issue:
        return "no such issue"
    newest = scene.server.latest_event(str(issue["id"]))
    if _text(newest.get("release"), "version") == wish.text("release"):
        return f"its newest event is of {wish.text('release')}"
    deployed = scene.server.release(wish.text("release")).get("lastDeploy")
    return "" if deployed else f"no deploy of {wish.text('release')} is marked"


def judge_issue_state(wish: Expectation, scene: Scene) -> str:
    """The issue is in a state, and says since which release."""
    issue = _issue(wish, scene)
    if not issue:
        return "no such issue"
    for bound, name in (("status", "status"), ("substatus", "substatus"), ("regressed_in", "regressedIn")):
        wanted = wish.text(bound)
        if wanted and issue.get(name) != wanted:
            return f"its {name} is {issue.get(name)}"
    wanted = wish.text("resolved_in")
    resolved = _text(issue.get("statusDetails"), "inRelease")
    return f"it is resolved in {resolved or 'no release'}" if wanted and resolved != wanted else ""


def _issue(wish: Expectation, scene: Scene) -> Json:
    found = scene.server.issues(wish.text("query"))
    return found[0] if found else {}


def _text(part: object, name: str) -> str:
    return str(part.get(name) or "") if isinstance(part, dict) else ""


RELEASE_JUDGES: Final[MappingProxyType[str, Callable[[Expectation, Scene], str]]] = MappingProxyType(
    {
        "new_in_release": judge_new_in_release,
        "suspect_commit": judge_suspect_commit,
        "release_fails_more": judge_release_fails_more,
        "release_crashes": judge_release_crashes,
        "issue_is_quiet": judge_issue_is_quiet,
        "issue_state": judge_issue_state,
    }
)
