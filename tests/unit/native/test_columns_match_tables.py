"""The decoder's blocks have the columns of the tables, all of them and of the same types."""

from pathlib import Path

import pytest
from opentelemetry.proto.logs.v1.logs_pb2 import LogRecord
from opentelemetry.proto.metrics.v1.metrics_pb2 import Gauge, Metric, NumberDataPoint

from tests.unit.native.otlp_requests import RECEIVED_NS, logs, metrics, span, traces
from tests.unit.native.table_engine import ask
from vedette.native import Decoder


def test_every_block_has_exactly_the_columns_of_its_table(decoder: Decoder, tmp_path: Path) -> None:
    gauge = Metric(name="g", gauge=Gauge(data_points=[NumberDataPoint()]))
    blocks = [
        *decoder.otlp_traces([(1, RECEIVED_NS, "", traces(span(1)))], []).blocks,
        *decoder.otlp_logs([(1, RECEIVED_NS, "", logs(LogRecord()))], []).blocks,
        *decoder.otlp_metrics([(1, RECEIVED_NS, "", metrics(gauge))], []).blocks,
    ]
    written = {table: body for table, body, _ in blocks}
    assert set(written) == {"spans", "logs", "metrics", "resources", "attribute_keys"}
    questions = []
    for table, body in written.items():
        path = tmp_path / f"{table}.native"
        path.write_bytes(body)
        questions += [f"DESCRIBE TABLE {table}", f"DESCRIBE TABLE file('{path}', 'Native')"]

    answers = ask([], *questions)

    columns = [sorted((str(row["name"]), str(row["type"])) for row in rows) for rows in answers]
    for table, wanted, found in zip(written, columns[::2], columns[1::2], strict=True):
        assert found == wanted, table


def test_a_plan_with_an_unknown_column_is_refused() -> None:
    with pytest.raises(ValueError, match='no column "colour" can be filled'):
        Decoder({"colour": ("colour",)}, {}, {}, 1, 1)
