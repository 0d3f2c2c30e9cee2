"""How each kind of expectation is judged: one function per kind, nothing when met, else why not."""

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Final

from contracts.contract import Expectation
from contracts.release_expectations import RELEASE_JUDGES
from contracts.scene import Scene
from contracts.server import Json, Span

CONFIDENCE: Final = 3.3
"""Standard errors: one honest run in a thousand fails."""
RATE_TOLERANCE: Final = 1e-9


def judge(wish: Expectation, scene: Scene) -> str:
    """Return an empty text when the expectation is met, else the reason why it is not."""
    return JUDGES[wish.kind](wish, scene)


def judge_trace(wish: Expectation, scene: Scene) -> str:
    """One trace, all services, both SDK families, right number of roots, nothing orphaned."""
    spans = scene.server.trace(scene.last(wish).trace_id)
    missing = [name for name in wish.texts("services") if name not in {span.service for span in spans}]
    if missing:
        return f"no span yet of {', '.join(missing)}"
    known = {span.span_id for span in spans}
    roots = [span for span in spans if not span.parent_id]
    orphans = [span for span in spans if span.parent_id and span.parent_id not in known]
    if len(roots) != wish.number("roots", 1):
        return f"{len(roots)} roots: {[span.name for span in roots]}"
    if orphans:
        return f"{len(orphans)} spans whose parent is missing, such as {orphans[0].name}"
    return _parents_are_right(wish, spans)


def _parents_are_right(wish: Expectation, spans: list[Span]) -> str:
    """Follow the chain of services that the bound `chain` names: each below the one before."""
    by_id = {span.span_id: span for span in spans}
    for above, below in zip(wish.texts("chain"), wish.texts("chain")[1:], strict=False):
        entries = [span for span in spans if span.service == below]
        parents = {by_id[span.parent_id].service for span in entries if span.parent_id in by_id}
        if above not in parents:
            return f"{below} hangs below {sorted(parents - {below})}, not below {above}"
    return ""


def judge_service_map(wish: Expectation, scene: Scene) -> str:
    """The map has the calls that are named, each as `caller > callee`."""
    calls = scene.server.calls()
    wanted = {tuple(call.split(" > ")) for call in wish.texts("calls")}
    missing = sorted(" > ".join(call) for call in wanted - calls)
    return f"the map does not know {', '.join(missing)}" if missing else ""


def judge_span(wish: Expectation, scene: Scene) -> str:
    """Enough spans of a kind, long enough."""
    spans = [
        span
        for span in scene.server.trace(scene.last(wish).trace_id)
        if span.service == wish.text("service")
        and wish.text("op") in span.op
        and wish.text("name_contains") in span.name
        and span.duration_ms >= wish.number("duration_ms_min")
        and span.self_ms >= wish.number("self_ms_min")
    ]
    wanted = wish.number("count_min", 1)
    return "" if len(spans) >= wanted else f"{len(spans)} such spans of {wanted:.0f}"


def judge_event(wish: Expectation, scene: Scene) -> str:
    """An error report: right title, service, frame on top, user, runtime state, in the step's trace."""
    observed = scene.last(wish)
    query = f"fault.id:{observed.fault_id}" if observed.fault_id else wish.text("query")
    rows = scene.server.rows("errors", ["id", "title", "project", "trace", "timestamp"], query, "-timestamp")
    found = [row for row in rows if wish.text("title") in str(row.get("title"))]
    if not observed.fault_id:  # what happens in a browser has no id of ours: take the service's own
        found = [
            row for row in found if str(row.get("project")).removeprefix("igaming-") == wish.text("service")
        ]
    if not found:
        return "no such error yet"
    row = found[0]
    if str(row.get("project")).removeprefix("igaming-") != wish.text("service"):
        return f"it belongs to {row.get('project')}"
    if observed.trace_id and row.get("trace") != observed.trace_id:
        return "it is not in the trace of its cause"
    return _event_is_whole(wish, scene.server.event(str(row["project"]), str(row["id"])))


def judge_issue(wish: Expectation, scene: Scene) -> str:
    """An issue of its own: right title and service, counted as often as it was triggered."""
    times = scene.observed[wish.step]
    query = f"fault.id:{times[-1].fault_id}" if times[-1].fault_id else wish.text("query")
    found = [issue for issue in scene.server.issues(query) if wish.text("title") in str(issue.get("title"))]
    if not times[-1].fault_id:  # what happens in a browser has no id of ours: take the service's own
        found = [issue for issue in found if _project_of(issue) == wish.text("service")]
    if not found:
        return "no such issue yet"
    issue = found[0]
    if _project_of(issue) != wish.text("service") and wish.text("service"):
        return f"it belongs to {_project_of(issue)}"
    if int(str(issue.get("count", 0))) < len(times):
        return f"counted {issue.get('count')} of {len(times)}"
    return ""


def _event_is_whole(wish: Expectation, event: Json) -> str:
    contexts = event.get("contexts")
    if not isinstance(contexts, dict) or "runtime_state" not in contexts:
        return "the event does not say what state the process was in"
    user = event.get("user")
    if not wish.bounds.get("without_user") and not (isinstance(user, dict) and user.get("id")):
        return "the event does not say who was served"
    wanted = wish.text("top_function")
    frame = _top_frame(event)
    actual = str(frame.get("function") or "")
    if wanted not in actual:
        return f"the frame on top is {actual!r}, not {wanted!r}"
    file, source = str(frame.get("filename") or ""), wish.text("top_file")
    return "" if file.endswith(source) else f"the frame on top lies in {file!r}, not in {source!r}"


def judge_finding(wish: Expectation, scene: Scene) -> str:
    """A performance issue of one of the right kinds, found in the trace of the step."""
    observed = scene.last(wish)
    query = f"issue.category:performance trace:{observed.trace_id}"
    kinds = wish.texts("issue_types")
    for issue in scene.server.issues(query):
        kind = str(issue.get("issueType", ""))
        if any(wanted in kind for wanted in kinds):
            return ""
    return f"no performance issue of kind {' or '.join(kinds)} yet"


def judge_profile(wish: Expectation, scene: Scene) -> str:
    """A profile of the trace whose busiest frame is the one named."""
    busiest = scene.server.busiest_frame(f"trace:{scene.last(wish).trace_id}")
    if not busiest:
        return "no profile of this trace yet"
    return "" if busiest == wish.text("top_function") else f"the busiest frame is {busiest}"


def judge_metric(wish: Expectation, scene: Scene) -> str:
    """A metric has arrived since the scenario began."""
    rows = scene.server.rows("tracemetrics", ["metric.name", "count()"], f"metric.name:{wish.text('metric')}")
    return "" if rows else f"no value of {wish.text('metric')} yet"


def judge_metric_grows(wish: Expectation, scene: Scene) -> str:
    """A metric's largest value is far above its smallest: a leak's trend."""
    name = wish.text("metric")
    rows = scene.server.rows("tracemetrics", ["min(value)", "max(value)"], f"metric.name:{name}")
    values = [value for row in rows for value in row.values() if isinstance(value, int | float)]
    if not values:
        return f"no value of {name} yet"
    return (
        ""
        if max(values) >= wish.number("growth_min", 2) * max(min(values), 1)
        else f"{name} does not grow: {values}"
    )


def judge_business(wish: Expectation, scene: Scene) -> str:
    """The business's figures agree with the mathematics, the ledger and the session store."""
    figures = scene.visitor.figures()
    games = figures.get("games")
    if not isinstance(games, dict):
        return "no round was counted yet"
    for promised in scene.visitor.games():
        played = games.get(str(promised["name"]))
        if not played or played["rounds"] < wish.number("rounds_min", 200):
            continue
        error = math.sqrt(float(str(promised["win_variance"])) / played["rounds"])
        distance = abs(played["return_to_player"] - float(str(promised["return_to_player"])))
        if distance > CONFIDENCE * error:
            allowed = f"{CONFIDENCE * error:.3f}"
            return f"return to player of {promised['name']} is off by {distance:.3f}, allowed are {allowed}"
    return _ledger_agrees(figures, games)


def _ledger_agrees(figures: dict[str, object], games: dict[str, Json]) -> str:
    counted = sum(int(str(game["bet"])) for game in games.values())
    booked = int(str(figures.get("bet_cents", 0)))
    if counted != booked:
        return f"statistics counted bets of {counted} cents, the ledger {booked}"
    made, succeeded = (int(str(figures.get(f"payment_count{part}", 0))) for part in ("", "_succeeded"))
    rate = float(str(figures.get("payment_success_rate") or 0))
    if made and abs(rate - succeeded / made) > RATE_TOLERANCE:
        return f"success rate {rate} does not agree with {succeeded} of {made}"
    return ""


def judge_quiet(_wish: Expectation, scene: Scene) -> str:
    """No error since the scenario began, and no issue either where the server makes some."""
    errors = scene.server.errors_since(scene.started_at)
    if errors:
        return f"{len(errors)} errors, such as {errors[0].get('title')}"
    issues = [] if scene.server.lacks("issues") else scene.server.issues_since(scene.started_at)
    return f"{len(issues)} issues, such as {issues[0].get('title')}" if issues else ""


def _project_of(issue: Json) -> str:
    project = issue.get("project")
    return str(project.get("slug", "")).removeprefix("igaming-") if isinstance(project, dict) else ""


def _top_frame(event: Json) -> Json:
    """Return the innermost frame of the application in the exception that was raised."""
    entries = event.get("entries")
    for entry in entries if isinstance(entries, list) else []:
        if entry.get("type") != "exception":
            continue
        values = entry["data"]["values"]
        frames: list[Json] = ((values[-1].get("stacktrace") or {}).get("frames")) or []
        own = [frame for frame in frames if frame.get("inApp") or frame.get("in_app")]
        return own[-1] if own else {}
    return {}


JUDGES: Final[MappingProxyType[str, Callable[[Expectation, Scene], str]]] = MappingProxyType(
    {
        "trace": judge_trace,
        "span": judge_span,
        "service_map": judge_service_map,
        "event": judge_event,
        "issue": judge_issue,
        "finding": judge_finding,
        "profile": judge_profile,
        "metric": judge_metric,
        "metric_grows": judge_metric_grows,
        "business": judge_business,
        "quiet": judge_quiet,
        **RELEASE_JUDGES,
    }
)
