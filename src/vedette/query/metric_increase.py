"""What a metric's points say of each step of time: increases, resets, and merged buckets."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final

BUCKET_COUNT_MAX: Final = 320
"""Of a merged exponential histogram; one with more is merged at a coarser scale."""
SCALE_MIN: Final = -10
"""One bucket holds everything that a float can be."""


@dataclass(frozen=True, slots=True)
class Interval:
    """How many values lie above `low`, up to `high`."""

    low: float
    high: float
    count: float


@dataclass(frozen=True, slots=True)
class Buckets:
    """An explicit histogram (bounds) or an exponential one (scale): counts of one point."""

    bounds: tuple[float, ...] = ()
    counts: tuple[int, ...] = ()
    scale: int | None = None
    """None: explicit bounds."""
    zero_count: int = 0
    positive_offset: int = 0
    positive: tuple[int, ...] = ()
    negative_offset: int = 0
    negative: tuple[int, ...] = ()

    def is_below(self, before: "Buckets") -> bool:
        """Tell whether any bucket holds less than before, so that it cannot have only grown."""
        if (self.scale, self.bounds) != (before.scale, before.bounds):
            return True
        mine, theirs = _by_place(self), _by_place(before)
        return any(mine.get(place, 0) < count for place, count in theirs.items())

    def minus(self, before: "Buckets") -> "Buckets":
        """Return what was added since before."""
        return replace(
            self,
            counts=tuple(
                mine - theirs for mine, theirs in zip(self.counts, before.counts, strict=True)
            ),
            zero_count=self.zero_count - before.zero_count,
            positive=_shifted(
                self.positive, self.positive_offset, before.positive, before.positive_offset
            ),
            negative=_shifted(
                self.negative, self.negative_offset, before.negative, before.negative_offset
            ),
        )


@dataclass(frozen=True, slots=True)
class MetricPoint:
    """One point of one series."""

    time_ns: int
    start_ns: int = 0
    """0: not given."""
    value: float = 0.0
    """Of gauges and sums."""
    count: int = 0
    sum: float = 0.0
    buckets: Buckets | None = None


@dataclass(frozen=True, slots=True)
class Gain:
    """What was added from one point of a series to the next."""

    time_ns: int
    value: float
    count: int
    sum: float
    buckets: Buckets | None


def gains_of_deltas(points: Iterable[MetricPoint]) -> list[Gain]:
    """Return what points add that say only what is new."""
    return [Gain(each.time_ns, each.value, each.count, each.sum, each.buckets) for each in points]


def gains_of_totals(
    points: Sequence[MetricPoint], *, is_monotonic: bool, known_from_ns: int
) -> list[Gain]:
    """Return what points of one series add that say everything since it began.

    A series began anew when its start moved, or when it holds less than before; all that it holds
    then is new. Of the first point nothing is known unless the series began after `known_from_ns`.
    """
    gains: list[Gain] = []
    before: MetricPoint | None = None
    for point in sorted(points, key=lambda each: each.time_ns):
        if before is None:
            if point.start_ns >= known_from_ns and point.start_ns > 0:
                gains.append(_whole(point))
        elif is_monotonic and _began_anew(before, point):
            gains.append(_whole(point))
        else:
            gains.append(_difference(before, point))
        before = point
    return gains


def _began_anew(before: MetricPoint, point: MetricPoint) -> bool:
    # Some senders say another start for every point: it counts only where it lies behind a point.
    if point.start_ns > before.start_ns > 0 and point.start_ns >= before.time_ns:
        return True
    if point.buckets is not None and before.buckets is not None:
        return point.count < before.count or point.buckets.is_below(before.buckets)
    return point.value < before.value or point.count < before.count


def _whole(point: MetricPoint) -> Gain:
    return Gain(point.time_ns, point.value, point.count, point.sum, point.buckets)


def _difference(before: MetricPoint, point: MetricPoint) -> Gain:
    buckets = point.buckets
    if buckets is not None and before.buckets is not None:
        buckets = buckets.minus(before.buckets)
    return Gain(
        point.time_ns,
        point.value - before.value,
        point.count - before.count,
        point.sum - before.sum,
        buckets,
    )


def intervals_of(all_buckets: Iterable[Buckets]) -> list[Interval]:
    """Return the buckets of several histograms together.

    Exponential ones are brought to the coarsest scale among them first, and to a coarser one while
    they have more buckets than `BUCKET_COUNT_MAX`.
    """
    found: dict[tuple[float, float], float] = {}
    exponential: list[Buckets] = []
    for buckets in all_buckets:
        if buckets.scale is not None:
            exponential.append(buckets)
            continue
        ends = (float("-inf"), *buckets.bounds, float("inf"))
        for low, high, count in zip(ends, ends[1:], buckets.counts, strict=False):
            if count:
                found[low, high] = found.get((low, high), 0) + count
    for interval in _exponential_intervals(exponential):
        key = interval.low, interval.high
        found[key] = found.get(key, 0) + interval.count
    return [Interval(low, high, count) for (low, high), count in sorted(found.items())]


def quantile_of(intervals: Sequence[Interval], share: float) -> float | None:
    """Return the value below which lies the given share; None of nothing.

    Within a bucket values are taken as evenly spread. A bucket without an end is taken as its end
    that there is, the lowest one of positive bounds as beginning at zero.
    """
    closed = [_closed(each) for each in intervals if each.count > 0]
    total = sum(each.count for each in closed)
    if not total:
        return None
    wanted = min(max(share, 0.0), 1.0) * total
    waiting = sorted(closed, key=lambda each: each.low, reverse=True)
    ends = sorted({end for each in closed for end in (each.low, each.high)})
    active: list[Interval] = []
    below = 0.0
    for end, next_end in zip(ends, (*ends[1:], ends[-1]), strict=True):
        active = [each for each in active if each.high > end]
        while waiting and waiting[-1].low <= end:
            interval = waiting.pop()
            if interval.high > interval.low:
                active.append(interval)
            else:
                below += interval.count
        if below and below >= wanted:
            return end
        width = next_end - end
        spread = sum(each.count * (width / (each.high - each.low)) for each in active)
        if spread and below + spread >= wanted:
            return end + width * ((wanted - below) / spread)
        below += spread
    return ends[-1]


def _closed(interval: Interval) -> Interval:
    low, high = interval.low, interval.high
    if low == float("-inf") and high == float("inf"):
        low = high = 0.0
    elif low == float("-inf"):
        low = min(0.0, high)
    elif high == float("inf"):
        high = low
    return Interval(low, high, interval.count)


def _exponential_intervals(all_buckets: Sequence[Buckets]) -> list[Interval]:
    if not all_buckets:
        return []
    scale = min(each.scale for each in all_buckets if each.scale is not None)
    zero_count = sum(each.zero_count for each in all_buckets)
    while True:
        positive = _at_scale(all_buckets, scale, is_negative=False)
        negative = _at_scale(all_buckets, scale, is_negative=True)
        if len(positive) + len(negative) <= BUCKET_COUNT_MAX or scale <= SCALE_MIN:
            break
        scale -= 1
    intervals = [Interval(0.0, 0.0, zero_count)] if zero_count else []
    for index, count in positive.items():
        intervals.append(Interval(_power(index, scale), _power(index + 1, scale), count))
    for index, count in negative.items():
        intervals.append(Interval(-_power(index + 1, scale), -_power(index, scale), count))
    return intervals


def _at_scale(all_buckets: Sequence[Buckets], scale: int, *, is_negative: bool) -> dict[int, float]:
    found: dict[int, float] = {}
    for each in all_buckets:
        assert each.scale is not None
        offset = each.negative_offset if is_negative else each.positive_offset
        counts = each.negative if is_negative else each.positive
        for place, count in enumerate(counts):
            if count:
                # Halving the scale puts two neighbours into one; shifting rounds down, as it must.
                index = (offset + place) >> (each.scale - scale)
                found[index] = found.get(index, 0) + count
    return found


def _power(index: int, scale: int) -> float:
    """Return the lower end of a bucket: the base `2 ** (2 ** -scale)` to the power of its index."""
    exponent = index * 2.0**-scale
    return math.pow(2.0, min(max(exponent, -1_074.0), 1_023.0))


def _by_place(buckets: Buckets) -> dict[tuple[str, int], int]:
    return {
        ("zero", 0): buckets.zero_count,
        **{("explicit", place): count for place, count in enumerate(buckets.counts)},
        **{
            ("positive", buckets.positive_offset + place): count
            for place, count in enumerate(buckets.positive)
        },
        **{
            ("negative", buckets.negative_offset + place): count
            for place, count in enumerate(buckets.negative)
        },
    }


def _shifted(
    counts: tuple[int, ...], offset: int, before: tuple[int, ...], before_offset: int
) -> tuple[int, ...]:
    theirs = {before_offset + place: count for place, count in enumerate(before)}
    return tuple(count - theirs.get(offset + place, 0) for place, count in enumerate(counts))
