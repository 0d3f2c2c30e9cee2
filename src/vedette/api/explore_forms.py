"""The forms of what explores: charts, facets, samples, differences."""

from typing import Literal

from pydantic import JsonValue, RootModel

from vedette.api.answer_forms import Form

Confidence = Literal["high", "low"] | None


class GroupKey(Form):
    """One key of a group, and its value."""

    key: str
    value: JsonValue


class PointForm(Form):
    """One step of a line."""

    timestamp: int
    value: float | None
    incomplete: bool
    incomplete_reason: str | None = None
    comparison_value: float | None = None
    sample_count: int | None = None
    sample_rate: float | None = None
    confidence: Confidence = None


class LineMeta(Form):
    """What a line's values are."""

    value_type: str
    value_unit: str | None
    interval: int
    order: int
    is_other: bool
    data_scanned: str


class LineForm(Form):
    """One axis of one group."""

    y_axis: str
    group_by: list[GroupKey] | None
    values: list[PointForm]
    meta: LineMeta


class TimeseriesMeta(Form):
    """What all lines have in common; times are milliseconds."""

    dataset: str
    start: float
    end: float
    confidence_measure: str | None


class TimeseriesForm(Form):
    """Lines over the same steps."""

    meta: TimeseriesMeta
    time_series: list[LineForm]


class StatsForm(RootModel[dict[str, JsonValue]]):
    """`data`, `start`, `end` and `meta` of one line; or such objects by axis, group, or both."""
