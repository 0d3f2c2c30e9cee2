"""Log records of OTLP requests, from bytes to rows of the real table."""

from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord

from tests.unit.native.otlp_requests import RECEIVED_NS, START_NS, any_value, logs, pairs
from tests.unit.native.table_engine import ask
from vedette.native import Decoder, otlp_count


def test_a_log_line_is_read_back_as_it_was_sent(decoder: Decoder) -> None:
    record = LogRecord(
        time_unix_nano=START_NS,
        severity_number=18,  # type: ignore[arg-type] # the number of a name that enums do not give
        severity_text="ERROR2",
        body=any_value("card declined"),
        attributes=pairs({"user.id": "u1", "logger.name": "pay", "attempt": 2, "code.line": 7}),
        trace_id=b"t" * 16,
        span_id=b"s" * 8,
        event_name="payment.failed",
    )

    body = logs(record)
    decoded = decoder.otlp_logs([(3, RECEIVED_NS, "", body)], [])

    assert otlp_count(body, "", "logs", 10_000) == (1, 0, len(body))
    assert decoded.counts == [
        (0, "log_item", "accepted", "", 1),
        (0, "log_byte", "accepted", "", record.ByteSize()),
    ]
    [[row]] = ask(
        decoded.blocks,
        "SELECT * EXCEPT (log_id, trace_id, span_id, time, received_at, resource_id),"
        " hex(trace_id) AS trace, hex(span_id) AS span, toUnixTimestamp64Nano(time) AS time"
        " FROM logs",
    )
    assert row == {
        "project_id": 3,
        "sequence": 0,
        "severity_number": 18,
        "severity": "error",
        "body": "card declined",
        "template": "",
        "event_name": "payment.failed",
        "logger": "pay",
        "service": "shop",
        "environment": "staging",
        "release": "1.2.3",
        "platform": "node",
        "protocol": "otlp",
        "origin": "auto.otlp.logs",
        "scope_name": "shop.http",
        "user_id": "u1",
        "session_id": "",
        "replay_id": "",
        "attr_str": {},
        "attr_num": {"attempt": 2, "code.line": 7},
        "attr_bool": {},
        "trace": "74" * 16,
        "span": "73" * 8,
        "time": START_NS,
    }


def test_bodies_of_every_type_become_text_and_times_fall_back(decoder: Decoder) -> None:
    bodies = [
        any_value("text"),
        any_value(5),
        any_value(1.5),
        any_value(value=True),
        any_value(None),
        any_value(["a", 1]),
        any_value({"key": "value"}),
        any_value(b"\xff"),
    ]
    records = [LogRecord(body=body) for body in bodies]
    records[0].observed_time_unix_nano = START_NS

    decoded = decoder.otlp_logs([(3, RECEIVED_NS, "", logs(*records))], [])

    [rows] = ask(
        decoded.blocks,
        "SELECT body, toUnixTimestamp64Nano(time) AS time, severity FROM logs ORDER BY sequence",
    )
    texts = ["text", "5", "1.5", "true", "", '["a",1]', '{"key":"value"}', '"/w=="']
    assert [row["body"] for row in rows] == texts
    assert [row["time"] for row in rows[:2]] == [START_NS, RECEIVED_NS]
    assert {row["severity"] for row in rows} == {"info"}


def test_ids_are_unique_and_the_same_when_the_batch_is_read_again(decoder: Decoder) -> None:
    body = logs(LogRecord(), LogRecord())
    batch = [(3, RECEIVED_NS, "", body), (3, RECEIVED_NS, "", body), (4, RECEIVED_NS, "", body)]

    first, second = decoder.otlp_logs(batch, []), decoder.otlp_logs(batch, [])

    assert first.blocks == second.blocks
    [[row]] = ask(first.blocks, "SELECT uniqExact(log_id) AS ids FROM logs")
    assert row == {"ids": 6}
