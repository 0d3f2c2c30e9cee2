"""OpenTelemetry's SDKs by every protocol they have, packed and not."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from tests.journey.server import running_server, wait_for, wait_until_digested
from tests.journey.stopped_tables import ask_stopped
from tests.wire.account import assert_account_balances
from tests.wire.installs import PROGRAMS, go_program, node_with, run, run_node
from tests.wire.project import Project
from tests.wire.story import QUERY, Told, told_by

JS_VERSION: Final = "0.301.0"
GO_VERSION: Final = "v1.47.0"
GO_LOGS_VERSION: Final = "v0.23.0"
GO: Final = "go.opentelemetry.io/otel"


def python(protocol: str, environment: dict[str, str]) -> str:
    program = str(PROGRAMS / "otel_python.py")
    return run([sys.executable, program, protocol], environment=environment)


def node(protocol: str, environment: dict[str, str]) -> str:
    installed = node_with(
        f"otel-node-{JS_VERSION}",
        "@opentelemetry/api@1.10.0",
        f"@opentelemetry/sdk-node@{JS_VERSION}",
    )
    return run_node(installed, "otel_node.js", protocol, environment=environment)


def go(protocol: str, environment: dict[str, str]) -> str:
    return run([str(go_binary()), protocol], environment=environment)


def go_binary() -> Path:
    exporters = f"{GO}/exporters/otlp"
    return go_program(
        "otel_go",
        f"{GO}@{GO_VERSION}",
        f"{exporters}/otlptrace/otlptracegrpc@{GO_VERSION}",
        f"{exporters}/otlptrace/otlptracehttp@{GO_VERSION}",
        f"{exporters}/otlpmetric/otlpmetricgrpc@{GO_VERSION}",
        f"{exporters}/otlpmetric/otlpmetrichttp@{GO_VERSION}",
        f"{exporters}/otlplog/otlploggrpc@{GO_LOGS_VERSION}",
        f"{exporters}/otlplog/otlploghttp@{GO_LOGS_VERSION}",
    )


WAYS: Final = {
    "python-http": (python, "http/protobuf", ""),
    "python-http-gzip": (python, "http/protobuf", "gzip"),
    "python-grpc": (python, "grpc", ""),
    "python-grpc-gzip": (python, "grpc", "gzip"),
    "node-json": (node, "http/json", ""),
    "node-json-gzip": (node, "http/json", "gzip"),
    "node-protobuf-gzip": (node, "http/protobuf", "gzip"),
    "node-grpc": (node, "grpc", ""),
    "go-http-gzip": (go, "http/protobuf", "gzip"),
    "go-grpc": (go, "grpc", ""),
    "go-grpc-gzip": (go, "grpc", "gzip"),
}


def settings_of(endpoint: str, key: str) -> dict[str, str]:
    return {
        "OTEL_EXPORTER_OTLP_ENDPOINT": endpoint,
        # Percent-encoded, as the variable wants it.
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-sentry-auth=sentry%20sentry_key%3D{key}",
        "OTEL_SERVICE_NAME": "shop",
        "OTEL_RESOURCE_ATTRIBUTES": (
            "service.version=shop@1.2.3,deployment.environment.name=wire,host.name=till-1"
        ),
    }


@pytest.fixture(scope="module", params=WAYS)
def sent(
    request: pytest.FixtureRequest, new_project: Callable[[str], Project]
) -> tuple[str, Project, Told]:
    run_it, protocol, compression = WAYS[request.param]
    project = new_project(f"otel-{request.param}")
    facts = project.server.facts
    endpoint = facts["otlp_grpc" if protocol == "grpc" else "otlp_http"]
    environment = settings_of(endpoint, project.key)
    if compression:
        environment["OTEL_EXPORTER_OTLP_COMPRESSION"] = compression
    told = told_by(run_it(protocol, environment))
    return request.param, project, told


def test_the_trace(sent: tuple[str, Project, Told]) -> None:
    _, project, told = sent
    spans = project.spans_of_trace(told.trace_id, told.root, told.pay, told.query)

    shown = {
        span_id: (span["parent_span_id"], span["name"], span["status"], span["is_transaction"])
        for span_id, span in spans.items()
    }
    assert shown == {
        told.root: (None, "checkout", "unset", True),
        told.pay: (told.root, "pay", "error", False),
        told.query: (told.pay, QUERY, "unset", False),
    }
    assert all(span["duration"] > 0 for span in spans.values())
    assert spans[told.query]["op"] == "db"


def test_a_span_with_all_that_was_said_of_it(sent: tuple[str, Project, Told]) -> None:
    way, project, told = sent
    span = project.span(told.trace_id, told.pay)

    assert span["kind"] == "client"
    assert span["status_message"] == "card declined"
    assert span["service"] == "shop"
    assert span["release"] == "shop@1.2.3"
    assert span["environment"] == "wire"
    assert span["platform"] == way.partition("-")[0]
    assert span["segment_name"] == "checkout"
    assert span["attributes"]["cart.size"] == 3
    assert span["attributes"]["cart.gift"] is True
    assert span["attributes"]["cart.goods"] == '["tea","cup"]'
    assert span["resource_attributes"]["host.name"] == "till-1"
    [exception] = span["events"]
    assert exception["name"] == "exception"
    assert exception["attributes"]["exception.message"] == "card declined"


def test_logs(sent: tuple[str, Project, Told]) -> None:
    _, project, told = sent
    fields = ["message", "severity", "scope.name", "span_id", "release", "environment", "service"]
    attributes = ["tags[paid,boolean]", "tags[goods,number]"]

    lines = project.wait_for_rows("logs", fields + attributes, f"trace:{told.trace_id}", count=2)

    told_of_all = {
        "scope.name": "shop.checkout",
        "span_id": told.root,
        "release": "shop@1.2.3",
        "environment": "wire",
        "service": "shop",
    }
    assert sorted(lines, key=lambda line: str(line["message"])) == [
        told_of_all
        | {
            "message": "bank north said no",
            "severity": "error",
            "tags[paid,boolean]": None,
            "tags[goods,number]": None,
        },
        told_of_all
        | {
            "message": "order o-9 of 3 goods",
            "severity": "warn",
            "tags[paid,boolean]": False,
            "tags[goods,number]": 3,
        },
    ]


def test_metrics(sent: tuple[str, Project, Told]) -> None:
    _, project, _ = sent
    fields = ["metric.name", "metric.type", "metric.unit", "value", "count", "sum", "min", "max"]
    more = ["metric.temporality", "metric.is_monotonic", "shop", "service", "release"]

    rows = project.wait_for_rows("tracemetrics", fields + more, count=4)

    assert {(each["service"], each["release"]) for each in rows} == {("shop", "shop@1.2.3")}
    assert sorted([each[name] for name in fields] for each in rows) == [
        ["orders", "sum", "{order}", 2, 0, 0, 0, 0],
        ["pay.latency", "histogram", "ms", 0, 2, 12.5, 2.5, 10],
        ["pay.size", "exponential_histogram", "By", 0, 2, 12.5, 2.5, 10],
        ["queue.depth", "gauge", "", 7.5, 0, 0, 0, 0],
    ]
    [orders] = [each for each in rows if each["metric.name"] == "orders"]
    assert orders["metric.temporality"] == "cumulative"
    assert orders["metric.is_monotonic"] is True
    assert orders["shop"] == "north"


def test_everything_is_accounted_for(sent: tuple[str, Project, Told]) -> None:
    _, project, _ = sent
    project.wait_for_outcome("trace_metric", "accepted", count=4)
    assert_account_balances(project)


def test_exemplars_and_buckets_are_kept(tmp_path: Path) -> None:
    """No answer shows them yet, so the tables are asked, once their server has ended."""
    with running_server(tmp_path / "data") as server:
        settings = settings_of(server.facts["otlp_http"], server.key)
        told = told_by(python("http/protobuf", settings))
        wait_for(lambda: server.events("tracemetrics", ["value"]), "metrics")
        wait_until_digested(server)
        data = server.data
        assert server.stop() == 0

    latency, size = ask_stopped(
        data,
        "SELECT exemplar_values AS samples,"
        " arrayDistinct(arrayMap(id -> lower(hex(id)), exemplar_trace_ids)) AS traces,"
        " arrayDistinct(arrayMap(id -> lower(hex(id)), exemplar_span_ids)) AS spans,"
        " arraySlice(bounds, 1, 4) AS bounds, arraySlice(bucket_counts, 1, 4) AS counts,"
        " arraySum(positive_counts) AS positive, scale > 0 AS is_fine"
        " FROM metrics WHERE name LIKE 'pay.%' ORDER BY name",
    )
    exemplars = {"samples": [2.5, 10], "traces": [told.trace_id], "spans": [told.root]}
    buckets = {"bounds": [0, 5, 10, 25], "counts": [0, 1, 1, 0], "positive": 0, "is_fine": 0}
    assert latency == exemplars | buckets
    assert size == exemplars | {"bounds": [], "counts": [], "positive": 2, "is_fine": 1}
