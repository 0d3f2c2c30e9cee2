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


class FacetValue(Form):
    """A value, and how many rows have it."""

    name: str
    value: str
    count: int


class Facet(Form):
    """A key with its most frequent values."""

    key: str
    top_values: list[FacetValue]


class HeatmapCells(Form):
    """Cells that are not empty, as columns: places in `times` and in `bounds`, and counts."""

    time: list[int]
    bucket: list[int]
    count: list[int]


class Heatmap(Form):
    """How a number is spread over time; bucket N reaches from bound N to bound N + 1."""

    name: str
    unit: str | None
    times: list[int]
    interval: int
    bounds: list[float]
    cells: HeatmapCells


class Exemplars(Form):
    """A figure, and rows behind it; `chosen` says which."""

    y_axis: str
    value: JsonValue
    chosen: str
    data: list[dict[str, JsonValue]]


class Side(Form):
    """How many rows there are, and how many of them were looked at."""

    total: int
    sampled: int


class ValueDifference(Form):
    """How a value is spread; `chance`: that it is so although there is no difference."""

    value: str
    selected_count: int
    selected_share: float
    rest_count: int
    rest_share: float
    effect: float
    g: float
    chance: float


class AttributeDifference(Form):
    """A key, and those of its values that differ."""

    key: str
    values: list[ValueDifference]


class Differences(Form):
    """What differs, what tells most first; `measure` says how that is told."""

    measure: str
    selected: Side
    rest: Side
    compared_values: int
    is_cut: bool
    attributes: list[AttributeDifference]


class StatsForm(RootModel[dict[str, JsonValue]]):
    """`data`, `start`, `end` and `meta` of one line; or such objects by axis, group, or both."""
