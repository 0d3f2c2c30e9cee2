"""A trace with a fault becomes a performance issue: seen once, counted exactly, told whole."""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.journey.server import Server, running_server, wait_for

MS = 1_000_000


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("findings") / "data") as running:
        yield running


def otlp_span(
    trace_id: str, parent_id: str, name: str, start_ns: int, end_ns: int, **more: Any
) -> dict[str, Any]:
    attributes = [
        {"key": key.replace("__", "."), "value": {"stringValue": value}}
        for key, value in more.items()
        if key != "kind"
    ]
    return {
        "traceId": trace_id,
        "spanId": secrets.token_hex(8),
        "parentSpanId": parent_id,
        "name": name,
        "kind": more.get("kind", 3),
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(end_ns),
        "attributes": attributes,
    }


def n_plus_one_trace(route: str, query_count: int) -> tuple[str, dict[str, Any], list[Any]]:
    """Return the id of a trace, its request, and its queries: first one, then many."""
    trace_id, start_ns = secrets.token_hex(16), time.time_ns() - 500 * MS
    end_ns = start_ns + (query_count + 2) * 12 * MS
    request = otlp_span(trace_id, "", f"GET {route}", start_ns, end_ns, kind=2, http__route=route)
    texts = ["SELECT id FROM orders LIMIT 25"]
    texts += [f"SELECT * FROM customers WHERE id = {number}" for number in range(query_count)]
    queries = [
        otlp_span(
            trace_id,
            request["spanId"],
            "SELECT shop",
            start_ns + place * 12 * MS,
            start_ns + (place * 12 + 11) * MS,
            db__system="postgresql",
            db__statement=text,
        )
        for place, text in enumerate(texts)
    ]
    return trace_id, request, queries


def send(server: Server, spans: list[Any]) -> None:
    body = {
        "resourceSpans": [
            {
                "resource": {
                    "attributes": [{"key": "service.name", "value": {"stringValue": "shop"}}]
                },
                "scopeSpans": [{"spans": spans}],
            }
        ]
    }
    answer = server.client.post(
        f"{server.facts['otlp_http']}/v1/traces",
        content=json.dumps(body),
        headers={
            "content-type": "application/json",
            "x-sentry-auth": f"Sentry sentry_key={server.key}",
        },
    )
    assert answer.status_code == 200, answer.text


def issues(server: Server, query: str) -> list[dict[str, Any]]:
    answer = server.get(
        "/api/0/organizations/default/issues/", query=query, statsPeriod="24h", project="-1"
    )
    assert answer.status_code == 200, answer.text
    return list(answer.json())


def test_an_n_plus_one_becomes_one_issue_with_its_evidence(server: Server) -> None:
    traces = [n_plus_one_trace("/orders", 12) for _ in range(3)]
    for _, request, queries in traces:
        send(server, [request, *queries])

    def seen() -> dict[str, Any] | None:
        found = issues(server, "issue.category:performance issue.type:n_plus_one_query")
        return found[0] if found and int(found[0]["count"]) == len(traces) else None

    issue: dict[str, Any] = wait_for(seen, "a performance issue seen three times", within_s=50)
    assert issue["issueCategory"] == "performance"
    assert issue["culprit"] == "/orders"
    assert issue["title"] == "N+1 query: select * from customers where id = ?"

    # A late span of a trace that was judged: it is judged again, and not told again.
    trace_id, request, _ = traces[0]
    now_ns = time.time_ns()
    send(server, [otlp_span(trace_id, request["spanId"], "render", now_ns, now_ns + MS, kind=1)])
    other = n_plus_one_trace("/invoices", 12)
    send(server, [other[1], *other[2]])
    wait_for(lambda: len(issues(server, "issue.category:performance")) == 2, "the other issue", 50)
    assert [each["count"] for each in issues(server, "culprit:/orders")] == ["3"]

    path = f"/api/0/organizations/default/issues/{issue['id']}/events/"
    events = server.get(path).json()
    assert len(events) == len(traces)
    event = server.get(f"{path}latest/").json()
    assert event["contexts"]["trace"]["trace_id"] in {each[0] for each in traces}
    occurrence = event["occurrence"]
    assert occurrence["evidenceData"]["count"] == 12
    assert occurrence["evidenceData"]["source_query"] == "SELECT id FROM orders LIMIT 25"
    assert len(occurrence["evidenceData"]["offenderSpanIds"]) == 12
    assert "Ask once" in occurrence["explanation"]["how"]
    assert server.stop() == 0
