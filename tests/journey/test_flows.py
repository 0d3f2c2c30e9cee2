"""An order that goes through a queue: two traces, one journey, and services with figures."""

import secrets
import time
from typing import Any

import pytest

from tests.journey.server import Server, wait_for

MILLISECOND_NS = 1_000_000
SPAN_KINDS = {"internal": 1, "server": 2, "client": 3, "producer": 4, "consumer": 5}


def span(
    trace_id: str, name: str, kind: str, start_ns: int, length_ms: int, **more: Any
) -> dict[str, Any]:
    return {
        "traceId": trace_id,
        "spanId": secrets.token_hex(8),
        "name": name,
        "kind": SPAN_KINDS[kind],
        "startTimeUnixNano": str(start_ns),
        "endTimeUnixNano": str(start_ns + length_ms * MILLISECOND_NS),
        "attributes": [
            {"key": key, "value": {"stringValue": value}}
            for key, value in more.pop("attributes", {}).items()
        ],
        **more,
    }


def send(server: Server, service: str, *spans: dict[str, Any]) -> None:
    resource = {"attributes": [{"key": "service.name", "value": {"stringValue": service}}]}
    body = {"resourceSpans": [{"resource": resource, "scopeSpans": [{"spans": list(spans)}]}]}
    answer = server.client.post(f"{server.facts['otlp_http']}/v1/traces", json=body)
    assert answer.status_code == 200, answer.text


QUEUE = {"messaging.system": "kafka", "messaging.destination.name": "orders"}


def order_through_a_queue(server: Server, shop: str, packing: str) -> tuple[str, str]:
    """Send what the SDKs of both services do; return the ids of their traces."""
    ordered, packed = secrets.token_hex(16), secrets.token_hex(16)
    now_ns = time.time_ns() - 5_000 * MILLISECOND_NS
    root = span(ordered, "POST /orders/17", "server", now_ns, 100)
    publish = span(
        ordered,
        "orders publish",
        "producer",
        now_ns + 40 * MILLISECOND_NS,
        10,
        parentSpanId=root["spanId"],
        attributes={**QUEUE, "messaging.operation.type": "publish"},
    )
    process = span(
        packed,
        "orders process",
        "consumer",
        now_ns + 240 * MILLISECOND_NS,
        50,
        attributes={**QUEUE, "messaging.operation.type": "process"},
        links=[{"traceId": ordered, "spanId": publish["spanId"]}],
    )
    send(server, shop, root, publish)
    send(server, packing, process)
    return ordered, packed


def of_service(answer: dict[str, Any], name: str) -> dict[str, Any] | None:
    return next((each for each in answer["services"] if each["service"] == name), None)


def test_an_order_is_followed_through_the_queue_in_both_directions(server: Server) -> None:
    shop, packing = f"shop-{secrets.token_hex(4)}", f"packing-{secrets.token_hex(4)}"
    ordered, packed = order_through_a_queue(server, shop, packing)

    def look(trace_id: str) -> dict[str, Any] | None:
        answer = server.get(f"/api/v1/traces/{trace_id}/journey")
        is_whole = answer.status_code == 200 and not any(
            each["isMissing"] for each in answer.json()["traces"]
        )
        return answer.json() if is_whole and len(answer.json()["traces"]) == 2 else None

    from_order = wait_for(lambda: look(ordered), "the journey from the order")
    from_packing = wait_for(lambda: look(packed), "the journey from the packing")

    assert {each["traceId"]: each["distance"] for each in from_order["traces"]} == {
        ordered: 0,
        packed: 1,
    }
    assert {each["traceId"]: each["distance"] for each in from_packing["traces"]} == {
        ordered: -1,
        packed: 0,
    }
    assert [each["services"] for each in from_order["traces"]] == [[shop], [packing]]
    [link] = from_order["links"]
    assert (link["from"]["traceId"], link["to"]["traceId"]) == (ordered, packed)
    assert (link["service"], link["name"], link["kind"]) == (packing, "orders process", "consumer")


def test_services_have_figures_and_traces_are_found(server: Server) -> None:
    shop, packing = f"shop-{secrets.token_hex(4)}", f"packing-{secrets.token_hex(4)}"
    ordered, _ = order_through_a_queue(server, shop, packing)

    def look() -> dict[str, Any] | None:
        answer = server.get("/api/v1/services", statsPeriod="1h").json()
        return of_service(answer, shop) if of_service(answer, packing) else None

    figures = wait_for(look, "both services")
    operations = server.get(f"/api/v1/services/{shop}/operations", statsPeriod="1h").json()
    found = server.get("/api/v1/traces", query=f"service:{shop}", statsPeriod="1h").json()
    sentry = server.get(
        "/api/0/organizations/default/traces/", query=f"service:{shop}", statsPeriod="1h"
    ).json()
    compared = server.get("/api/v1/traces/compare", a=ordered, b=ordered).json()
    queues = server.get("/api/v1/queues", statsPeriod="1h").json()

    assert (figures["count"], figures["slowestTrace"]) == (1, ordered)
    assert figures["p95Ns"] == pytest.approx(100 * MILLISECOND_NS, rel=0.01)
    assert [each["operation"] for each in operations["operations"]] == ["POST /orders/*"]
    [trace] = found["traces"]
    assert (trace["traceId"], trace["spanCount"], trace["services"]) == (ordered, 2, [shop])
    assert trace["root"]["name"] == "POST /orders/17"
    assert sentry["data"][0]["trace"] == ordered
    assert [row["criticalDifferenceNs"] for row in compared["rows"]] == [0, 0]
    assert {"orders"} == {each["target"] for each in queues["producers"] if each["service"] == shop}


@pytest.mark.timeout(120)
def test_the_map_shows_the_call_once_it_is_settled(server: Server) -> None:
    shop, packing = f"shop-{secrets.token_hex(4)}", f"packing-{secrets.token_hex(4)}"
    order_through_a_queue(server, shop, packing)

    def look() -> dict[str, Any] | None:
        answer = server.get("/api/v1/service-map", statsPeriod="1h").json()
        edges = [each for each in answer["edges"] if each["to"] == f"service:{packing}"]
        return edges[0] if edges else None

    edge = wait_for(look, "the edge of the queue", within_s=90.0)

    assert (edge["from"], edge["kind"], edge["via"]) == (f"service:{shop}", "queue", "orders")
    assert edge["count"] == 1
    assert edge["lagP50Ns"] == pytest.approx(200 * MILLISECOND_NS, rel=0.01)
