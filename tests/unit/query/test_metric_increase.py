"""Increases with resets and quantiles of buckets, against what plain Python says."""

import itertools
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.query.metric_increase import (
    BUCKET_COUNT_MAX,
    Buckets,
    Interval,
    MetricPoint,
    gains_of_deltas,
    gains_of_totals,
    intervals_of,
    quantile_of,
)

LIVES = st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=5), min_size=1, max_size=4)
"""What a counter counted from point to point, for each time that its process ran."""


@given(LIVES)
def test_what_was_counted_is_found_again_whatever_restarts(lives: list[list[int]]) -> None:
    points = []
    now_ns = 100
    for life in lives:
        start_ns, value = now_ns, 0
        for added in life:
            now_ns += 1
            value += added
            points.append(MetricPoint(now_ns, start_ns, float(value)))

    gains = gains_of_totals(points[::-1], is_monotonic=True, known_from_ns=50)

    assert sum(gain.value for gain in gains) == sum(map(sum, lives))
    assert len(gains) == len(points)


@given(st.lists(st.integers(0, 9), min_size=1, max_size=12))
def test_without_a_start_a_fall_is_a_restart_and_the_first_point_says_nothing(
    totals: list[int],
) -> None:
    points = [MetricPoint(number, 0, float(total)) for number, total in enumerate(totals)]

    gains = gains_of_totals(points, is_monotonic=True, known_from_ns=0)

    expected = [
        float(now - before if now >= before else now) for before, now in itertools.pairwise(totals)
    ]
    assert [gain.value for gain in gains] == expected


def test_a_series_that_began_before_the_time_says_nothing_with_its_first_point() -> None:
    points = [MetricPoint(200, 10, 1_000.0), MetricPoint(300, 10, 1_005.0)]

    assert [g.value for g in gains_of_totals(points, is_monotonic=True, known_from_ns=50)] == [5]
    assert [g.value for g in gains_of_totals(points, is_monotonic=True, known_from_ns=5)] == [
        1_000,
        5,
    ]


def test_deltas_are_what_they_say() -> None:
    points = [MetricPoint(1, value=3.0), MetricPoint(2, value=1.0)]

    assert [gain.value for gain in gains_of_deltas(points)] == [3, 1]


def test_a_histogram_is_held_against_the_one_before_bucket_by_bucket() -> None:
    def point(time_ns: int, counts: tuple[int, ...]) -> MetricPoint:
        return MetricPoint(time_ns, count=sum(counts), buckets=Buckets((1.0, 2.0), counts))

    gains = gains_of_totals(
        [point(1, (1, 1, 0)), point(2, (2, 1, 4)), point(3, (9, 0, 0))],
        is_monotonic=True,
        known_from_ns=0,
    )

    found = [gain.buckets.counts for gain in gains if gain.buckets is not None]
    # The third holds more in all and less in one bucket: it began anew.
    assert found == [(1, 0, 4), (9, 0, 0)]


def test_an_exponential_histogram_that_grew_downwards_is_held_by_its_indexes() -> None:
    def point(time_ns: int, offset: int, counts: tuple[int, ...]) -> MetricPoint:
        buckets = Buckets(scale=0, positive_offset=offset, positive=counts)
        return MetricPoint(time_ns, count=sum(counts), buckets=buckets)

    [gain] = gains_of_totals(
        [point(1, 3, (2, 1)), point(2, 2, (5, 2, 2))], is_monotonic=True, known_from_ns=0
    )

    assert gain.buckets is not None
    assert gain.buckets.positive == (5, 0, 1)


WIDTHS = st.tuples(st.integers(-8, 8), st.integers(0, 5), st.integers(1, 6))
INTERVALS = st.lists(WIDTHS, min_size=1, max_size=8).map(
    lambda found: [
        Interval(float(low), float(low + width), float(count)) for low, width, count in found
    ]
)


@given(INTERVALS, st.integers(1, 99))
def test_a_quantile_lies_where_its_share_of_the_values_is_below(
    intervals: list[Interval], percent: int
) -> None:
    value = quantile_of(intervals, percent / 100)
    assert value is not None

    def below(end: float) -> float:
        return math.fsum(
            each.count
            * (
                float(each.low <= end)
                if each.high == each.low
                else min(1.0, max(0.0, (end - each.low) / (each.high - each.low)))
            )
            for each in intervals
        )

    wanted = sum(each.count for each in intervals) * percent / 100
    # Slow and obvious: halve the range until its middle is the value.
    low, high = -9.0, 15.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (low, middle) if below(middle) >= wanted - 1e-9 else (middle, high)
    assert value == pytest.approx(high, abs=1e-6)


@given(
    st.lists(st.floats(0.001, 1e6), min_size=1, max_size=60),
    st.sampled_from([0.5, 0.9, 0.99]),
    st.lists(st.integers(-2, 5), min_size=1, max_size=3),
)
def test_quantiles_of_exponential_histograms_lie_in_the_bucket_of_the_value(
    values: list[float], share: float, scales: list[int]
) -> None:
    histograms = []
    for place, scale in enumerate(scales):
        mine = values[place :: len(scales)]
        base = 2.0 ** (2.0**-scale)
        indexes = [math.ceil(math.log(value, base)) - 1 for value in mine]
        if indexes:
            offset = min(indexes)
            counts = [0] * (max(indexes) - offset + 1)
            for index in indexes:
                counts[index - offset] += 1
            histograms.append(Buckets(scale=scale, positive_offset=offset, positive=tuple(counts)))

    intervals = intervals_of(histograms)
    found = quantile_of(intervals, share)

    assert sum(each.count for each in intervals) == len(values)
    assert len(intervals) <= BUCKET_COUNT_MAX
    true = sorted(values)[max(0, math.ceil(share * len(values)) - 1)]
    # The coarsest of them decides how far off it may be; a scale lower where there are too many.
    widest = 2.0 ** (2.0 ** -(min(scales) - 3))
    assert found is not None
    assert true / widest <= found <= true * widest


def test_negative_values_and_zeros_have_their_place() -> None:
    buckets = Buckets(
        scale=0, zero_count=2, positive_offset=0, positive=(1,), negative_offset=1, negative=(1,)
    )

    assert intervals_of([buckets]) == [
        Interval(-4.0, -2.0, 1),
        Interval(0.0, 0.0, 2),
        Interval(1.0, 2.0, 1),
    ]
    assert quantile_of(intervals_of([buckets]), 0.5) == 0.0


def test_buckets_without_an_end_are_their_other_end() -> None:
    assert quantile_of(intervals_of([Buckets((10.0, 20.0), (0, 0, 5))]), 0.99) == 20.0
    assert quantile_of(intervals_of([Buckets((10.0, 20.0), (4, 0, 0))]), 0.5) == 5.0
    assert quantile_of([], 0.5) is None
