"""One trace across a service watched by sentry-sdk and one watched by OpenTelemetry."""

import json
import os
import subprocess
import sys
from collections.abc import Callable

from tests.journey.server import wait_for
from tests.wire.installs import PROGRAMS, python_with, run
from tests.wire.project import Project


def test_a_trace_goes_through_both_kinds_of_services(
    new_project: Callable[[str], Project],
) -> None:
    python = python_with("sentry-sdk-2.75.0", "sentry-sdk==2.75.0")
    shop, bank = new_project("mixed-shop"), new_project("mixed-bank")
    environment = {
        "OTEL_EXPORTER_OTLP_ENDPOINT": str(bank.server.facts["otlp_grpc"]),
        "OTEL_EXPORTER_OTLP_HEADERS": f"x-sentry-auth=sentry%20sentry_key%3D{bank.key}",
        "OTEL_SERVICE_NAME": "bank",
    }
    with subprocess.Popen(
        [sys.executable, str(PROGRAMS / "mixed_bank.py")],
        stdout=subprocess.PIPE,
        env=os.environ | environment,
    ) as process:
        assert process.stdout is not None
        port = json.loads(process.stdout.readline())["port"]
        caller = [str(python), str(PROGRAMS / "mixed_caller.py"), shop.dsn]
        facts = json.loads(run([*caller, f"http://127.0.0.1:{port}/account"]))
        assert process.wait(30) == 0

    def look() -> dict[str, tuple[str, str, str | None]] | None:
        spans = shop.spans_of_trace(facts["trace_id"], facts["root"], facts["call"])
        by_name = {
            each["name"]: (each["span_id"], each["project_slug"], each["parent_span_id"])
            for each in spans.values()
        }
        return by_name if {"GET /account", "read account"} <= by_name.keys() else None

    spans = wait_for(look, "the bank's half of the trace")
    server, server_project, server_parent = spans["GET /account"]
    assert (server_project, server_parent) == ("mixed-bank", facts["call"])
    assert spans["read account"][1:] == ("mixed-bank", server)
    assert spans["checkout"] == (facts["root"], "mixed-shop", None)
    [root] = shop.trace(facts["trace_id"])
    assert root["span_id"] == facts["root"], "one tree, no orphans"
