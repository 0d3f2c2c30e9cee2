"""Rows of spans, logs and metrics keep no secrets, and health checks only where wanted."""

import json
from collections.abc import Mapping

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from tests.unit.native.otlp_requests import RECEIVED_NS, START_NS, any_value, logs, pairs, traces
from tests.unit.native.otlp_requests import span as otlp_span
from tests.unit.native.sentry_rows import CHILD, ROOT, TRACE, Rows, make_decoder, rows_of
from tests.unit.native.table_engine import ask
from vedette.model.json_value import JsonObject
from vedette.model.project_rules import ScrubRules
from vedette.native import Decoder, Scrubber
from vedette.pipeline.scrubbing.row_scrubber import row_scrubber

SECRET = "hunter2hunter2"
DEFAULT = row_scrubber(ScrubRules())


def transaction(name: str, **data: object) -> JsonObject:
    return {
        "type": "transaction",
        "transaction": name,
        "start_timestamp": RECEIVED_NS / 1e9,
        "timestamp": RECEIVED_NS / 1e9 + 1,
        "contexts": {"trace": {"trace_id": TRACE, "span_id": ROOT, "data": data}},  # type: ignore[dict-item]  # whatever a test says
        "breadcrumbs": [{"category": "auth", "message": f"token={SECRET}"}],
        "spans": [
            {
                "span_id": CHILD,
                "op": "http.client",
                "description": f"GET https://bob:{SECRET}@api.test/?api_key={SECRET}",
                "start_timestamp": RECEIVED_NS / 1e9,
                "timestamp": RECEIVED_NS / 1e9 + 1,
            }
        ],
    }


def texts_of(row: Mapping[str, object]) -> dict[str, str]:
    texts = row["attr_str"]
    assert isinstance(texts, dict)
    return texts


def read(scrubber: Scrubber | None, *payloads: JsonObject, health: bool = False) -> Rows:
    items = [
        (7, RECEIVED_NS, "transaction", b"{}", json.dumps(payload).encode()) for payload in payloads
    ]
    return rows_of(make_decoder().sentry_spans(items, [(7, scrubber, health)]))


def test_no_planted_secret_is_in_the_rows_of_a_transaction() -> None:
    sent = transaction(
        "/pay", **{"http.request.header.authorization": SECRET, "q": f"?token={SECRET}", "n": 5}
    )

    kept, scrubbed = read(None, sent), read(DEFAULT, sent)

    assert any(SECRET.encode() in block for _, block, _ in kept.blocks)
    assert not any(SECRET.encode() in block for _, block, _ in scrubbed.blocks)
    row = scrubbed.by_span()[ROOT]
    assert row["attr_str"] == {
        **texts_of(kept.by_span()[ROOT]),
        "http.request.header.authorization": "[Filtered]",
        "q": "?token=[Filtered]",
    }
    assert (
        scrubbed.by_span()[CHILD]["name"]
        == "GET https://bob:[Filtered]@api.test/?api_key=[Filtered]"
    )


def test_counts_of_tokens_are_no_secrets() -> None:
    sent = transaction("/chat", **{"gen_ai.usage.input_tokens": 12, "otp": 123456})

    row = read(DEFAULT, sent).by_span()[ROOT]

    assert row["attr_num"] == {"gen_ai.usage.input_tokens": 12}
    assert texts_of(row)["otp"] == "[Filtered]"


def test_each_project_of_a_batch_has_its_own_rules() -> None:
    body = json.dumps(transaction("/a", tax_id="77")).encode()
    items = [(number, RECEIVED_NS, "transaction", b"{}", body) for number in (1, 2, 3)]
    own = row_scrubber(ScrubRules(sensitive_fields=("tax_id",)))

    rows = rows_of(
        make_decoder().sentry_spans(items, [(1, own, False), (2, DEFAULT, False)])
    ).tables["spans"]

    found = {row["project_id"]: texts_of(row).get("tax_id") for row in rows if row["is_segment"]}
    assert found == {1: "[Filtered]", 2: "77", 3: "77"}


def test_health_checks_are_left_out_and_accounted_for() -> None:
    sent = [transaction("GET /healthz"), transaction("/pay")]

    kept, filtered = read(DEFAULT, *sent), read(DEFAULT, *sent, health=True)

    assert len(kept.tables["spans"]) == 4
    assert len(filtered.tables["spans"]) == 2
    assert filtered.counts[:2] == [
        (0, "transaction", "filtered", "filtered-transaction", 1),
        (0, "span", "filtered", "filtered-transaction", 2),
    ]


def test_spans_of_the_second_protocol_are_health_checks_by_their_segment() -> None:
    span = {
        "trace_id": TRACE,
        "span_id": CHILD,
        "name": "SELECT 1",
        "start_timestamp": RECEIVED_NS / 1e9,
        "end_timestamp": RECEIVED_NS / 1e9 + 1,
        "attributes": {"sentry.segment.name": {"type": "string", "value": "GET /ready/"}},
    }
    other = {**span, "attributes": {}}
    item = (7, RECEIVED_NS, "span_container", b"{}", json.dumps({"items": [span, other]}).encode())

    rows = rows_of(make_decoder().sentry_spans([item], [(7, None, True)]))

    assert sorted(rows.counts) == [
        (0, "span", "accepted", "", 1),
        (0, "span", "filtered", "filtered-transaction", 1),
    ]


def test_otlp_spans_and_logs_keep_no_secrets(decoder: Decoder) -> None:
    sent = otlp_span(1)
    sent.attributes.extend(
        pairs({"db.password": SECRET, "session.id": "s1", "list": [f"password={SECRET}"]})
    )
    sent.events.add(name="e", attributes=pairs({"api_key": SECRET}))
    record = LogRecord(
        time_unix_nano=START_NS, body=any_value(f"card 4111111111111111 token={SECRET}")
    )
    rules = [(3, DEFAULT, False)]

    spans = decoder.otlp_traces([(3, RECEIVED_NS, "", traces(sent))], rules)
    lines = decoder.otlp_logs([(3, RECEIVED_NS, "", logs(record))], rules)

    assert not any(SECRET.encode() in block for _, block, _ in (*spans.blocks, *lines.blocks))
    [[row]] = ask(lines.blocks, "SELECT body FROM logs")
    assert row == {"body": "card [Filtered] token=[Filtered]"}
    [[row]] = ask(spans.blocks, "SELECT session_id, attr_str FROM spans")
    assert row["session_id"] == "s1"
    assert texts_of(row)["db.password"] == "[Filtered]"


def test_addresses_go_on_request_and_nothing_goes_when_all_is_off() -> None:
    assert row_scrubber(ScrubRules(is_on=False)) is None
    only_addresses = row_scrubber(ScrubRules(is_on=False, addresses=True))
    assert only_addresses is not None
    assert only_addresses.text("from 10.0.0.1") == "from [Filtered]"
    assert DEFAULT is not None
    assert DEFAULT.text("from 10.0.0.1") == "from 10.0.0.1"
