"""The same small story, told by every SDK, and how the server must show it.

A shop's `checkout` runs `pay`, `pay` asks the database for a price and fails with a declined card;
`checkout` writes two lines and three metrics. Programs print the ids that their SDK gave.
"""

import json
from dataclasses import dataclass
from typing import Any, Final

from tests.wire.project import Project

QUERY: Final = "SELECT price FROM goods"


@dataclass(frozen=True)
class Told:
    """What an SDK's program says that it sent."""

    trace_id: str
    root: str
    pay: str
    query: str
    error_id: str = ""
    message_id: str = ""


def told_by(printed: str) -> Told:
    """Read the last line that a program printed."""
    facts = json.loads(printed.splitlines()[-1])
    return Told(**{name: str(value).replace("-", "") for name, value in facts.items()})


def assert_error_is_shown(project: Project, told: Told, *, sdk: str, error_type: str) -> None:
    event = project.event(told.error_id)

    assert event["title"] == f"{error_type}: card declined"
    assert event["metadata"]["type"] == error_type
    assert event["metadata"]["value"] == "card declined"
    assert_tags(event, environment="wire", release="shop@1.2.3", level="error", till="4")
    assert event["release"]["version"] == "shop@1.2.3"
    assert event["user"]["id"] == "u-7"
    assert event["user"]["email"] == "buyer@example.test"
    assert event["sdk"] == dict(zip(("name", "version"), sdk.split("@"), strict=True))
    assert event["contexts"]["trace"]["trace_id"] == told.trace_id
    assert event["contexts"]["trace"]["span_id"] == told.pay
    values = entry(event, "exception")["values"]
    assert values[-1]["value"] == "card declined", "the one that was raised is the last"
    assert values[-1]["stacktrace"]["frames"]


def assert_message_is_shown(project: Project, told: Told) -> None:
    event = project.event(told.message_id)

    assert event["title"] == "stock is low"
    assert event["message"] == "stock is low"
    assert_tags(event, environment="wire", release="shop@1.2.3", level="warning", till="4")


def assert_trace_is_shown(
    project: Project, told: Told, *, pay_status: str, is_error_attached: bool = True
) -> None:
    spans = project.spans_of_trace(told.trace_id, told.root, told.pay, told.query)

    shown = {
        span_id: (spans[span_id]["parent_span_id"], spans[span_id]["op"], spans[span_id]["name"])
        for span_id in (told.root, told.pay, told.query)
    }
    assert shown == {
        told.root: (None, "task", "checkout"),
        told.pay: (told.root, "payment", "pay"),
        told.query: (told.pay, "db", QUERY),
    }
    assert [spans[each]["is_transaction"] for each in shown] == [True, False, False]
    assert all(spans[each]["duration"] > 0 for each in shown)
    assert all(spans[each]["transaction"] == "checkout" for each in shown)
    assert spans[told.pay]["status"] == pay_status
    assert spans[told.root]["project_slug"] == project.slug
    if is_error_attached:
        project.event(told.error_id)
        spans = project.spans_of_trace(told.trace_id, told.pay)
        assert told.error_id in [each["event_id"] for each in spans[told.pay]["errors"]]


def assert_attributes_are_kept(project: Project, told: Told) -> dict[str, Any]:
    span = project.span(told.trace_id, told.pay)

    assert span["attributes"]["cart.size"] == 3
    assert span["attributes"]["cart.gift"] is True
    assert span["environment"] == "wire"
    assert span["release"] == "shop@1.2.3"
    assert span["segment_name"] == "checkout"
    query = project.span(told.trace_id, told.query)
    assert query["attributes"]["db.system.name"] == "postgresql"
    return span


def assert_logs_are_shown(project: Project, told: Told, *, template: str) -> None:
    fields = ["message", "message.template", "severity", "span_id", "release", "environment"]
    attributes = ["tags[paid,boolean]", "tags[goods,number]", "tags[order,string]"]
    query = f"trace:{told.trace_id} message:order*"

    [line] = project.wait_for_rows("logs", [*fields, *attributes], query)

    assert line == {
        "message": "order o-9 of 3 goods",
        "message.template": template,
        "severity": "warn",
        "span_id": told.root,
        "release": "shop@1.2.3",
        "environment": "wire",
        "tags[paid,boolean]": False,
        "tags[goods,number]": 3,
        "tags[order,string]": "o-9",
    }
    [line] = project.wait_for_rows("logs", ["severity"], f"trace:{told.trace_id} message:bank*")
    assert line["severity"] == "error"


def assert_metrics_are_shown(project: Project, told: Told) -> None:
    fields = ["metric.name", "metric.type", "metric.unit", "value", "span_id", "release", "shop"]

    rows = project.wait_for_rows("tracemetrics", fields, f"trace:{told.trace_id}", count=3)

    assert {each["span_id"] for each in rows} == {told.root}
    assert {each["release"] for each in rows} == {"shop@1.2.3"}
    assert sorted(
        (each["metric.name"], each["metric.type"], each["metric.unit"], each["value"], each["shop"])
        for each in rows
    ) == [
        ("orders", "counter", "", 2, "north"),
        ("pay.latency", "distribution", "millisecond", 12.5, None),
        ("queue.depth", "gauge", "", 7.5, None),
    ]


def assert_tags(event: dict[str, Any], **wanted: str) -> None:
    tags = {each["key"]: each["value"] for each in event["tags"]}
    assert {name: tags.get(name) for name in wanted} == wanted


def entry(event: dict[str, Any], entry_type: str) -> dict[str, Any]:
    """Return one entry of an event."""
    [data] = [each["data"] for each in event["entries"] if each["type"] == entry_type]
    return dict(data)
