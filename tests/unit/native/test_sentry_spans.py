"""Spans of the second protocol, and those of the first that come alone."""

import json
from typing import TypeAlias

import pytest

from tests.unit.native.sentry_rows import (
    CHILD,
    RECEIVED_NS,
    ROOT,
    TRACE,
    Row,
    Rows,
    attributes_of,
    from_sentry_sdk,
    make_decoder,
    resource_of,
    rows_of,
    shown,
    span_item,
    typed,
)
from vedette.model.json_value import JsonValue

SECOND_NS = 1_000_000_000
Fields: TypeAlias = dict[str, JsonValue]


def span(**fields: JsonValue) -> Fields:
    """Return the least that is a span, and more."""
    least: Fields = {
        "trace_id": TRACE,
        "span_id": CHILD,
        "parent_span_id": ROOT,
        "name": "SELECT odds",
        "status": "ok",
        "is_segment": False,
        "start_timestamp": 1763985500.25,
        "end_timestamp": 1763985500.5,
    }
    return least | fields


def container(*spans: JsonValue, **fields: JsonValue) -> Fields:
    whole: Fields = {"version": 2, "items": list(spans)}
    return whole | fields


def only(rows: Rows) -> Row:
    return rows.only("spans")


def span_v1(**fields: JsonValue) -> Fields:
    least: Fields = {
        "trace_id": TRACE,
        "span_id": CHILD,
        "start_timestamp": 1763985500.25,
        "timestamp": 1763985500.5,
    }
    return least | fields


def test_what_sentry_sdk_streams_becomes_the_spans_that_were_made() -> None:
    item = next(each for each in from_sentry_sdk("stream") if each.kind == "span_container")
    received_ns = 1_900_000_000 * SECOND_NS

    rows = rows_of(
        make_decoder().sentry_spans([(7, received_ns, item.kind, item.context, item.payload)], [])
    )

    query, root = rows.tables["spans"]
    assert shown(root, "name", "op", "kind", "is_segment", "segment_name", "service") == (
        "GET /odds",
        "http.server",
        "server",
        True,
        "GET /odds",
        "shop",
    )
    assert shown(query, "name", "op", "db_system", "status", "is_segment", "segment_name") == (
        "SELECT odds",
        "db",
        "postgresql",
        "ok",
        False,
        "GET /odds",
    )
    assert query["segment_id"] == query["parent_span_id"] == root["span_id"]
    assert shown(query, "release", "environment", "platform", "sample_rate") == (
        "shop@1.2.3",
        "test",
        "python",
        1.0,
    )
    assert attributes_of(query)["rows"] == 3.0
    resource = resource_of(rows, query)
    assert resource["sentry.sdk.version"] == "2.75.0"
    assert resource["process.runtime.name"] == "CPython"
    assert rows.counts == [(0, "span", "accepted", "", 2)]


def test_the_spans_of_javascript_11_arrive_children_first() -> None:
    shared = typed(
        sentry__release="web@1",
        sentry__environment="production",
        sentry__segment__id=ROOT,
        sentry__segment__name="Pageload",
        sentry__replay_id="b" * 32,
        user__id="u-1",
    )
    lcp = span(
        name="LCP",
        attributes={
            **shared,
            **typed(
                sentry__op="ui.webvital.lcp",
                browser__web_vital__lcp__value=1200,
                sentry__origin="auto.http.browser.lcp",
            ),
        },
    )
    root = span(
        span_id=ROOT,
        parent_span_id=None,
        name="Pageload",
        is_segment=True,
        attributes={**shared, **typed(sentry__op="pageload", device__memory=8)},
    )
    settings: Fields = {"infer_ip": "auto", "infer_user_agent": "auto"}

    rows = span_item(
        container(lcp, root, ingest_settings=settings),
        sdk={"name": "sentry.javascript.react", "version": "11.12.0"},
        client_address="10.0.0.1",
        user_agent="Mozilla/5.0",
    )

    spans = rows.by_span()
    names = ("op", "origin", "segment_id", "replay_id", "user_id", "release", "platform")
    assert shown(spans[CHILD], *names) == (
        "ui.webvital.lcp",
        "auto.http.browser.lcp",
        ROOT,
        "b" * 32,
        "u-1",
        "web@1",
        "javascript",
    )
    assert attributes_of(spans[CHILD]) == {
        "browser.web_vital.lcp.value": 1200.0,
        "client.address": "10.0.0.1",
        "user_agent.original": "Mozilla/5.0",
    }
    assert shown(spans[ROOT], "is_segment", "parent_span_id") == (True, "0" * 16)
    assert resource_of(rows, spans[ROOT])["sentry.sdk.name"] == "sentry.javascript.react"


@pytest.mark.parametrize(
    "wrapper", [{"version": 2}, {"version": None}, {"ingest_settings": 3}, {"other": []}]
)
def test_a_container_is_read_with_or_without_its_wrapping(wrapper: Fields) -> None:
    assert only(span_item(container(span()) | wrapper))["name"] == "SELECT odds"


def test_attributes_are_kept_whatever_their_type_is_called() -> None:
    attributes: Fields = {
        "text": {"type": "string", "value": "x"},
        "number as text": {"type": "string", "value": 3},
        "whole": {"type": "integer", "value": 3},
        "whole as float": {"type": "integer", "value": 3.5},
        "float as text": {"type": "double", "value": "2.5"},
        "no number": {"type": "double", "value": "x"},
        "large": {"type": "integer", "value": 9007199254740993},
        "yes": {"type": "boolean", "value": "true"},
        "list": {"type": "array", "value": ["a", 1, None]},
        "old list": {"type": "string[]", "value": ["a"]},
        "untyped": {"value": 1},
        "bare": "x",
        "nothing": {"type": "string", "value": None},
        "no value": {"type": "string"},
        "object": {"type": "map", "value": {"a": 1}},
    }

    row = only(span_item(container(span(attributes=attributes))))

    assert row["attr_str"] == {
        "text": "x",
        "number as text": "3",
        "no number": "x",
        "large": "9007199254740993",
        "list": '["a",1,null]',
        "old list": '["a"]',
        "bare": "x",
        "object": '{"a":1}',
    }
    assert row["attr_num"] == {
        "whole": 3.0,
        "whole as float": 3.5,
        "float as text": 2.5,
        "untyped": 1.0,
    }
    assert row["attr_bool"] == {"yes": True}


def test_a_status_is_ok_or_an_error_with_a_finer_word() -> None:
    def status(given: JsonValue, message: str) -> tuple[object, ...]:
        attributes = typed(sentry__status__message=message)
        row = only(span_item(container(span(status=given, attributes=attributes))))
        return shown(row, "status", "status_text", "status_message")

    assert status("ok", "") == ("ok", "ok", "")
    assert status(None, "") == ("ok", "ok", "")
    assert status("error", "not_found") == ("error", "not_found", "not_found")
    assert status("error", "Boom") == ("error", "", "Boom")
    assert status("aborted", "") == ("error", "aborted", "")


@pytest.mark.parametrize(
    ("attributes", "op", "kind"),
    [
        pytest.param(
            {"http.request.method": "GET", "sentry.kind": "server"},
            "http.server",
            "server",
            id="server",
        ),
        pytest.param(
            {"http.request.method": "GET", "sentry.kind": "client"},
            "http.client",
            "client",
            id="client",
        ),
        pytest.param({"db.system.name": "redis"}, "db", "unspecified", id="database"),
        pytest.param({"gen_ai.operation.name": "chat"}, "gen_ai.chat", "unspecified", id="model"),
        pytest.param({}, "default", "unspecified", id="nothing"),
        pytest.param({"sentry.op": "db.redis"}, "db.redis", "client", id="given"),
    ],
)
def test_what_a_span_is_follows_from_its_attributes(
    attributes: dict[str, str], op: str, kind: str
) -> None:
    row = only(span_item(container(span(attributes=typed(**attributes)))))

    assert shown(row, "op", "kind") == (op, kind)


def test_a_span_without_a_name_is_named_by_what_it_does() -> None:
    attributes = typed(sentry__op="http.client", http__request__method="GET", server__address="a")

    assert only(span_item(container(span(name="", attributes=attributes))))["name"] == "GET a"


def test_the_head_of_the_trace_tells_what_the_spans_do_not() -> None:
    trace = {"sample_rate": "0.25", "release": "r", "environment": "e"}

    row = only(span_item(container(span()), dsc=trace, service="shop"))

    assert shown(row, "sample_rate", "release", "environment", "service") == (
        0.25,
        "r",
        "e",
        "shop",
    )


@pytest.mark.parametrize("rate", [0, -1, 2, "x", None, [], True])
def test_a_sample_rate_that_is_none_counts_as_all(rate: JsonValue) -> None:
    assert only(span_item(container(span()), dsc={"sample_rate": rate}))["sample_rate"] == 1.0


def test_one_bad_span_harms_no_other() -> None:
    bad: list[JsonValue] = [None, 3, {}, span(trace_id="x"), span(start_timestamp="soon")]

    rows = span_item(container(span(), *bad, span(span_id=ROOT)))

    assert sorted(rows.by_span()) == [ROOT, CHILD]
    assert rows.counts == [
        (0, "span", "accepted", "", 2),
        (0, "span", "invalid", "unreadable", 2),
        (0, "span", "invalid", "missing_field", 3),
    ]


@pytest.mark.parametrize("payload", [b"", b"{", b"[]", b"null", b'{"items":{}}', b'{"items":3}'])
def test_what_is_no_container_is_lost_and_counted(payload: bytes) -> None:
    rows = span_item(payload)

    assert rows.tables == {}
    assert rows.counts == [(0, "span", "invalid", "unreadable", 1)]


def test_links_lead_to_other_traces() -> None:
    link: Fields = {
        "trace_id": TRACE,
        "span_id": ROOT,
        "sampled": False,
        "attributes": typed(sentry__link__type="previous_trace"),
    }

    row = only(span_item(container(span(links=[link, {"trace_id": TRACE}, None]))))

    assert row["link_attributes"] == ['{"sentry.link.type":"previous_trace","sampled":false}']


def test_a_span_of_the_first_protocol_may_come_alone() -> None:
    data: Fields = {
        "release": "web@1",
        "environment": "production",
        "transaction": "/odds",
        "sentry.op": "ui.interaction.click",
        "user": "u-1",
    }
    payload = span_v1(
        op="ui.interaction.click",
        description="body > button",
        origin="auto.http.browser.inp",
        segment_id=ROOT,
        profile_id="c" * 32,
        exclusive_time=120,
        data=data,
        measurements={"inp": {"value": 120, "unit": "millisecond"}},
    )

    rows = span_item(payload, kind="span", sdk={"name": "sentry.javascript.browser"})

    row = only(rows)
    names = ("name", "op", "segment_id", "segment_name", "release", "environment", "profile_id")
    assert shown(row, *names) == (
        "body > button",
        "ui.interaction.click",
        ROOT,
        "/odds",
        "web@1",
        "production",
        "c" * 32,
    )
    assert attributes_of(row) == {
        "user": "u-1",
        "measurements.inp": 120.0,
        "browser.web_vital.inp.value": 120.0,
        "sentry.exclusive_time": 120.0,
    }
    assert shown(row, "protocol", "platform", "is_segment") == ("sentry_span", "javascript", False)
    assert rows.counts == [(0, "span", "accepted", "", 1)]


def test_a_span_item_is_read_by_what_it_holds() -> None:
    for payload in (span(), container(span()), span_v1()):
        rows = span_item(payload, kind="span")
        assert rows.counts == [(0, "span", "accepted", "", 1)]


@pytest.mark.parametrize("missing", ["trace_id", "span_id", "start_timestamp", "timestamp"])
def test_a_lone_span_needs_ids_and_times(missing: str) -> None:
    rows = span_item(span_v1() | {missing: None}, kind="span")

    assert rows.counts == [(0, "span", "invalid", "missing_field", 1)]


def test_old_names_of_attributes_become_the_present_ones() -> None:
    attributes = typed(db__statement="SELECT 1", http__url="http://a/", http__status_code=500)

    row = only(span_item(container(span(attributes=attributes))))

    assert attributes_of(row) == {"db.query.text": "SELECT 1", "url.full": "http://a/"}
    assert shown(row, "description", "http_status") == ("SELECT 1", 500)


def test_times_are_read_in_every_form() -> None:
    for given in (1763985500.25, "1763985500.25", 1763985500250, "2025-11-24T11:58:20.250Z"):
        row = only(span_item(container(span(start_timestamp=given))))
        assert row["start_time"] == RECEIVED_NS - 99_750_000_000, given


def test_very_many_attributes_are_cut_and_said_to_be() -> None:
    attributes: Fields = {f"a{number}": number for number in range(200)}

    row = only(span_item(container(span(attributes=attributes))))

    found = attributes_of(row)
    assert found["vedette.attributes_cut"] == 200 - 128
    assert len(found) == 129


def test_the_same_item_gives_the_same_rows_again() -> None:
    payload = json.dumps(container(span(attributes=typed(a="x", b=1)))).encode()

    assert span_item(payload).blocks == span_item(payload).blocks
