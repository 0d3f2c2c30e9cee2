"""Query parameters of the routes that explore: charts, facets, samples, differences."""

from pydantic import Field

from vedette.api.parameters import TimeParameters
from vedette.model.question import Condition
from vedette.query.differences import KEY_COUNT_DEFAULT, KEY_COUNT_MAX
from vedette.query.events_table import in_environments
from vedette.query.exemplars import EXEMPLAR_COUNT_DEFAULT, EXEMPLAR_COUNT_MAX

_DATASET_NAMES = {"ourlogs": "logs", "discover": "errors", "metrics": "tracemetrics"}
"""Names that older clients use."""


def dataset_name(name: str) -> str:
    """Return a dataset under our name for it."""
    return _DATASET_NAMES.get(name, name)


class ExploreParameters(TimeParameters):
    """Which rows."""

    dataset: str = Field("errors", description="errors, spans, logs or tracemetrics.")
    query: str = Field("", description="A search.")
    environment: list[str] = Field(default_factory=list)
    is_extrapolation_off: bool = Field(
        default=False,
        alias="disableAggregateExtrapolation",
        description="1: figures of the stored rows alone, not of what was sampled away.",
    )

    @property
    def dataset_name(self) -> str:
        """The dataset under our name for it."""
        return dataset_name(self.dataset)

    def where(self) -> Condition | None:
        """Return what must hold besides the search."""
        return in_environments(self.environment)


class FacetParameters(ExploreParameters):
    """Values of which keys."""

    key: list[str] = Field(default_factory=list, description="Only these; all if none.")


class HeatmapParameters(ExploreParameters):
    """How which number is spread."""

    field: str = Field("span.duration", description="A field or attribute that is a number.")
    interval: str | None = Field(None, description="Such as 5m; by default as fits the time.")


class ExemplarParameters(ExploreParameters):
    """Rows behind which figure."""

    y_axis: str = Field("count()", alias="yAxis", description="A function.")
    limit: int = Field(EXEMPLAR_COUNT_DEFAULT, ge=1, le=EXEMPLAR_COUNT_MAX)


class DifferenceParameters(ExploreParameters):
    """Which rows are compared with which."""

    selection: str = Field("", description="A search: its rows are compared with all others.")
    limit: int = Field(KEY_COUNT_DEFAULT, ge=1, le=KEY_COUNT_MAX, description="Attributes.")


class SeriesParameters(ExploreParameters):
    """Which lines over time."""

    y_axis: list[str] = Field(
        default_factory=list, alias="yAxis", description="Functions and equations; count() if none."
    )
    interval: str | None = Field(None, description="Such as 5m; by default as fits the time.")
    group_by: list[str] = Field(
        default_factory=list, alias="groupBy", description="Fields and attributes, for topEvents."
    )
    field: list[str] = Field(
        default_factory=list, description="events-stats: fields to group by, besides functions."
    )
    top_events: int = Field(
        0, alias="topEvents", ge=0, description="So many groups. Functions in the query filter them"
    )
    sort: list[str] = Field(default_factory=list, description="Which groups are on top.")
    orderby: list[str] = Field(default_factory=list, description="The same as sort.")
    is_other_excluded: bool = Field(
        default=False, alias="excludeOther", description="1: no line for all other groups."
    )
    comparison_delta: int | None = Field(
        None,
        alias="comparisonDelta",
        ge=1,
        le=366 * 86_400,
        description="Seconds: each step with the one so much earlier.",
    )
