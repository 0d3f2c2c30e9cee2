"""What Sentry items become fits the tables as their files declare them."""

from tests.unit.native.sentry_rows import RECEIVED_NS, SentItem, from_sentry_sdk, make_decoder
from tests.unit.native.table_engine import ask

LATER_NS = RECEIVED_NS + 20 * 365 * 86_400 * 1_000_000_000
"""No clock of a machine is beyond it, so that times lie too far back and are moved there."""


def test_what_sentry_sdk_sends_is_read_back_from_the_tables() -> None:
    static, stream = from_sentry_sdk("static"), from_sentry_sdk("stream")
    decoder = make_decoder()
    batches = [
        decoder.sentry_spans(_of_kinds([*static, *stream], "transaction", "span_container"), []),
        decoder.sentry_logs(_of_kinds(static, "log"), []),
        decoder.sentry_metrics(_of_kinds(static, "trace_metric"), []),
    ]

    spans, traces, logs, metrics, resources, keys = ask(
        [block for batch in batches for block in batch.blocks],
        "SELECT name, op, toString(status) AS status, release FROM spans ORDER BY name, op, status",
        "SELECT toUInt8(sum(span_count)) AS count FROM traces",
        "SELECT body, template, logger, attr_num['sentry.message.parameter.0'] AS first FROM logs",
        "SELECT name, type, value, attr_str['market'] AS market FROM metrics ORDER BY name",
        "SELECT DISTINCT attr_str['sentry.sdk.version'] AS version FROM resources",
        "SELECT DISTINCT dataset FROM attribute_keys WHERE key = 'tenant'",
    )

    assert [tuple(row.values()) for row in spans] == [
        ("GET /odds", "http.server", "ok", "shop@1.2.3"),
        ("GET /odds", "http.server", "unset", "shop@1.2.3"),
        ("GET http://wallet/17", "http.client", "error", "shop@1.2.3"),
        ("SELECT * FROM odds WHERE id = %s", "db", "ok", "shop@1.2.3"),
        ("SELECT odds", "db", "ok", "shop@1.2.3"),
    ]
    assert traces == [{"count": 5}]
    assert [tuple(row.values()) for row in logs] == [
        ("settled 3 bets of u-1", "settled %s bets of %s", "shop.bets", 3)
    ]
    assert [tuple(row.values()) for row in metrics] == [
        ("bets", "counter", 2, "winner"),
        ("odds.latency", "distribution", 12.5, ""),
        ("queue.depth", "gauge", 7.5, ""),
    ]
    assert resources == [{"version": "2.75.0"}]
    assert keys == [{"dataset": "spans"}]


def _of_kinds(items: list[SentItem], *kinds: str) -> list[tuple[int, int, str, bytes, bytes]]:
    return [
        (7, LATER_NS, each.kind, each.context, each.payload) for each in items if each.kind in kinds
    ]
