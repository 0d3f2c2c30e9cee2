"""Which metrics there are, and of what kind."""

from collections.abc import Mapping
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.model.question import (
    Aggregate,
    Dataset,
    Field,
    Function,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.query.condition import read_condition, search_context
from vedette.query.events_table import meaning_of
from vedette.query.iso_time import iso_time
from vedette.storage.telemetry.port import TelemetryReader

NAME_COUNT_MAX: Final = 1_000
_NAME: Final = Field("metric.name")
_POINTS: Final = Aggregate(Function.COUNT)
_SERIES: Final = Aggregate(Function.COUNT_UNIQUE, Field("series"))
_LAST: Final = Aggregate(Function.MAX, Field("timestamp"))
_KIND: Final = tuple(
    Field(name)
    for name in ("metric.type", "metric.unit", "metric.temporality", "metric.is_monotonic")
)


def ask_metric_names(
    reader: TelemetryReader,
    *,
    search: str,
    project_slugs: Mapping[int, str],
    time_range: TimeRange,
    now_ns: int,
) -> JsonObject:
    """Return the metrics, those with the most series first: they cost most.

    Raises:
        SearchError: The search is wrong.
        TelemetryError: The store could not answer.
    """
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.METRICS,
            project_ids=tuple(project_slugs),
            time_range=time_range,
            selected=(_NAME, *_KIND, _SERIES, _POINTS, _LAST),
            where=read_condition(
                search, search_context(meaning_of("tracemetrics"), project_slugs, now_ns)
            ),
            order=(Order(_SERIES, is_descending=True), Order(_NAME), *map(Order, _KIND)),
            row_count_max=NAME_COUNT_MAX,
        )
    )
    return {
        "isCut": answer.was_cut,
        "metrics": [
            {
                "name": name,
                "type": kind,
                "unit": unit or None,
                "temporality": temporality,
                "isMonotonic": bool(is_monotonic),
                "seriesCount": series,
                "pointCount": points,
                "lastSeen": iso_time(int(str(last))),
            }
            for name, kind, unit, temporality, is_monotonic, series, points, last in zip(
                *answer.columns, strict=True
            )
        ],
    }
