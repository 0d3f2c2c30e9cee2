"""Data points of OTLP requests, from bytes to rows of the real table."""

from opentelemetry.proto.metrics.v1.metrics_pb2 import (
    AGGREGATION_TEMPORALITY_CUMULATIVE,
    AGGREGATION_TEMPORALITY_DELTA,
    Exemplar,
    ExponentialHistogram,
    ExponentialHistogramDataPoint,
    Gauge,
    Histogram,
    HistogramDataPoint,
    Metric,
    NumberDataPoint,
    Sum,
    Summary,
    SummaryDataPoint,
)

from tests.unit.native.otlp_requests import RECEIVED_NS, START_NS, metrics, pairs
from tests.unit.native.table_engine import Rows, ask
from vedette.model.json_value import JsonValue
from vedette.native import Decoder, otlp_count


def read(decoder: Decoder, *sent: Metric, columns: str) -> Rows:
    decoded = decoder.otlp_metrics([(3, RECEIVED_NS, "", metrics(*sent))], [])
    [rows] = ask(decoded.blocks, f"SELECT {columns} FROM metrics ORDER BY name, value")
    return rows


WHO: dict[str, JsonValue] = {"service": "shop", "protocol": "otlp", "scope_name": "shop.http"}

GAUGE_AND_SUM: Rows = [
    {
        "name": "a.gauge",
        "type": "gauge",
        "unit": "By",
        "description": "how much",
        "value": -3,
        "temporality": "unspecified",
        "is_monotonic": False,
        "user_id": "",
        "attr_str": {},
        "time": START_NS,
        "start_time": 0,
        **WHO,
    },
    {
        "name": "b.sum",
        "type": "sum",
        "unit": "",
        "description": "",
        "value": 2.5,
        "temporality": "cumulative",
        "is_monotonic": True,
        "user_id": "u1",
        "attr_str": {"shelf": "x"},
        "time": START_NS,
        "start_time": START_NS - 9,
        **WHO,
    },
]


def test_gauges_and_sums_keep_their_value_and_meaning(decoder: Decoder) -> None:
    gauge = Metric(
        name="a.gauge",
        unit="By",
        description="how much",
        gauge=Gauge(data_points=[NumberDataPoint(time_unix_nano=START_NS, as_int=-3)]),
    )
    point = NumberDataPoint(
        time_unix_nano=START_NS,
        start_time_unix_nano=START_NS - 9,
        as_double=2.5,
        attributes=pairs({"user.id": "u1", "shelf": "x"}),
    )
    total = Metric(
        name="b.sum",
        sum=Sum(
            data_points=[point],
            aggregation_temporality=AGGREGATION_TEMPORALITY_CUMULATIVE,
            is_monotonic=True,
        ),
    )

    rows = read(
        decoder,
        gauge,
        total,
        columns="name, type, unit, description, value, temporality, is_monotonic, user_id,"
        " attr_str, toUnixTimestamp64Nano(time) AS time,"
        " toUnixTimestamp64Nano(start_time) AS start_time, service, protocol, scope_name",
    )

    assert rows == GAUGE_AND_SUM


def test_histograms_keep_their_buckets_and_exemplars(decoder: Decoder) -> None:
    exemplar = Exemplar(
        time_unix_nano=START_NS + 1,
        as_double=7.5,
        trace_id=b"t" * 16,
        span_id=b"s" * 8,
        filtered_attributes=pairs({"cause": "cold"}),
    )
    point = HistogramDataPoint(
        time_unix_nano=START_NS,
        count=3,
        sum=12.5,
        min=1,
        max=8,
        explicit_bounds=[2.0, 5.0],
        bucket_counts=[1, 0, 2],
        exemplars=[exemplar],
    )
    histogram = Histogram(
        data_points=[point], aggregation_temporality=AGGREGATION_TEMPORALITY_DELTA
    )

    rows = read(
        decoder,
        Metric(name="h", histogram=histogram),
        columns="type, temporality, count, sum, min, max, bounds, bucket_counts, exemplar_values,"
        " arrayMap(id -> hex(id), exemplar_trace_ids) AS traces,"
        " arrayMap(id -> hex(id), exemplar_span_ids) AS spans, exemplar_attributes",
    )

    assert rows == [
        {
            "type": "histogram",
            "temporality": "delta",
            "count": 3,
            "sum": 12.5,
            "min": 1,
            "max": 8,
            "bounds": [2, 5],
            "bucket_counts": [1, 0, 2],
            "exemplar_values": [7.5],
            "traces": ["74" * 16],
            "spans": ["73" * 8],
            "exemplar_attributes": ['{"cause":"cold"}'],
        }
    ]


def test_exponential_histograms_and_summaries_keep_their_numbers(decoder: Decoder) -> None:
    buckets = ExponentialHistogramDataPoint.Buckets
    point = ExponentialHistogramDataPoint(
        time_unix_nano=START_NS,
        count=300,
        scale=-2,
        zero_count=4,
        zero_threshold=0.5,
        positive=buckets(offset=-7, bucket_counts=[1, 295]),
        negative=buckets(offset=3, bucket_counts=[5]),
    )
    quantile = SummaryDataPoint.ValueAtQuantile(quantile=0.9, value=3.5)
    summary = SummaryDataPoint(
        time_unix_nano=START_NS, count=2, sum=4, quantile_values=[quantile], flags=1
    )

    rows = read(
        decoder,
        Metric(name="e", exponential_histogram=ExponentialHistogram(data_points=[point])),
        Metric(name="s", summary=Summary(data_points=[summary])),
        columns="type, count, scale, zero_count, zero_threshold, positive_offset,"
        " positive_counts, negative_offset, negative_counts, quantiles, quantile_values, is_stale",
    )

    assert [list(row.values()) for row in rows] == [
        ["exponential_histogram", 300, -2, 4, 0.5, -7, [1, 295], 3, [5], [], [], False],
        ["summary", 2, 0, 0, 0, 0, [], 0, [], [0.9], [3.5], True],
    ]


def test_a_series_is_known_by_name_and_attributes_in_any_order(decoder: Decoder) -> None:
    def gauge(value: int, **attributes: str) -> Metric:
        point = NumberDataPoint(
            time_unix_nano=START_NS, as_int=value, attributes=pairs({**attributes})
        )
        return Metric(name="g", gauge=Gauge(data_points=[point]))

    rows = read(
        decoder,
        gauge(1, a="1", b="2"),
        gauge(2, b="2", a="1"),
        gauge(3, a="2", b="1"),
        gauge(4),
        columns="series_id",
    )

    first, second, third, fourth = (row["series_id"] for row in rows)
    assert first == second
    assert len({first, third, fourth}) == 3


def test_a_metric_without_a_name_is_counted_by_its_points(decoder: Decoder) -> None:
    nameless = Metric(gauge=Gauge(data_points=[NumberDataPoint(), NumberDataPoint()]))
    named = Metric(name="a", gauge=Gauge(data_points=[NumberDataPoint()]))
    body = metrics(nameless, named)

    decoded = decoder.otlp_metrics([(3, RECEIVED_NS, "", body)], [])

    assert otlp_count(body, "", "metrics", 10_000) == (3, 2, len(body))
    assert decoded.counts == [
        (0, "trace_metric", "accepted", "", 1),
        (0, "trace_metric", "invalid", "missing_field", 2),
    ]
