"""One figure of one step of a metric: what each aggregate means for each kind."""

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.query.metric_increase import Gain, intervals_of, quantile_of
from vedette.query.refusal import QuestionWrong

AGGREGATES: Final = ("rate", "increase", "sum", "avg", "min", "max", "count", "p50", "p95", "p99.9")
_PERCENTILE: Final = re.compile(r"p(\d{1,2}(?:\.\d{1,3})?|100)")
_PLAIN: Final = frozenset({"rate", "increase", "sum", "avg", "min", "max", "count"})
_PER_CENT: Final = 100


@dataclass(frozen=True, slots=True)
class Kind:
    """What kind of metric it is."""

    type: str
    temporality: str
    is_monotonic: bool

    @property
    def is_total(self) -> bool:
        """Whether points say everything since their series began."""
        is_counter = self.type == "sum" and self.is_monotonic
        is_known_total = self.temporality == "cumulative" and (is_counter or self.has_buckets)
        # OpenTelemetry's summaries say no temporality and are all such.
        return is_known_total or self.type == "summary"

    @property
    def has_buckets(self) -> bool:
        """Whether points are made of many values."""
        return self.type in {"histogram", "exponential_histogram", "summary"}

    @property
    def is_counter(self) -> bool:
        """Whether values are increases."""
        return self.type in {"sum", "counter"} and (self.is_monotonic or self.is_delta)

    @property
    def is_delta(self) -> bool:
        """Whether points say only what is new."""
        return self.temporality == "delta"


@dataclass(frozen=True, slots=True)
class MetricAggregate:
    """A figure that can be asked for."""

    name: str
    share: float | None = None
    """Of a percentile."""


def read_aggregate(name: str) -> MetricAggregate:
    """Return the aggregate of a name.

    Raises:
        QuestionWrong: There is none.
    """
    found = _PERCENTILE.fullmatch(name)
    if found is not None:
        return MetricAggregate(name, float(found[1]) / _PER_CENT)
    if name in _PLAIN:
        return MetricAggregate(name)
    raise QuestionWrong(f"aggregate must be one such as {', '.join(AGGREGATES)}")


def figure_of(
    aggregate: MetricAggregate, kind: Kind, gains: Sequence[Gain], length_s: float
) -> float | None:
    """Return the figure of one step; None where nothing is known.

    Raises:
        QuestionWrong: This kind of metric has no such figure.
    """
    if kind.has_buckets:
        figure = _of_buckets(aggregate, kind, gains, length_s)
    elif kind.is_counter:
        figure = _of_counter(aggregate, gains, length_s)
    else:
        figure = _of_values(aggregate, kind, gains, length_s)
    return figure if figure is not None and math.isfinite(figure) else None


def _of_counter(aggregate: MetricAggregate, gains: Sequence[Gain], length_s: float) -> float | None:
    if aggregate.name not in {"rate", "increase", "sum", "count"}:
        raise QuestionWrong(f"A counter has no {aggregate.name}: ask for rate or increase.")
    if not gains:
        return None
    if aggregate.name == "count":
        return float(len(gains))
    increase = sum(each.value for each in gains)
    return increase / length_s if aggregate.name == "rate" else increase


def _of_values(
    aggregate: MetricAggregate, kind: Kind, gains: Sequence[Gain], length_s: float
) -> float | None:
    """Return the figure of values that stand for themselves: of gauges and distributions."""
    values = sorted(each.value for each in gains if math.isfinite(each.value))
    if not values:
        return None
    if aggregate.share is not None:
        return values[max(0, math.ceil(aggregate.share * len(values)) - 1)]
    count = float(len(values))
    figures = {
        "min": values[0],
        "max": values[-1],
        "sum": math.fsum(values),
        "avg": math.fsum(values) / count,
        "count": count,
    }
    if kind.type == "distribution":
        figures |= {"rate": count / length_s, "increase": count}
    if aggregate.name not in figures:
        raise QuestionWrong(f"A gauge has no {aggregate.name}: ask for avg, min or max.")
    return figures[aggregate.name]


def _of_buckets(
    aggregate: MetricAggregate, kind: Kind, gains: Sequence[Gain], length_s: float
) -> float | None:
    buckets = [each.buckets for each in gains if each.buckets is not None]
    if aggregate.share is not None or aggregate.name in {"min", "max"}:
        if kind.type == "summary":
            raise QuestionWrong("Quantiles of summaries cannot be put together.")
        share = {"min": 0.0, "max": 1.0}.get(aggregate.name, aggregate.share)
        return quantile_of(intervals_of(buckets), share or 0.0)
    if not gains:
        return None
    count, total = sum(each.count for each in gains), math.fsum(each.sum for each in gains)
    match aggregate.name:
        case "sum":
            return total
        case "avg":
            return total / count if count else None
        case "rate":
            return count / length_s
        case _:
            return float(count)
