"""Log lines as they come in, and what surrounds them."""

import json
import secrets
import time
from collections.abc import Iterator
from typing import Any

import httpx

from tests.journey.server import Server, wait_for


def send_lines(server: Server, service: str, *bodies: str) -> None:
    now_ns = time.time_ns()
    records = [
        {
            "timeUnixNano": str(now_ns + number * 1_000),
            "severityNumber": 9,
            "body": {"stringValue": body},
        }
        for number, body in enumerate(bodies)
    ]
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    body = {"resourceLogs": [{"resource": resource, "scopeLogs": [{"logRecords": records}]}]}
    answer = server.client.post(f"{server.facts['otlp_http']}/v1/logs", json=body)
    assert answer.status_code == 200, answer.text


def events(answer: httpx.Response) -> Iterator[tuple[str, Any]]:
    """Return the events of a stream as they come."""
    name = ""
    for line in answer.iter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


def test_lines_are_seen_as_they_come_in(server: Server) -> None:
    service = f"shop-{secrets.token_hex(4)}"
    send_lines(server, service, "before anybody looked")
    wait_for(lambda: server.events("logs", ["id"], f"service:{service}"), "the first line")

    with (
        httpx.Client(timeout=30) as client,
        client.stream(
            "GET",
            f"{server.url}/api/v1/tail",
            params={"dataset": "logs", "query": f"service:{service} order"},
            headers={"authorization": f"Bearer {server.token}"},
        ) as answer,
    ):
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        send_lines(server, service, "order 1", "nothing to see", "order 2\n\nevent: row\ndata: {}")
        found = events(answer)
        first, second = next(found), next(found)

    assert [name for name, _ in (first, second)] == ["row", "row"]
    assert first[1]["message"] == "order 1"
    assert second[1]["message"] == "order 2\n\nevent: row\ndata: {}"
    assert first[1]["service"] == service


def test_a_tail_that_nobody_reads_any_more_gives_its_place_to_others(server: Server) -> None:
    def open_and_leave() -> int:
        with server.client.stream(
            "GET",
            f"{server.url}/api/v1/tail",
            headers={"authorization": f"Bearer {server.token}"},
        ) as answer:
            return answer.status_code

    statuses = [open_and_leave() for _ in range(15)]
    assert statuses == [200] * 15
    # More than there are places: only with those of the first ones.
    later = [wait_for(lambda: open_and_leave() == 200, "a place") for _ in range(15)]
    assert all(later)


def test_the_lines_around_one(server: Server) -> None:
    service = f"shop-{secrets.token_hex(4)}"
    send_lines(server, service, *(f"line {number}" for number in range(9)))
    send_lines(server, f"{service}-other", "not mine")

    def look() -> list[Any]:
        found = server.events("logs", ["id", "message"], f"service:{service}*")
        return found if len(found) == 10 else []

    rows = {row["message"]: row["id"] for row in wait_for(look, "all lines")}
    context = server.get(
        f"/api/v1/logs/{rows['line 4']}/context", before=3, after=10, statsPeriod="1h"
    ).json()

    assert [row["message"] for row in context["before"]] == ["line 1", "line 2", "line 3"]
    assert context["line"]["message"] == "line 4"
    assert [row["message"] for row in context["after"]] == [f"line {n}" for n in range(5, 9)]
    assert (context["hasMoreBefore"], context["hasMoreAfter"]) == (True, False)


def test_lines_are_put_together_by_what_they_say(server: Server) -> None:
    service = f"shop-{secrets.token_hex(4)}"
    send_lines(server, service, *(f"order {number} shipped" for number in range(5)), "out of paper")

    def look() -> dict[str, Any] | None:
        answer = server.get("/api/v1/logs/patterns", query=f"service:{service}", statsPeriod="1h")
        return answer.json() if answer.json()["total"] == 6 else None

    found = wait_for(look, "all lines")
    first, second = found["patterns"]
    again = server.events("logs", ["message"], f"service:{service} {first['query']}")

    assert (first["pattern"], first["count"]) == ("order <number> shipped", 5)
    assert sum(first["trend"]) == 5
    assert (second["pattern"], second["count"]) == ("out of paper", 1)
    assert len(again) == 5


def test_a_counter_is_told_as_a_rate(server: Server) -> None:
    name = f"requests.{secrets.token_hex(4)}"
    now_ns = time.time_ns()
    points = [
        {
            "startTimeUnixNano": str(now_ns - 50_000_000_000),
            "timeUnixNano": str(now_ns - (2 - number) * 1_000_000_000),
            "asInt": str(value),
        }
        for number, value in enumerate((5, 12, 30))
    ]
    metric = {
        "name": name,
        "unit": "1",
        "sum": {"aggregationTemporality": 2, "isMonotonic": True, "dataPoints": points},
    }
    body = {"resourceMetrics": [{"scopeMetrics": [{"metrics": [metric]}]}]}
    answer = server.client.post(f"{server.facts['otlp_http']}/v1/metrics", json=body)
    assert answer.status_code == 200, answer.text

    def look() -> dict[str, Any] | None:
        names = server.get("/api/v1/metrics/names", statsPeriod="1h").json()["metrics"]
        return next((each for each in names if each["name"] == name), None)

    known = wait_for(look, "the metric")
    increase = server.get(
        "/api/v1/metrics/query", name=name, aggregate="increase", statsPeriod="1h", interval="1m"
    ).json()

    assert (known["type"], known["temporality"], known["seriesCount"]) == ("sum", "cumulative", 1)
    [line] = increase["lines"]
    assert sum(value for value in line["values"] if value is not None) == 30
