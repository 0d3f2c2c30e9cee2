"""Spans of OTLP requests, from bytes to rows of the real tables."""

import gzip

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.unit.native.otlp_requests import (
    RECEIVED_NS,
    SHOP,
    START_NS,
    pairs,
    resource,
    span,
    traces,
)
from tests.unit.native.table_engine import Rows, ask
from vedette.native import Decoded, Decoder, otlp_count

ALL_SPANS = "SELECT * EXCEPT (trace_id), hex(trace_id) AS trace FROM spans ORDER BY span_id"


def read(decoder: Decoder, *bodies: bytes) -> Decoded:
    return decoder.otlp_traces([(7, RECEIVED_NS, "", body) for body in bodies], [])


def failed_request() -> Span:
    """Return a span that has something of everything."""
    sent = span(1, kind=Span.SPAN_KIND_SERVER)
    sent.trace_state = "ot=th:8"
    sent.status.code = Status.STATUS_CODE_ERROR
    sent.status.message = "out of stock"
    sent.attributes.extend(
        pairs(
            {
                "http.method": "POST",
                "http.response.status_code": 503,
                "http.route": "/cart",
                "enduser.id": "u1",
                "cart.items": 3,
                "cart.total": 9.5,
                "cart.is_new": True,
                "tags": ["a", 1, {"deep": None}],
                "order": 9_007_199_254_740_993,
            }
        )
    )
    event = sent.events.add(name="exception", time_unix_nano=START_NS + 5)
    event.attributes.extend(pairs({"exception.type": "OutOfStock", "line": 3}))
    link = sent.links.add(trace_id=b"l" * 16, span_id=b"l" * 8)
    link.attributes.extend(pairs({"why": "batch"}))
    return sent


FAILED_REQUEST: Rows = [
    {
        "trace": "74" * 16,
        "id": "01" * 8,
        "parent": "00" * 8,
        "start": START_NS,
        "received": RECEIVED_NS // 1_000_000,
        "project_id": 7,
        "duration_ns": 1000,
        "name": "work 1",
        "op": "http.server",
        "description": "",
        "kind": "server",
        "status": "error",
        "status_text": "",
        "status_message": "out of stock",
        "is_segment": True,
        "is_own_segment": 1,
        "segment_name": "work 1",
        "service": "shop",
        "environment": "staging",
        "release": "1.2.3",
        "platform": "node",
        "protocol": "otlp",
        "origin": "auto.otlp.spans",
        "scope_name": "shop.http",
        "http_method": "POST",
        "http_status": 503,
        "http_route": "/cart",
        "db_system": "",
        "db_collection": "",
        "messaging_destination": "",
        "rpc_service": "",
        "server_address": "",
        "peer_service": "",
        "exception_type": "OutOfStock",
        "user_id": "u1",
        "session_id": "",
        "replay_id": "",
        "profile_id": "",
        "thread_id": "",
        "sample_rate": 0.5,
        "attr_str": {"tags": '["a",1,{"deep":null}]', "order": "9007199254740993"},
        "attr_num": {"cart.items": 3, "cart.total": 9.5},
        "attr_bool": {"cart.is_new": True},
        "event_times": [START_NS + 4],
        "event_names": ["exception"],
        "event_attributes": ['{"exception.type":"OutOfStock","line":3}'],
        "links": ["6C" * 16],
        "link_attributes": ['{"why":"batch"}'],
    }
]

KEYS_OF_FAILED_REQUEST = [
    ["cart.is_new", "boolean", 1],
    ["cart.items", "number", 1],
    ["cart.total", "number", 1],
    ["exception.type", "string", 1],
    ["http.request.method", "string", 1],
    ["http.response.status_code", "number", 1],
    ["http.route", "string", 1],
    ["order", "string", 1],
    ["tags", "string", 1],
    ["user.id", "string", 1],
]


def test_a_span_is_read_back_as_it_was_sent(decoder: Decoder) -> None:
    decoded = read(decoder, traces(failed_request()))

    assert decoded.counts == [(0, "span", "accepted", "", 1)]
    rows, [keys] = ask(
        decoded.blocks,
        "SELECT hex(trace_id) AS trace, hex(span_id) AS id, hex(parent_span_id) AS parent,"
        " toUnixTimestamp64Nano(start_time) AS start, duration_ns,"
        " toUnixTimestamp64Milli(received_at) AS received, * EXCEPT (trace_id, span_id,"
        " parent_span_id, segment_id, resource_id, start_time, duration_ns, received_at,"
        " link_trace_ids, link_span_ids, event_times),"
        " hex(segment_id) = hex(span_id) AS is_own_segment,"
        " arrayMap(id -> hex(id), link_trace_ids) AS links,"
        " arrayMap(time -> toUnixTimestamp64Nano(time) - 1, event_times) AS event_times"
        " FROM spans",
        "SELECT groupArray((key, type, count)) AS seen FROM"
        " (SELECT key, type, sum(count) AS count FROM attribute_keys"
        " WHERE project_id = 7 AND dataset = 'spans' GROUP BY key, type ORDER BY key)",
    )
    assert rows == FAILED_REQUEST
    assert keys["seen"] == KEYS_OF_FAILED_REQUEST


def test_a_resource_is_kept_once_and_told_apart_by_its_attributes(decoder: Decoder) -> None:
    other = resource(service__name="mail", cpu__count=4, is__virtual=True)
    body, elsewhere = traces(span(1)), traces(span(2), made_by=other)

    decoded = read(decoder, body, body, elsewhere)

    [resources, spans] = ask(
        decoded.blocks,
        "SELECT attr_str, attr_num, attr_bool FROM resources ORDER BY attr_str['service.name']",
        "SELECT service, uniqExact(resource_id) AS ids,"
        " countIf(resource_id IN (SELECT resource_id FROM resources)) AS known"
        " FROM spans GROUP BY service ORDER BY service",
    )
    mail, shop = resources
    assert mail == {
        "attr_str": {"service.name": "mail", "otel.scope.version": "0.1"},
        "attr_num": {"cpu.count": 4},
        "attr_bool": {"is.virtual": True},
    }
    assert isinstance(shop["attr_str"], dict)
    assert shop["attr_str"]["host.name"] == "a1"
    assert [(row["service"], row["ids"], row["known"]) for row in spans] == [
        ("mail", 1, 1),
        ("shop", 1, 2),
    ]


def test_what_a_scope_says_stands_with_the_resource_of_its_items(decoder: Decoder) -> None:
    request = ExportTraceServiceRequest()
    group = request.resource_spans.add(resource=SHOP)
    said = pairs({"team": "checkout", "beta": True, "tries": 2, "name": "not this"})
    for number, scope in enumerate(
        (
            InstrumentationScope(name="shop.http", version="2.0", attributes=said),
            InstrumentationScope(name="shop.db", version="2.0"),
            InstrumentationScope(name="plain"),
        )
    ):
        group.scope_spans.add(scope=scope, spans=[span(number + 1)])

    decoded = read(decoder, request.SerializeToString())

    [rows] = ask(
        decoded.blocks,
        "SELECT scope_name, r.attr_str['service.name'] AS service,"
        " mapFilter((k, v) -> k LIKE 'otel.%', r.attr_str) AS texts,"
        " mapFilter((k, v) -> k LIKE 'otel.%', r.attr_num) AS numbers,"
        " mapFilter((k, v) -> k LIKE 'otel.%', r.attr_bool) AS flags"
        " FROM spans JOIN (SELECT resource_id, attr_str, attr_num, attr_bool FROM resources) AS r"
        " USING (resource_id) ORDER BY scope_name DESC",
    )
    assert [tuple(row.values()) for row in rows] == [
        (
            "shop.http",
            "shop",
            {"otel.scope.version": "2.0", "otel.scope.team": "checkout"},
            {"otel.scope.tries": 2},
            {"otel.scope.beta": True},
        ),
        ("shop.db", "shop", {"otel.scope.version": "2.0"}, {}, {}),
        ("plain", "shop", {}, {}, {}),
    ]


def test_a_span_belongs_to_the_nearest_segment_above_it(decoder: Decoder) -> None:
    server = span(2, parent=9, kind=Span.SPAN_KIND_SERVER)
    remote = span(4, parent=3)
    remote.flags = 0x300
    orphan = span(6, parent=8)

    decoded = read(decoder, traces(span(3, parent=2), server, remote, span(5, parent=4), orphan))

    [rows] = ask(
        decoded.blocks,
        "SELECT hex(span_id) AS id, is_segment, hex(segment_id) AS segment, segment_name"
        " FROM spans ORDER BY id",
    )
    assert [list(row.values()) for row in rows] == [
        ["02" * 8, True, "02" * 8, "work 2"],
        ["03" * 8, False, "02" * 8, "work 2"],
        ["04" * 8, True, "04" * 8, "work 4"],
        ["05" * 8, False, "04" * 8, "work 4"],
        ["06" * 8, False, "00" * 8, ""],
    ]


def test_times_far_away_become_the_time_of_receipt_and_are_told(decoder: Decoder) -> None:
    old = span(1)
    old.start_time_unix_nano, old.end_time_unix_nano = 1_500_000_000, 1_500_000_100

    decoded = read(decoder, traces(old))

    [[row]] = ask(
        decoded.blocks,
        "SELECT toUnixTimestamp64Nano(start_time) AS start, duration_ns, attr_num FROM spans",
    )
    assert row == {
        "start": RECEIVED_NS,
        "duration_ns": 100,
        "attr_num": {"vedette.time_moved": 1.5},
    }


def test_spans_without_ids_are_counted_and_harm_no_other(decoder: Decoder) -> None:
    no_trace, zero_span = span(2), span(3)
    no_trace.trace_id = b"short"
    zero_span.span_id = bytes(8)
    body = traces(span(1), no_trace, zero_span, span(4))

    decoded = read(decoder, body)

    assert otlp_count(body, "", "traces", 10_000) == (4, 2, len(body))
    assert decoded.counts == [
        (0, "span", "accepted", "", 2),
        (0, "span", "invalid", "missing_field", 2),
    ]


def test_a_packed_body_is_unpacked_and_a_broken_one_harms_no_other(decoder: Decoder) -> None:
    body = traces(span(1), span(2))

    decoded = decoder.otlp_traces(
        [
            (1, RECEIVED_NS, "gzip", b"no gzip"),
            (1, RECEIVED_NS, "gzip", gzip.compress(body)),
            (1, RECEIVED_NS, "", body[:-3]),
        ],
        [],
    )

    assert decoded.counts == [
        (0, "span", "invalid", "unreadable", 1),
        (1, "span", "accepted", "", 2),
        (2, "span", "invalid", "unreadable", 1),
    ]


def test_text_that_is_no_text_and_long_values_are_made_fit(decoder: Decoder) -> None:
    sent = span(1)
    sent.attributes.extend(pairs({"k" * 300: "v", "long": "ü" * 40_000, "bytes": b"\xff\xfe"}))
    raw = traces(sent).replace(b"work 1", b"wor\xff 1")

    decoded = read(decoder, raw)

    [[row]] = ask(decoded.blocks, "SELECT name, attr_str FROM spans")
    assert row["name"] == "wor\ufffd 1"
    assert isinstance(row["attr_str"], dict)
    lengths = {key: len(str(value).encode()) for key, value in row["attr_str"].items()}
    assert lengths == {"k" * 197 + "...": 1, "long": 65_535, "bytes": 4}


def test_the_same_batch_gives_the_same_blocks(decoder: Decoder) -> None:
    body = traces(span(1), span(2, parent=1))
    assert read(decoder, body).blocks == read(decoder, body).blocks


def test_nothing_gives_no_blocks(decoder: Decoder) -> None:
    decoded = read(decoder, b"")
    assert (decoded.blocks, decoded.counts) == ([], [])
