"""What differs between rows, how numbers are spread, and rows behind figures."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_span, block_of
from vedette.model.question import TimeRange
from vedette.model.value_counts import ValueCount, ValueCounts
from vedette.query.differences import (
    DifferenceRequest,
    ask_differences,
    compare,
    shape_differences,
)
from vedette.query.exemplars import ExemplarRequest, ask_exemplars
from vedette.query.facets import FacetRequest, ask_facets, shape_facets
from vedette.query.heatmap import HeatmapRequest, ask_heatmap
from vedette.query.refusal import QuestionWrong
from vedette.query.series import SeriesRequest

MINUTE_NS = 60 * SECOND_NS
WHEN = TimeRange(NOON_NS, NOON_NS + 2 * MINUTE_NS)
NOW_NS = NOON_NS + 10 * MINUTE_NS


@pytest.fixture(scope="module")
def telemetry() -> MemoryTelemetry:
    """Forty spans: every fourth is slow, and of those nearly all are of one shop."""
    memory = MemoryTelemetry()
    spans = [
        a_span(
            number + 1,
            start_time=NOON_NS + number * SECOND_NS,
            duration_ns=(8_000_000 if number % 4 == 0 else 1_000_000) + number,
            op="db",
            status="error" if number % 10 == 0 else "ok",
            attr_str={"shop": "east" if number % 4 == 0 and number else "west", "odd": str(number)},
        )
        for number in range(40)
    ]
    memory.put([block_of("spans", spans)], token="1")
    return memory


def counts(*values: tuple[str, int, int], selected: int = 1_000, rest: int = 9_000) -> ValueCounts:
    return ValueCounts(
        selected,
        rest,
        selected,
        rest,
        tuple(ValueCount(key, "v", mine, others) for key, mine, others in values),
    )


def test_what_tells_the_selection_apart_stands_first(telemetry: MemoryTelemetry) -> None:
    found = ask_differences(
        telemetry,
        DifferenceRequest("spans", "span.duration:>5ms", "", {1: "web"}, WHEN, NOW_NS),
    )

    assert found["selected"] == {"total": 10, "sampled": 10}
    assert found["rest"] == {"total": 30, "sampled": 30}
    attributes = found["attributes"]
    assert isinstance(attributes, list)
    assert [each["key"] for each in attributes] == ["shop"]
    assert {value["value"]: value["effect"] > 0 for value in attributes[0]["values"]} == {
        "east": True,
        "west": False,
    }


def test_values_are_ranked_by_effect_and_chance_is_left_out() -> None:
    shaped = shape_differences(
        counts(("even", 100, 900), ("strong", 900, 100), ("weak", 200, 900), ("rare", 4, 0)),
        key_count_max=10,
    )

    attributes = shaped["attributes"]
    assert isinstance(attributes, list)
    assert [each["key"] for each in attributes] == ["strong", "weak"]
    assert shaped["comparedValues"] == 3


def test_known_figures_of_the_test() -> None:
    [found] = compare(counts(("k", 30, 10), selected=50, rest=50))

    # 2 x (30 ln 30/20 + 20 ln 20/30 + 10 ln 10/20 + 40 ln 40/30), and phi = 1000 / (50 x sqrt 2400)
    assert found.g == pytest.approx(17.2609, abs=1e-4)
    assert found.effect == pytest.approx(0.408248, abs=1e-6)
    assert found.chance == pytest.approx(3.26e-5, rel=1e-2)


def test_of_too_few_rows_nothing_is_said() -> None:
    assert compare(counts(("k", 5, 0), selected=5, rest=9_000)) == []


@given(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500), st.integers(0, 500))
def test_any_counts_can_be_compared(mine: int, others: int, selected: int, rest: int) -> None:
    given_counts = counts(
        ("k", min(mine, selected), min(others, rest)), selected=selected, rest=rest
    )

    for found in compare(given_counts):
        assert -1.000001 <= found.effect <= 1.000001
        assert 0 <= found.chance <= 1


def test_a_selection_must_be_named(telemetry: MemoryTelemetry) -> None:
    with pytest.raises(QuestionWrong):
        ask_differences(telemetry, DifferenceRequest("spans", " ", "", {1: "web"}, WHEN, NOW_NS))


def test_facets_are_sorted_by_how_many_rows_have_them(telemetry: MemoryTelemetry) -> None:
    found = ask_facets(
        telemetry, FacetRequest("spans", "", {1: "web"}, WHEN, NOW_NS, keys=("shop", "nothing"))
    )

    assert found == [
        {
            "key": "shop",
            "topValues": [
                {"name": "west", "value": "west", "count": 31},
                {"name": "east", "value": "east", "count": 9},
            ],
        }
    ]


def test_facets_of_a_sample_are_estimates_of_all() -> None:
    sampled = ValueCounts(1_000, 0, 100, 0, (ValueCount("k", "v", 7, 0),))

    assert shape_facets(sampled) == [
        {"key": "k", "topValues": [{"name": "v", "value": "v", "count": 70}]}
    ]


def test_a_heatmap_counts_by_time_and_size(telemetry: MemoryTelemetry) -> None:
    asked = SeriesRequest("spans", (), "", {1: "web"}, WHEN, NOW_NS, interval="1m")

    found = ask_heatmap(telemetry, HeatmapRequest(asked, "span.duration"))

    cells, bounds = found["cells"], found["bounds"]
    assert isinstance(cells, dict)
    assert isinstance(bounds, list)
    assert cells["time"] == [0, 0]
    assert cells["count"] == [30, 10]
    assert [
        bounds[bucket] <= ms < bounds[bucket + 1]
        for bucket, ms in zip(cells["bucket"], (1.00001, 8.00001), strict=True)
    ] == [True, True]


def test_a_heatmap_of_text_is_refused(telemetry: MemoryTelemetry) -> None:
    asked = SeriesRequest("spans", (), "", {1: "web"}, WHEN, NOW_NS)

    with pytest.raises(QuestionWrong):
        ask_heatmap(telemetry, HeatmapRequest(asked, "span.op"))


@pytest.mark.parametrize(
    ("axis", "value", "shown"),
    [
        pytest.param("p50()", 1.000026, [1.000026, 1.000025], id="on both sides of a percentile"),
        pytest.param("max(span.duration)", 8.000036, [8.000036, 8.000032], id="the largest"),
        pytest.param("min(span.duration)", 1.000001, [1.000001, 1.000002], id="the smallest"),
        pytest.param("count()", 40, [1.000039, 1.000038], id="the newest"),
        pytest.param("failure_rate()", 0.1, [1.00003, 8.00002], id="those that failed"),
    ],
)
def test_rows_behind_a_figure_are_those_it_speaks_of(
    telemetry: MemoryTelemetry, axis: str, value: float, shown: list[float]
) -> None:
    found = ask_exemplars(
        telemetry,
        ExemplarRequest("spans", axis, "", {1: "web"}, WHEN, NOW_NS, row_count=2),
    )

    assert found["value"] == value
    rows = found["data"]
    assert isinstance(rows, list)
    assert [row["span.duration"] for row in rows] == shown


@pytest.mark.parametrize("axis", ["equation|count()*2", "span.op"])
def test_what_is_no_function_has_no_rows_of_its_own(telemetry: MemoryTelemetry, axis: str) -> None:
    with pytest.raises(QuestionWrong):
        ask_exemplars(telemetry, ExemplarRequest("spans", axis, "", {1: "web"}, WHEN, NOW_NS))
