"""Query parameters that several routes share."""

from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from vedette.model.question import TimeRange
from vedette.query.paging import ROWS_PER_PAGE_MAX, Page, read_page
from vedette.query.time_range import read_time_range


class TimeParameters(BaseModel):
    """When, and in which projects."""

    model_config = ConfigDict(populate_by_name=True)

    period: str | None = Field(None, alias="statsPeriod", description="Such as 24h or 14d.")
    start: str | None = Field(None, description="ISO 8601, UTC unless it names a zone.")
    end: str | None = Field(None, description="ISO 8601, UTC unless it names a zone.")
    project: list[str] = Field(
        default_factory=list, description="Ids or slugs; none or -1 for all."
    )
    project_slug: list[str] = Field(default_factory=list, alias="projectSlug")

    def time_range(self, now_ns: int) -> TimeRange:
        """Return the asked time range."""
        return read_time_range(period=self.period, start=self.start, end=self.end, now_ns=now_ns)

    def named_projects(self) -> list[str]:
        """Return what names projects."""
        return [*self.project, *self.project_slug]


class PageParameters(BaseModel):
    """Which page of a list."""

    cursor: str | None = Field(None, description="From the Link header of another page.")
    per_page: int | None = None

    def page(self, row_count_max: int = ROWS_PER_PAGE_MAX) -> Page:
        """Return the asked page."""
        return read_page(cursor=self.cursor, per_page=self.per_page, row_count_max=row_count_max)


class EventListParameters(TimeParameters, PageParameters):
    """Which events of a project."""

    query: str = Field("", description="A search.")
    environment: list[str] = Field(default_factory=list)


class TableParameters(TimeParameters, PageParameters):
    """What the events table is asked for."""

    dataset: str = Field("errors", description="errors, spans, logs or tracemetrics.")
    field: list[str] = Field(default_factory=list, description="Fields, attributes, aggregates.")
    query: str = Field("", description="A search.")
    sort: list[str] = Field(default_factory=list, description="Fields; - before one: descending.")
    environment: list[str] = Field(default_factory=list)
    is_extrapolation_off: bool = Field(
        default=False,
        alias="disableAggregateExtrapolation",
        description="1: figures of the stored rows alone, not of what was sampled away.",
    )


class TraceParameters(TimeParameters):
    """What the nested trace is asked for."""

    additional_attributes: list[str] = Field(default_factory=list)


class ColumnsParameters(TimeParameters):
    """What the columnar trace is asked for."""

    span_id: str = Field(
        default="",
        alias="spanId",
        description="A span that is shown whatever else must be left out.",
    )


class TraceListParameters(TimeParameters, PageParameters):
    """Which traces."""

    query: str = Field("", description="A search over spans: traces with a span that it finds.")


class CompareParameters(BaseModel):
    """Which traces are compared."""

    a: str
    b: str = Field("", description="None: a typical trace of the same operation.")


class ServicesParameters(TimeParameters):
    """Which services, when, in which steps."""

    environment: list[str] = Field(default_factory=list)
    interval: int | None = Field(
        None, description="Seconds, whole minutes; about sixty steps if nothing is said."
    )


class OperationsParameters(ServicesParameters):
    """Which operations of a service."""

    spans: Literal["entry", "inner", "all"] = Field(
        "entry", description="Where the service is entered, what it does inside, or both."
    )


class TraceLogsParameters(TimeParameters, PageParameters):
    """Which logs of which traces."""

    trace_id: list[str] = Field(default_factory=list, alias="traceId")
    orderby: list[str] = Field(default_factory=list)
    query: str = ""


class AttributeParameters(TimeParameters, PageParameters):
    """Which attributes."""

    item_type: str | None = Field(None, alias="itemType", description="spans, logs, tracemetrics.")
    dataset: str | None = Field(None, description="The same as itemType.")
    attribute_type: list[str] = Field(
        default_factory=list, alias="attributeType", description="string, number or boolean."
    )
    substring_match: str = Field("", alias="substringMatch")


class OutcomeParameters(TimeParameters):
    """Which outcomes, and how they are summed."""

    field: list[str] = Field(default_factory=list, description="sum(quantity)")
    group_by: list[str] = Field(
        default_factory=list, alias="groupBy", description="outcome, category, reason, project."
    )
    interval: str | None = Field(None, description="Such as 1h.")
    category: list[str] = Field(default_factory=list)
    outcome: list[str] = Field(default_factory=list)
    reason: list[str] = Field(default_factory=list)


class ReleaseParameters(TimeParameters, PageParameters):
    """Which releases, and how much of each."""

    query: str = Field("", description="Part of the version, release: or release.package:.")
    environment: list[str] = Field(default_factory=list)
    status: str | None = Field(None, description="open (by default) or archived.")
    sort: str = Field(
        "date",
        description="date, semver, sessions, users, adoption, crash_free_sessions, "
        "crash_free_users, sessions_24h or users_24h.",
    )
    health: bool = Field(default=False, description="With figures of sessions and users.")
    with_stages: bool = Field(default=False, alias="adoptionStages")
    health_stat: str = Field("sessions", alias="healthStat")
    summary_period: str | None = Field(None, alias="summaryStatsPeriod")


class SessionParameters(TimeParameters):
    """Which sessions, and how they are summed."""

    field: list[str] = Field(default_factory=list, description="Such as sum(session).")
    group_by: list[str] = Field(
        default_factory=list,
        alias="groupBy",
        description="project, release, environment, session.status.",
    )
    interval: str | None = Field(None, description="Such as 1h.")
    query: str = Field("", description="release: and environment:.")
    environment: list[str] = Field(default_factory=list)
    order_by: str | None = Field(None, alias="orderBy")
    per_page: int | None = None
    include_series: bool = Field(default=True, alias="includeSeries")
