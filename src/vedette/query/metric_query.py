"""A metric over time: rates and increases with resets, figures of gauges, quantiles of buckets."""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Compare,
    Condition,
    Dataset,
    Field,
    Function,
    Operator,
    RowQuestion,
    TimeRange,
    ValueCountsQuestion,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.metric_figures import Kind, figure_of, read_aggregate
from vedette.query.metric_increase import (
    Buckets,
    Gain,
    MetricPoint,
    gains_of_deltas,
    gains_of_totals,
)
from vedette.query.refusal import QuestionWrong
from vedette.query.series import SeriesRequest, Steps, read_steps
from vedette.query.subject import read_subject
from vedette.storage.telemetry.port import TelemetryReader

if TYPE_CHECKING:
    from vedette.model.question import Subject

POINT_COUNT_MAX: Final = 50_000
SERIES_COUNT_MAX: Final = 2_000
VALUE_COUNT_MAX: Final = 1_000
"""So far the values of an attribute are counted to find the worst one."""
GROUP_COUNT_MAX: Final = 20
KEY_COUNT_MAX: Final = 5
EXEMPLAR_COUNT_MAX: Final = 20
BEFORE_NS: Final = 300 * NANOSECONDS_PER_SECOND
"""So far before the time the points are looked for that totals are held against."""
_HISTOGRAMS: Final = frozenset({"histogram", "exponential_histogram"})
_COUNTED: Final = _HISTOGRAMS | {"summary"}
_POINT: Final = (
    *("metric.type", "metric.temporality", "metric.is_monotonic", "metric.is_stale", "series"),
    *("timestamp_precise", "start_timestamp", "value", "count", "sum", "histogram", "exemplars"),
    *("trace", "span_id"),
)


@dataclass(frozen=True, slots=True)
class MetricRequest:
    """What is asked for, in the asker's words."""

    name: str
    aggregate: str
    search: str
    project_slugs: Mapping[int, str]
    time_range: TimeRange
    now_ns: int
    interval: str | None = None
    group_by: Sequence[str] = ()
    where: Condition | None = None


@dataclass(slots=True)
class _Group:
    """What one line is made of."""

    values: tuple[JsonValue, ...]
    by_step: defaultdict[int, list[Gain]]


@dataclass(frozen=True, slots=True)
class MetricLine:
    """One group over the steps."""

    group: tuple[JsonValue, ...]
    values: list[float | None]


@dataclass(frozen=True, slots=True)
class MetricSeries:
    """The answer."""

    steps: Steps
    lines: list[MetricLine]
    kind: Kind | None
    series_count: int
    point_count: int
    group_count: int
    exemplars: list[JsonValue]


def ask_metric(reader: TelemetryReader, request: MetricRequest) -> MetricSeries:
    """Return the lines of one metric.

    Raises:
        QuestionWrong: A name is not understood, or there are too many series or points.
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    return _Asking(reader, request).series()


class _Asking:
    """One request on its way."""

    def __init__(self, reader: TelemetryReader, request: MetricRequest) -> None:
        meaning = meaning_of("tracemetrics")
        self._reader = reader
        self._request = request
        if not request.name:
            raise QuestionWrong("name is missing: which metric?")
        self._aggregate = read_aggregate(request.aggregate)
        if len(request.group_by) > KEY_COUNT_MAX:
            raise QuestionWrong(f"groupBy takes at most {KEY_COUNT_MAX} names")
        self._keys: tuple[Subject, ...] = tuple(
            read_subject(name, meaning)[0] for name in dict.fromkeys(request.group_by)
        )
        self._steps = read_steps(
            SeriesRequest(
                dataset="tracemetrics",
                axes=(),
                search="",
                project_slugs=request.project_slugs,
                time_range=request.time_range,
                now_ns=request.now_ns,
                interval=request.interval,
            )
        )
        context = search_context(meaning, request.project_slugs, request.now_ns)
        conditions = [
            Compare(Field("metric.name"), Operator.EQUAL, (request.name,)),
            read_condition(request.search, context),
            request.where,
        ]
        self._where = AllOf(tuple(each for each in conditions if each is not None))
        before_ns = max(BEFORE_NS, self._steps.length_ns)
        self._time_range = TimeRange(
            max(0, self._steps.start_ns - before_ns), request.time_range.end_ns
        )

    def series(self) -> MetricSeries:
        series_count, point_count = self._refuse_too_many()
        fields = tuple(Field(name) for name in _POINT)
        selected = tuple(dict.fromkeys((*fields, *self._keys)))
        places = [selected.index(key) for key in self._keys]
        answer = self._reader.rows(
            RowQuestion(
                dataset=Dataset.METRICS,
                project_ids=tuple(self._request.project_slugs),
                time_range=self._time_range,
                selected=selected,
                where=self._where,
                row_count_max=POINT_COUNT_MAX,
            )
        )
        rows = list(zip(*answer.columns, strict=True))
        groups, kind = self._groups(rows, places)
        lines = [self._line(each, kind) for each in groups.values()] if kind else []
        lines.sort(key=lambda line: -sum(abs(each) for each in line.values if each is not None))
        return MetricSeries(
            self._steps,
            lines[:GROUP_COUNT_MAX],
            kind,
            series_count,
            point_count,
            len(lines),
            _exemplars(rows, self._request.time_range.start_ns),
        )

    def _refuse_too_many(self) -> tuple[int, int]:
        answer = self._reader.rows(
            RowQuestion(
                dataset=Dataset.METRICS,
                project_ids=tuple(self._request.project_slugs),
                time_range=self._time_range,
                selected=(
                    Aggregate(Function.COUNT_UNIQUE, Field("series")),
                    Aggregate(Function.COUNT),
                ),
                where=self._where,
                row_count_max=1,
            )
        )
        counts = next(zip(*answer.columns, strict=True), (0, 0))
        series_count, point_count = int(str(counts[0] or 0)), int(str(counts[1] or 0))
        if series_count > SERIES_COUNT_MAX or point_count > POINT_COUNT_MAX:
            raise QuestionWrong(
                f"{self._request.name} has {point_count} points of {series_count} series here; at"
                f" most {POINT_COUNT_MAX} of {SERIES_COUNT_MAX} can be put together. Narrow the"
                f" time or the query.{self._worst_attribute()}"
            )
        return series_count, point_count

    def _worst_attribute(self) -> str:
        counts = self._reader.value_counts(
            ValueCountsQuestion(
                dataset=Dataset.METRICS,
                project_ids=tuple(self._request.project_slugs),
                time_range=self._time_range,
                where=self._where,
                value_count_max=VALUE_COUNT_MAX,
            )
        )
        found: defaultdict[str, int] = defaultdict(int)
        for each in counts.counts:
            found[each.key] += 1
        if not found:
            return ""
        worst = max(sorted(found), key=lambda key: found[key])
        return f" Most values, at least {found[worst]}, has {worst}."

    def _groups(
        self, rows: list[tuple[JsonValue, ...]], places: list[int]
    ) -> tuple[dict[tuple[JsonValue, ...], _Group], Kind | None]:
        by_series: defaultdict[tuple[JsonValue, ...], list[MetricPoint]] = defaultdict(list)
        kinds: set[Kind] = set()
        for row in rows:
            kind = Kind(str(row[0]), str(row[1]), bool(row[2]))
            kinds.add(kind)
            if not row[3]:
                group = tuple(row[place] for place in places)
                by_series[(kind.is_total, row[4], *group)].append(_point(row, kind))
        if len(kinds) > 1:
            said = ", ".join(sorted(f"{each.type} ({each.temporality})" for each in kinds))
            raise QuestionWrong(
                f"{self._request.name} comes in several kinds: {said}. Choose one by metric.type:"
                " or metric.temporality: in the query."
            )
        kind_of_all = next(iter(kinds), None)
        groups: dict[tuple[JsonValue, ...], _Group] = {}
        for (is_total, _, *keys), points in by_series.items():
            assert kind_of_all is not None
            values = tuple(keys)
            line = groups.setdefault(values, _Group(values, defaultdict(list)))
            gains = (
                gains_of_totals(
                    points,
                    is_monotonic=kind_of_all.is_monotonic or kind_of_all.type in _COUNTED,
                    known_from_ns=self._time_range.start_ns,
                )
                if is_total
                else gains_of_deltas(points)
            )
            for gain in gains:
                step = (gain.time_ns - self._steps.start_ns) // self._steps.length_ns
                if 0 <= step < self._steps.count:
                    line.by_step[step].append(gain)
        return groups, kind_of_all

    def _line(self, group: _Group, kind: Kind) -> MetricLine:
        length_s = self._steps.length_ns / NANOSECONDS_PER_SECOND
        return MetricLine(
            group.values,
            [
                figure_of(self._aggregate, kind, group.by_step.get(step, ()), length_s)
                for step in range(self._steps.count)
            ],
        )


def _point(row: tuple[JsonValue, ...], kind: Kind) -> MetricPoint:
    buckets = None
    if kind.type in _HISTOGRAMS:
        bounds, counts, scale, zero, up, positive, down, negative = json.loads(str(row[10]))
        buckets = (
            Buckets(bounds=tuple(bounds), counts=tuple(counts))
            if kind.type == "histogram"
            else Buckets(
                scale=scale,
                zero_count=zero,
                positive_offset=up,
                positive=tuple(positive),
                negative_offset=down,
                negative=tuple(negative),
            )
        )
    return MetricPoint(
        time_ns=int(str(row[5])),
        start_ns=int(str(row[6])),
        value=_number(row[7]),
        count=int(_number(row[8])),
        sum=_number(row[9]),
        buckets=buckets,
    )


def _number(value: JsonValue) -> float:
    return float(value) if isinstance(value, int | float) else 0.0


def _exemplars(rows: list[tuple[JsonValue, ...]], start_ns: int) -> list[JsonValue]:
    """Return the newest moments that name their trace."""
    found: list[tuple[int, float, str, str]] = []
    for row in rows:
        times, values, traces, spans = json.loads(str(row[11]))
        found += zip(map(int, times), values, traces, spans, strict=True)
        found.append((int(str(row[5])), _number(row[7]), str(row[12]), str(row[13])))
    named = [each for each in found if each[2].strip("0") and each[0] >= start_ns]
    return [
        {
            "timestamp": time_ns // 1_000_000,
            "value": value,
            "trace": trace_id,
            "spanId": span_id if span_id.strip("0") else None,
        }
        for time_ns, value, trace_id, span_id in sorted(named, reverse=True)[:EXEMPLAR_COUNT_MAX]
    ]
