"""The checks that contracts may name: each looks once and says yes or no."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeAlias

import httpx
import psycopg
from psycopg.rows import dict_row

from ticketing.platform.supervision import SITES
from ticketing.scenario_steps import FOREIGN_TRACE_ID

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from psycopg.rows import DictRow

    from ticketing.scenario_steps import Run

Check: TypeAlias = "Callable[[Run, Mapping[str, object]], bool]"

TRACED_SITES: Final = ("pass-lounge", "gate-scanner")
VEDETTE_ORGANIZATION: Final = "default"


def sites_healthy(run: Run, _given: Mapping[str, object]) -> bool:
    """Every site answers."""
    return all(run.visitor.get(site, "/healthz").is_success for site in SITES)


def nothing_waits(run: Run, _given: Mapping[str, object]) -> bool:
    """No span waits in a queue, so that what is counted later belongs to this scenario."""
    return all(run.visitor.span_counts(site)["waiting"] == 0 for site in TRACED_SITES)


def order_answered(run: Run, given: Mapping[str, object]) -> bool:
    """The statuses of all orders so far."""
    return [placed.status for placed in run.orders] == given["statuses"]


def scan_answered(run: Run, given: Mapping[str, object]) -> bool:
    """What the gate said, scan by scan: `admitted` or the name of the refusal."""
    return [scan["reason"] or scan["outcome"] for scan in run.scans] == given["answers"]


def webhook_answered(run: Run, given: Mapping[str, object]) -> bool:
    """The statuses of all webhooks so far."""
    return run.webhook_statuses == given["statuses"]


def journey_stored(run: Run, given: Mapping[str, object]) -> bool:
    """The trace holds these spans of these services, and no span lost its parent."""
    spans = _ask(run, "SELECT * FROM get_trace_tree(%s)", _trace_id(run, given))
    has_names = set(_texts(given, "spans")) <= {span["span_name"] for span in spans}
    has_services = set(_texts(given, "services")) <= {span["service_name"] for span in spans}
    orphans = [span for span in spans if span["is_parent_missing"]]
    is_whole = not orphans or bool(given.get("is_root_elsewhere"))
    return bool(spans) and has_names and has_services and is_whole


def journey_on_page(run: Run, given: Mapping[str, object]) -> bool:
    """The admin's page of the trace shows these words."""
    page = run.visitor.admin_get(f"/admin/traces/{_trace_id(run, given)}")
    return page.is_success and all(words in page.text for words in _texts(given, "words"))


def listed(run: Run, given: Mapping[str, object]) -> bool:
    """The admin's list with these filters shows the trace."""
    page = run.visitor.admin_get(f"/admin/traces?{given['filters']}")
    return page.is_success and f"/admin/traces/{_trace_id(run, given)}" in page.text


def scans_logged(run: Run, given: Mapping[str, object]) -> bool:
    """`get_scan_logs_by_trace` returns these outcomes for the trace of the order."""
    rows = _ask(run, "SELECT * FROM get_scan_logs_by_trace(%s)", run.trace_id)
    return [row["reason"] or row["outcome"] for row in rows] == given["answers"]


def scan_linked(run: Run, given: Mapping[str, object]) -> bool:
    """A scan with a trace of its own links to the trace of the order."""
    spans = _ask(run, "SELECT links FROM get_trace_tree(%s)", FOREIGN_TRACE_ID)
    linked = {link["trace_id"] for span in spans for link in span["links"]}
    return (run.trace_id in linked) is given.get("is_linked", True)


def slow_traces_hold(run: Run, given: Mapping[str, object]) -> bool:
    """`get_slow_traces` returns the order."""
    rows = _ask(run, "SELECT trace_id FROM get_slow_traces(%s, 1000)", given["min_duration_ms"])
    return run.trace_id in {row["trace_id"] for row in rows}


def error_traces_hold(run: Run, _given: Mapping[str, object]) -> bool:
    """`get_error_traces` returns the order."""
    rows = _ask(run, "SELECT trace_id FROM get_error_traces(1000)")
    return run.trace_id in {row["trace_id"] for row in rows}


def spans_dropped(run: Run, _given: Mapping[str, object]) -> bool:
    """More spans of the lounge were counted as dropped than before."""
    return run.visitor.span_counts("pass-lounge")["dropped"] > run.dropped_before


def spans_flow(run: Run, _given: Mapping[str, object]) -> bool:
    """The trace of the latest order is stored, so the exporter has recovered."""
    return bool(_ask(run, "SELECT 1 FROM get_trace_tree(%s)", run.orders[-1].trace_id))


def vedette_shows(run: Run, given: Mapping[str, object]) -> bool:
    """The server's own trace holds the same spans."""
    path = f"/api/0/organizations/{VEDETTE_ORGANIZATION}/trace/{_trace_id(run, given)}/"
    answer = _ask_vedette(run, path)
    if not answer.is_success:
        return False
    names = set(_span_names(answer.json()))
    return set(_texts(given, "spans")) <= names


def vedette_joins(run: Run, _given: Mapping[str, object]) -> bool:
    """The server's journey of the order holds the trace that the scan brought."""
    answer = _ask_vedette(run, f"/api/v1/traces/{run.trace_id}/journey")
    if not answer.is_success:
        return False
    traces = {trace["traceId"]: trace["isMissing"] for trace in answer.json()["traces"]}
    return traces.get(run.trace_id) is False and traces.get(FOREIGN_TRACE_ID) is False


CHECKS: Final[Mapping[str, Check]] = {
    check.__name__: check
    for check in (
        sites_healthy, nothing_waits, order_answered, scan_answered, webhook_answered,
        journey_stored, journey_on_page, listed,
        scans_logged, scan_linked, slow_traces_hold, error_traces_hold, spans_dropped, spans_flow,
        vedette_shows, vedette_joins,
    )
}  # fmt: skip


def _ask_vedette(run: Run, path: str) -> httpx.Response:
    return httpx.get(
        run.environment["VEDETTE_URL"].rstrip("/") + path,
        headers={"authorization": f"Bearer {run.environment.get('VEDETTE_TOKEN', '')}"},
        timeout=10,
    )


def _span_names(node: object) -> Iterator[str]:
    """All names in a trace as Sentry's API gives it: nested by `children`."""
    if isinstance(node, list):
        for one in node:
            yield from _span_names(one)
    if isinstance(node, dict):
        for key in ("name", "description", "transaction", "op"):
            if isinstance(node.get(key), str):
                yield node[key]
        yield from _span_names(node.get("children"))


def _trace_id(run: Run, given: Mapping[str, object]) -> str:
    return FOREIGN_TRACE_ID if given.get("trace") == "foreign" else run.trace_id


def _texts(given: Mapping[str, object], name: str) -> list[str]:
    values = given.get(name, [])
    assert isinstance(values, list), f"{name} must be a list"
    return [str(value) for value in values]


def _ask(run: Run, question: str, *values: object) -> list[DictRow]:
    keys = run.layout.secrets
    url = run.layout.journal.url("postgres", "ticketing_trace_reader", keys.trace_reader)
    try:
        with psycopg.connect(url, connect_timeout=2, row_factory=dict_row) as connection:
            return connection.execute(question.encode(), list(values)).fetchall()
    except psycopg.OperationalError:
        return []  # the journal may be stopped: then nothing is seen there
