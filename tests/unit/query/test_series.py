"""Figures over time, asked of rows in memory."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.telemetry_rows import NOON_NS, SECOND_NS, a_span, block_of
from vedette.model.json_value import JsonValue
from vedette.model.question import TimeRange
from vedette.query.refusal import QuestionWrong
from vedette.query.series import Series, SeriesRequest, ask_series, read_steps
from vedette.query.series_shape import shape_stats, shape_timeseries

MINUTE_NS = 60 * SECOND_NS


def request(*axes: str, **given: object) -> SeriesRequest:
    asked: dict[str, object] = {
        "dataset": "spans",
        "axes": axes or ("count()",),
        "search": "",
        "project_slugs": {1: "web"},
        "time_range": TimeRange(NOON_NS, NOON_NS + 3 * MINUTE_NS),
        "now_ns": NOON_NS + 10 * MINUTE_NS,
        "interval": "1m",
        **given,
    }
    return SeriesRequest(**asked)  # type: ignore[arg-type] # what a test gives fits


def telemetry(*spans: tuple[int, str, float, float]) -> MemoryTelemetry:
    """Return telemetry of spans: minute, operation, duration in ms and sample rate of each."""
    memory = MemoryTelemetry()
    rows = [
        a_span(
            number + 1,
            start_time=NOON_NS + minute * MINUTE_NS,
            op=op,
            duration_ns=int(duration_ms * 1_000_000),
            sample_rate=rate,
        )
        for number, (minute, op, duration_ms, rate) in enumerate(spans)
    ]
    if rows:
        memory.put([block_of("spans", rows)], token="1")
    return memory


def values(series: Series) -> dict[str, list[JsonValue]]:
    """Return what each line says, by its axis and group."""
    return {
        f"{line.column.name} {'other' if line.is_others else dict(line.group or ())}": [
            point.value for point in line.points
        ]
        for line in series.lines
    }


def test_a_line_has_a_value_for_each_step() -> None:
    memory = telemetry((0, "db", 10, 1), (0, "db", 30, 1), (2, "db", 50, 1))

    found = ask_series(memory, request("count()", "max(span.duration)", "epm()"))

    assert values(found) == {
        "count() {}": [2, None, 1],
        "max(span.duration) {}": [30_000_000, None, 50_000_000],
        "epm() {}": [2, None, 1],
    }


def test_the_largest_groups_have_lines_and_all_others_one() -> None:
    memory = telemetry(
        *[(0, "db", 1, 1)] * 3, *[(1, "http", 1, 1)] * 2, (2, "cache", 1, 1), (2, "", 1, 1)
    )

    found = ask_series(memory, request(group_by=("span.op",), group_count=2))

    assert values(found) == {
        "count() {'span.op': 'db'}": [3, None, None],
        "count() {'span.op': 'http'}": [None, 2, None],
        "count() other": [None, None, 2],
    }
    assert [line.order for line in found.lines] == [0, 1, 2]


def test_what_is_on_top_is_sorted_as_asked_and_filtered_by_functions() -> None:
    memory = telemetry((0, "db", 50, 1), (0, "db", 1, 1), (1, "http", 9, 1), (1, "cache", 5, 1))
    asked = request(
        "count()",
        group_by=("span.op",),
        group_count=1,
        sorts=("count()",),
        search="max(span.duration):<10ms",
        has_others=False,
    )

    assert list(values(ask_series(memory, asked))) == ["count() {'span.op': 'cache'}"]


def test_a_step_is_compared_with_the_one_before() -> None:
    memory = telemetry((0, "db", 1, 1), (2, "db", 1, 1), (2, "db", 1, 1))

    found = ask_series(memory, request(before_s=120))

    [line] = found.lines
    assert [(point.value, point.before) for point in line.points] == [
        (1, None),
        (None, None),
        (2, 1),
    ]


def test_a_step_that_is_not_over_is_marked() -> None:
    found = ask_series(telemetry(), request(now_ns=NOON_NS + 2 * MINUTE_NS + 5))

    assert [found.steps.is_partial(number) for number in range(3)] == [False, False, True]
    assert '"incompleteReason": "INCOMPLETE_BUCKET"' in json.dumps(shape_timeseries(found))


def test_counts_speak_for_what_was_sampled_away() -> None:
    found = ask_series(telemetry((0, "db", 1, 0.25), (0, "db", 1, 0.5)), request())

    [first, *_] = found.lines[0].points
    assert first.value == 6
    assert first.accuracy is not None
    assert (first.accuracy.sample_count, first.accuracy.confidence) == (2, "low")
    assert first.accuracy.sample_rate == pytest.approx(1 / 3)


def test_stats_of_several_axes_and_groups_are_objects_in_objects() -> None:
    memory = telemetry((0, "db", 1, 1), (1, "http", 1, 1))
    asked = request("count()", "p50()", group_by=("span.op",), group_count=1)

    shaped = shape_stats(ask_series(memory, asked))

    assert list(shaped) == ["db", "Other"]
    group = shaped["db"]
    assert isinstance(group, dict)
    assert list(group) == ["count()", "p50()", "order"]
    axis = group["count()"]
    assert isinstance(axis, dict)
    assert axis["data"] == [
        [NOON_NS // SECOND_NS + 60 * step, [{"count": count}]]
        for step, count in enumerate([1, 0, 0])
    ]


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"interval": "1s", "time_range": TimeRange(0, NOON_NS)}, "too many results"),
        ({"axes": ("span.op",)}, "yAxis must be a function"),
        ({"axes": tuple(f"p{n}()" for n in range(50, 70))}, "At most 10 yAxis"),
        ({"group_count": 5}, "groupBy is a required parameter"),
        ({"group_count": 5, "group_by": ("timestamp",)}, "Cannot group by timestamp"),
        ({"group_count": 5, "group_by": ("count_unique(x)",)}, "Cannot group by count_unique"),
        ({"group_count": 500, "group_by": ("span.op",)}, "up to 20 top events"),
        ({"interval": "soon"}, "Invalid interval"),
    ],
)
def test_a_chart_that_cannot_be_drawn_is_refused(given: dict[str, object], says: str) -> None:
    with pytest.raises(QuestionWrong) as caught:
        ask_series(telemetry((0, "a", 1, 1)), request(**given))

    assert says in str(caught.value)


@given(length_s=st.integers(1, 400 * 86_400), start_s=st.integers(0, 10**9))
def test_without_an_interval_the_steps_are_few(length_s: int, start_s: int) -> None:
    end_ns = (start_s + length_s) * SECOND_NS
    asked = request(interval=None, time_range=TimeRange(start_s * SECOND_NS, end_ns), now_ns=end_ns)

    steps = read_steps(asked)

    assert steps.start_ns <= start_s * SECOND_NS
    assert steps.start_ns + steps.count * steps.length_ns >= end_ns
    assert 1 <= steps.count <= 402


@settings(max_examples=25, deadline=None)
@given(
    spans=st.lists(
        st.tuples(
            st.integers(-2, 4),
            st.sampled_from(["", "a", "b", "c"]),
            st.integers(0, 50),
            st.sampled_from([1.0, 0.5]),
        ),
        max_size=30,
    ),
    group_count=st.integers(1, 4),
)
def test_groups_and_others_together_are_everything(
    spans: list[tuple[int, str, float, float]], group_count: int
) -> None:
    memory = telemetry(*spans)
    axes = ("count()", "sum(span.duration)")

    [count, total] = ask_series(memory, request(*axes)).lines
    grouped = ask_series(
        memory, request(*axes, group_by=("span.op",), group_count=group_count)
    ).lines

    for whole in (count, total):
        parts = [line.points for line in grouped if line.column == whole.column]
        sums = [sum(_number(point.value) for point in step) for step in zip(*parts, strict=True)]
        assert (sums or [0] * len(whole.points)) == [_number(point.value) for point in whole.points]


def _number(value: JsonValue) -> float:
    return value if isinstance(value, int | float) else 0
