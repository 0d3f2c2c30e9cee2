"""Lines over time in Sentry's two forms: `events-timeseries` and the older `events-stats`."""

from collections.abc import Callable
from itertools import groupby
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject, JsonValue
from vedette.query.accuracy import MEASURE, Accuracy
from vedette.query.events_table import NANOSECONDS_PER_MILLISECOND, meta_type, show, unit_of
from vedette.query.fields import MEANINGS, Kind
from vedette.query.series import Line, Series

INCOMPLETE: Final = "INCOMPLETE_BUCKET"
OTHERS: Final = "Other"
_COUNTED: Final = frozenset({Kind.INTEGER, Kind.RATE_PER_MINUTE, Kind.RATE_PER_SECOND})
"""Where no rows means zero, not that nothing is known."""


def shape_timeseries(series: Series) -> JsonObject:
    """Return one object per line, its values with all that is known of each."""
    steps, request = series.steps, series.request
    return {
        "meta": {
            "dataset": request.dataset,
            "start": steps.start_ns / NANOSECONDS_PER_MILLISECOND,
            "end": steps.end_ns / NANOSECONDS_PER_MILLISECOND,
            "confidenceMeasure": MEASURE if _is_sampled(series) else None,
        },
        "timeSeries": [_line(line, series) for line in series.lines],
    }


def shape_stats(series: Series) -> JsonObject:
    """Return one object, or one per axis, or one per group and axis.

    An answer about groups is always keyed by group, also when there are none.
    """
    if not series.request.group_count:
        return _axes(series.lines, series)
    shaped: dict[str, JsonValue] = {}
    for order, lines in groupby(series.lines, key=lambda line: line.order):
        group = list(lines)
        shaped[_group_name(group[0], series)] = {**_axes(group, series), "order": order}
    return shaped


def _line(line: Line, series: Series) -> JsonObject:
    steps = series.steps
    values: list[JsonValue] = []
    for number, (time_ns, point) in enumerate(zip(steps.times_ns(), line.points, strict=True)):
        one: dict[str, JsonValue] = {
            "timestamp": time_ns // NANOSECONDS_PER_MILLISECOND,
            "value": _shown(point.value, line, series),
            "incomplete": steps.is_partial(number),
        }
        if one["incomplete"]:
            one["incompleteReason"] = INCOMPLETE
        if series.request.before_s is not None:
            one["comparisonValue"] = _shown(point.before, line, series)
        if point.accuracy is not None:
            one |= {
                "sampleCount": point.accuracy.sample_count,
                "sampleRate": point.accuracy.sample_rate,
                "confidence": point.accuracy.confidence,
            }
        values.append(one)
    shown = [_shown(point.value, line, series) for point in line.points]
    return {
        "yAxis": line.column.name,
        "groupBy": _group(line, series),
        "values": values,
        "meta": {
            "valueType": meta_type(line.column, shown),
            "valueUnit": unit_of(line.column),
            "interval": steps.length_ns // NANOSECONDS_PER_MILLISECOND,
            "order": line.order,
            "isOther": line.is_others,
            "dataScanned": "full",
        },
    }


def _axes(lines: list[Line], series: Series) -> JsonObject:
    if len(lines) == 1:
        return _stats(lines[0], series)
    return {
        line.column.name: {**_stats(line, series), "order": order}
        for order, line in enumerate(lines)
    }


def _stats(line: Line, series: Series) -> JsonObject:
    steps, has_before = series.steps, series.request.before_s is not None
    data: list[JsonValue] = [
        [
            time_ns // NANOSECONDS_PER_SECOND,
            [
                {"count": _shown(point.value, line, series)}
                | ({"comparisonCount": _shown(point.before, line, series)} if has_before else {})
            ],
        ]
        for time_ns, point in zip(steps.times_ns(), line.points, strict=True)
    ]
    shown = [_shown(point.value, line, series) for point in line.points]
    meta: dict[str, JsonValue] = {
        "fields": {line.column.name: meta_type(line.column, shown)},
        "units": {line.column.name: unit_of(line.column)},
        "isMetricsData": False,
        "dataset": series.request.dataset,
        "dataScanned": "full",
        "incompleteBuckets": [
            time_ns // NANOSECONDS_PER_SECOND
            for number, time_ns in enumerate(steps.times_ns())
            if steps.is_partial(number)
        ],
    }
    if _is_sampled(series):
        meta["accuracy"] = _accuracy(line, series)
    return {
        "data": data,
        "order": line.order,
        "start": steps.start_ns // NANOSECONDS_PER_SECOND,
        "end": steps.end_ns // NANOSECONDS_PER_SECOND,
        "isMetricsData": False,
        "meta": meta,
    }


def _accuracy(line: Line, series: Series) -> JsonObject:
    def over_time(read: Callable[[Accuracy], JsonValue]) -> list[JsonValue]:
        return [
            {"timestamp": time_ns // NANOSECONDS_PER_SECOND, "value": read(point.accuracy)}
            for time_ns, point in zip(series.steps.times_ns(), line.points, strict=True)
            if point.accuracy is not None
        ]

    return {
        "confidence": over_time(lambda one: one.confidence),
        "sampleCount": over_time(lambda one: one.sample_count),
        "samplingRate": over_time(lambda one: one.sample_rate),
        "measure": MEASURE,
    }


def _shown(value: JsonValue, line: Line, series: Series) -> JsonValue:
    if value is None:
        return 0 if line.column.kind in _COUNTED else None
    return show(value, line.column.kind, series.request.project_slugs)


def _group(line: Line, series: Series) -> JsonValue:
    if line.group is None:
        return None
    return [{"key": name, "value": value} for name, value in _group_values(line, series)]


def _group_name(line: Line, series: Series) -> str:
    if line.is_others:
        return OTHERS
    return ",".join("" if value is None else str(value) for _, value in _group_values(line, series))


def _group_values(line: Line, series: Series) -> list[tuple[str, JsonValue]]:
    fields = MEANINGS[series.request.dataset].fields
    slugs = series.request.project_slugs
    return [
        (name, show(value, fields[name].kind if name in fields else None, slugs))
        for name, value in line.group or ()
    ]


def _is_sampled(series: Series) -> bool:
    return series.request.is_extrapolated and MEANINGS[series.request.dataset].is_sampled
