"""Transactions in the shapes that SDKs send become spans."""

import json
from typing import TypeAlias

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.native.sentry_rows import (
    CHILD,
    DAY_NS,
    RECEIVED_NS,
    ROOT,
    TRACE,
    Rows,
    attributes_of,
    from_sentry_sdk,
    make_decoder,
    resource_of,
    rows_of,
    shown,
    span_item,
)
from vedette.model.json_value import JsonObject, JsonValue

SECOND_NS = 1_000_000_000


Event: TypeAlias = dict[str, JsonValue]


def transaction(trace: JsonObject | None = None, /, **event: JsonValue) -> Event:
    """Return the least that is a transaction, and more."""
    contexts = event.pop("contexts", {})
    assert isinstance(contexts, dict)
    least: Event = {
        "type": "transaction",
        "transaction": "GET /odds",
        "start_timestamp": 1763985500.5,
        "timestamp": "2025-11-24T11:58:22.000000001Z",
        "contexts": {"trace": {"trace_id": TRACE, "span_id": ROOT, **(trace or {})}, **contexts},
    }
    return least | event


def child(**fields: JsonValue) -> Event:
    least: Event = {
        "trace_id": TRACE,
        "span_id": CHILD,
        "parent_span_id": ROOT,
        "start_timestamp": 1763985501,
        "timestamp": 1763985501.25,
    }
    return least | fields


def decoded(event: JsonValue, **context: JsonValue) -> Rows:
    return span_item(event, kind="transaction", **context)


def root_of(event: JsonValue, **context: JsonValue) -> dict[str, object]:
    return decoded(event, **context).by_span()[ROOT]


def child_of(event: Event, **fields: JsonValue) -> dict[str, object]:
    return decoded(event | {"spans": [child(**fields)]}).by_span()[CHILD]


def test_what_sentry_sdk_sends_becomes_the_spans_that_were_made() -> None:
    item = next(each for each in from_sentry_sdk("static") if each.kind == "transaction")
    sent = json.loads(item.payload)
    received_ns = 1_900_000_000 * SECOND_NS

    rows = rows_of(
        make_decoder().sentry_spans([(7, received_ns, item.kind, item.context, item.payload)], [])
    )

    root, query, call = rows.tables["spans"]
    trace = sent["contexts"]["trace"]
    assert shown(root, "trace_id", "span_id", "parent_span_id") == (
        trace["trace_id"],
        trace["span_id"],
        "0" * 16,
    )
    assert shown(root, "name", "op", "kind", "is_segment", "service", "platform") == (
        "GET /odds",
        "http.server",
        "server",
        True,
        "shop",
        "python",
    )
    assert shown(root, "release", "environment", "user_id") == ("shop@1.2.3", "test", "u-1")
    assert attributes_of(root)["tenant"] == "t-17"
    assert shown(query, "name", "op", "db_system", "status", "segment_name") == (
        "SELECT * FROM odds WHERE id = %s",
        "db",
        "postgresql",
        "ok",
        "GET /odds",
    )
    assert attributes_of(query) == {"shard": "3", "thread.name": "MainThread"}
    assert shown(call, "http_status", "status", "status_text") == (503, "error", "unavailable")
    resource = resource_of(rows, root)
    assert resource["host.name"] == "host-1"
    assert resource["process.runtime.name"] == "CPython"
    assert resource["sentry.sdk.version"] == "2.75.0"
    assert query["resource_id"] == root["resource_id"]
    assert rows.counts == [(0, "transaction", "accepted", "", 1), (0, "span", "accepted", "", 3)]


def test_times_keep_every_digit_that_was_sent() -> None:
    root = root_of(transaction())

    assert root["start_time"] == RECEIVED_NS - 99_500_000_000
    assert root["duration_ns"] == 1_500_000_001


def test_the_bare_lists_and_missing_parents_of_go_are_understood() -> None:
    event = transaction(
        {"parent_span_id": None, "op": "http.server", "status": "not_found"},
        platform="go",
        breadcrumbs=[{"timestamp": "2025-11-24T11:58:21.5Z", "category": "query", "message": "x"}],
        start_timestamp="2025-11-24T12:58:20.123456789+01:00",
        spans=[
            {
                "trace_id": TRACE,
                "span_id": CHILD,
                "start_timestamp": "2025-11-24T11:58:20.2Z",
                "timestamp": "2025-11-24T11:58:21.2Z",
                "op": "db.sql.query",
            }
        ],
    )

    spans = decoded(event).by_span()

    assert shown(spans[ROOT], "status", "status_text", "event_names") == (
        "error",
        "not_found",
        ["query"],
    )
    assert spans[ROOT]["event_attributes"] == ['{"category":"query","message":"x"}']
    assert shown(spans[CHILD], "parent_span_id", "kind", "duration_ns") == (
        ROOT,
        "client",
        SECOND_NS,
    )


def test_the_times_of_rust_and_java_may_differ_in_form_within_one_transaction() -> None:
    event = transaction(spans=[child(start_timestamp=1763985500.75)], sdk={"name": "sentry.rust"})
    del event["type"]

    spans = decoded(event).by_span()

    assert shown(spans[ROOT], "platform", "duration_ns") == ("native", 1_500_000_001)
    assert spans[CHILD]["duration_ns"] == SECOND_NS // 2


def test_what_node_10_says_in_trace_data_is_not_repeated_as_attributes() -> None:
    data: JsonObject = {
        "sentry.source": "route",
        "sentry.op": "http.server",
        "sentry.origin": "auto.http.otel.http",
        "sentry.sample_rate": 0.25,
        "otel.kind": "SERVER",
        "http.request.method": "GET",
        "http.response.status_code": 500,
        "service.name": "odds",
    }

    root = root_of(transaction({"data": data}, platform="node"))

    assert shown(root, "op", "origin", "kind", "sample_rate", "service") == (
        "http.server",
        "auto.http.otel.http",
        "server",
        0.25,
        "odds",
    )
    assert shown(root, "http_method", "http_status", "status", "status_text") == (
        "GET",
        500,
        "error",
        "internal_error",
    )
    assert attributes_of(root) == {"sentry.source": "route"}


def test_profile_and_replay_are_linked() -> None:
    contexts: JsonObject = {
        "profile": {"profiler_id": "AAAAAAAA-aaaa-aaaa-aaaa-aaaaaaaaaaaa"},
        "replay": {"replay_id": "b" * 32},
    }

    root = root_of(transaction(contexts=contexts))

    assert shown(root, "profile_id", "replay_id") == ("a" * 32, "b" * 32)


@pytest.mark.parametrize(
    ("event", "context"),
    [
        pytest.param({"tags": {"replayId": "b" * 32}}, {}, id="by a tag"),
        pytest.param({"tags": [["replayId", "b" * 32]]}, {}, id="by a pair"),
        pytest.param({}, {"dsc": {"replay_id": "b" * 32}}, id="by the head of the trace"),
    ],
)
def test_a_replay_may_be_named_elsewhere(event: JsonObject, context: JsonObject) -> None:
    assert root_of(transaction(**event), **context)["replay_id"] == "b" * 32


def test_user_request_tags_and_measurements_become_attributes() -> None:
    event = transaction(
        user={"id": 17, "username": "someone", "geo": {"city": "Wien"}, "plan": "pro"},
        request={
            "method": "POST",
            "url": "http://shop.test/a",
            "headers": [["User-Agent", "UA/1"]],
        },
        tags=[{"key": "a", "value": True}, ["b", 2]],
        measurements={"lcp": {"value": 1200.5, "unit": "millisecond"}, "own": {"value": 3}},
        contexts={
            "app": {"app_name": "Shop", "type": "app"},
            "os": {"name": "Linux", "type": "os"},
            "browser": {"name": "Firefox"},
            "own": {"key": ["x"]},
        },
        extra={"note": {"a": 1}},
        dist="42",
    )

    rows = decoded(event)
    root = rows.by_span()[ROOT]

    assert shown(root, "user_id", "http_method") == ("17", "POST")
    assert attributes_of(root) == {
        "user.name": "someone",
        "user.geo.city": "Wien",
        "user.plan": "pro",
        "url.full": "http://shop.test/a",
        "user_agent.original": "UA/1",
        "a": "true",
        "b": "2",
        "measurements.lcp": 1200.5,
        "browser.web_vital.lcp.value": 1200.5,
        "measurements.own": 3.0,
        "app.name": "Shop",
        "browser.name": "Firefox",
        "contexts.own.key": '["x"]',
        "extra.note": '{"a":1}',
    }
    assert resource_of(rows, root) == {"os.name": "Linux", "sentry.dist": "42"}


def test_data_wins_over_tags() -> None:
    row = child_of(transaction(), data={"a": "data"}, tags={"a": "tag", "b": "tag"})

    assert row["attr_str"] == {"a": "data", "b": "tag"}


def test_tags_named_like_fields_fill_the_fields() -> None:
    root = root_of(transaction(tags={"environment": "staging", "release": "r1", "service": "odds"}))

    assert shown(root, "environment", "release", "service") == ("staging", "r1", "odds")
    assert attributes_of(root) == {"service": "odds"}


@pytest.mark.parametrize(
    ("given", "status", "word"),
    [
        pytest.param("ok", "ok", "ok", id="word"),
        pytest.param(4, "error", "deadline_exceeded", id="number"),
        pytest.param("cancelled", "unset", "cancelled", id="neither good nor bad"),
        pytest.param("my_word", "error", "my_word", id="own word"),
        pytest.param(None, "unset", "", id="nothing"),
    ],
)
def test_status_words_mean_the_same_as_numbers(given: JsonValue, status: str, word: str) -> None:
    row = child_of(transaction(), status=given)

    assert shown(row, "status", "status_text") == (status, word)


@pytest.mark.parametrize(
    ("tag", "status", "word"),
    [
        pytest.param("deadline_exceeded", "error", "deadline_exceeded", id="an old SDK's status"),
        pytest.param("shipped", "unset", "", id="an app's own tag"),
    ],
)
def test_a_status_that_is_only_a_tag_is_a_status_if_it_is_one_of_its_words(
    tag: str, status: str, word: str
) -> None:
    row = child_of(transaction(), tags={"status": tag})

    assert shown(row, "status", "status_text") == (status, word)
    assert attributes_of(row).get("status") == (None if word else tag)


def test_the_status_of_the_response_counts_where_no_other_is_given() -> None:
    root = root_of(transaction(contexts={"response": {"status_code": 404}}))

    assert shown(root, "http_status", "status", "status_text") == (404, "error", "not_found")


def test_an_unfinished_span_ends_with_its_transaction() -> None:
    row = child_of(transaction(), timestamp=None)

    assert shown(row, "duration_ns", "status", "status_text") == (
        SECOND_NS + 1,
        "error",
        "deadline_exceeded",
    )


def test_a_span_that_ends_before_it_begins_takes_no_time_and_says_so() -> None:
    row = child_of(transaction(), timestamp=1763985500)

    assert row["duration_ns"] == 0
    assert attributes_of(row) == {"vedette.ended_before_start": 1.0}


def test_links_and_smaller_fields_are_kept() -> None:
    row = child_of(
        transaction(),
        links=[{"trace_id": TRACE, "span_id": ROOT, "sampled": True, "attributes": {"k": "v"}}],
        hash="abc",
        same_process_as_parent=False,
    )

    assert row["link_attributes"] == ['{"k":"v","sampled":true}']
    assert [each.hex() for each in row["link_span_ids"]] == [ROOT]  # type: ignore[attr-defined] # a list of bytes
    assert attributes_of(row) == {"sentry.hash": "abc", "sentry.same_process_as_parent": False}


def test_what_a_child_says_of_another_process_stays_with_it() -> None:
    row = child_of(transaction(), data={"process.pid": 17, "os.name": "x"})

    assert attributes_of(row) == {"process.pid": 17.0, "os.name": "x"}


def test_very_many_children_and_tags_are_read_in_one_go() -> None:
    tags: JsonObject = {f"t{number}": "x" for number in range(20_000)}
    spans = [child(span_id=f"{number:016x}", tags={"a": "b"}) for number in range(1, 5001)]

    rows = decoded(transaction(tags=tags, spans=spans))

    assert len(rows.tables["spans"]) == 5001
    assert rows.counts == [
        (0, "transaction", "accepted", "", 1),
        (0, "span", "accepted", "", 5001),
    ]


@pytest.mark.parametrize(
    ("name", "info", "shown_name"),
    [
        pytest.param("/users/17/bets/4711", {"source": "url"}, "/users/*/bets/*", id="url"),
        pytest.param("GET /users/17", {}, "GET /users/*", id="no source, but a path"),
        pytest.param("/users/17", {"source": "route"}, "/users/17", id="route"),
        pytest.param("task 17", {}, "task 17", id="no path"),
        pytest.param("", {}, "<unlabeled transaction>", id="none"),
    ],
)
def test_ids_in_names_that_are_urls_become_stars(
    name: str, info: JsonObject, shown_name: str
) -> None:
    root = root_of(transaction(transaction=name, transaction_info=info))

    assert root["name"] == root["segment_name"] == shown_name
    assert root["description"] == (name if name and name != shown_name else "")


@pytest.mark.parametrize(
    ("event", "address"),
    [
        pytest.param({"user": {"ip_address": "10.9.9.9"}}, "10.9.9.9", id="given"),
        pytest.param({"user": {"ip_address": "{{auto}}"}}, "10.0.0.1", id="asked for"),
        pytest.param(
            {"user": {"ip_address": "{{auto}}"}, "request": {"env": {"REMOTE_ADDR": "10.2.2.2"}}},
            "10.2.2.2",
            id="asked for behind a server",
        ),
        pytest.param({"platform": "javascript"}, "10.0.0.1", id="older browser"),
        pytest.param({"platform": "python"}, None, id="older server"),
        pytest.param(
            {"platform": "javascript", "sdk": {"name": "x", "settings": {"infer_ip": "never"}}},
            None,
            id="refused",
        ),
        pytest.param(
            {"platform": "python", "sdk": {"name": "x", "settings": {"infer_ip": "auto"}}},
            "10.0.0.1",
            id="allowed",
        ),
    ],
)
def test_the_clients_address_is_filled_in_where_it_is_wanted(
    event: JsonObject, address: str | None
) -> None:
    root = root_of(transaction(**event), client_address="10.0.0.1")

    assert attributes_of(root).get("client.address") == address


def test_a_clock_that_is_far_off_is_set_right() -> None:
    event = transaction(start_timestamp=1763982000, timestamp=1763982001)

    drifting = root_of(event, sent_at="2025-11-24T11:00:01Z")
    late = root_of(event, sent_at="2025-11-24T11:05:01Z")

    assert drifting["start_time"] == RECEIVED_NS - SECOND_NS
    assert late["start_time"] == RECEIVED_NS - 3600 * SECOND_NS


def test_an_unbelievable_transaction_is_moved_as_a_whole() -> None:
    event = transaction(
        start_timestamp=1000, timestamp=1010, spans=[child(start_timestamp=1002, timestamp=1003)]
    )

    spans = decoded(event).by_span()

    assert shown(spans[ROOT], "start_time", "duration_ns") == (
        RECEIVED_NS - 10 * SECOND_NS,
        10 * SECOND_NS,
    )
    assert spans[CHILD]["start_time"] == RECEIVED_NS - 8 * SECOND_NS
    assert attributes_of(spans[ROOT]) == {"vedette.time_moved": 1000.0}


@pytest.mark.parametrize("missing", ["trace_id", "span_id"])
def test_a_transaction_without_ids_is_lost_with_all_its_spans(missing: str) -> None:
    rows = decoded(transaction({missing: None}, spans=[child(), child(), None]))

    assert rows.tables == {}
    assert rows.counts == [
        (0, "transaction", "invalid", "missing_field", 1),
        (0, "span", "invalid", "missing_field", 4),
    ]


def test_a_span_without_an_id_harms_no_other() -> None:
    rows = decoded(transaction(spans=[child(span_id="x"), None, child()]))

    assert sorted(rows.by_span()) == [ROOT, CHILD]
    assert rows.counts == [
        (0, "span", "invalid", "missing_field", 1),
        (0, "span", "invalid", "unreadable", 1),
        (0, "transaction", "accepted", "", 1),
        (0, "span", "accepted", "", 2),
    ]


def test_what_is_not_quite_json_is_read_all_the_same() -> None:
    text = json.dumps(transaction(tags={"a": "x\ud800y\x00z"}, measurements={"m": {"value": 1}}))
    broken = text.replace('"value": 1', '"value": NaN').encode()

    assert root_of(broken)["attr_str"] == {"a": "x\ufffdyz"}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=8,
)
FIELDS = st.sampled_from(
    ["transaction", "timestamp", "contexts", "spans", "tags", "user", "request", "measurements"]
)


@given(st.dictionaries(FIELDS, JSON), st.dictionaries(st.text(max_size=9), JSON))
def test_whatever_stands_in_the_fields_everything_is_counted(
    fields: dict[str, JsonValue], context: dict[str, JsonValue]
) -> None:
    rows = decoded(transaction() | fields, dsc=context)

    kept = len(rows.tables.get("spans", []))
    quantities = {(each[1], each[2]): 0 for each in rows.counts}
    for _, category, fate, _, quantity in rows.counts:
        quantities[category, fate] += quantity
    assert quantities.get(("span", "accepted"), 0) == kept
    assert sum(rows[4] for rows in rows.counts if rows[1] == "transaction") == 1


def test_a_batch_is_decoded_as_its_items_are() -> None:
    bodies = [json.dumps(transaction(transaction=f"t{number}")).encode() for number in range(3)]
    decoder = make_decoder()
    items = [
        (project, RECEIVED_NS, "transaction", b"{}", body) for project, body in enumerate(bodies)
    ]

    first = rows_of(decoder.sentry_spans(items, []))
    again = rows_of(decoder.sentry_spans(items, []))

    assert [row["name"] for row in first.tables["spans"]] == ["t0", "t1", "t2"]
    assert [row["project_id"] for row in first.tables["spans"]] == [0, 1, 2]
    assert [count[0] for count in first.counts] == [0, 0, 1, 1, 2, 2]
    assert again == first


def test_times_within_the_window_are_believed() -> None:
    start_s = (RECEIVED_NS - 29 * DAY_NS) // SECOND_NS

    root = root_of(transaction(start_timestamp=start_s, timestamp=start_s + 1))

    assert root["start_time"] == start_s * SECOND_NS
