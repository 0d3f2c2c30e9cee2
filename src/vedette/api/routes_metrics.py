"""Routes: which metrics there are, and what they say over time."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field, JsonValue

from vedette.api.answer_forms import Form
from vedette.api.json_answer import answer
from vedette.api.parameters import TimeParameters
from vedette.api.policy import Scope
from vedette.api.visit import Admits, Visit
from vedette.query.events_table import in_environments
from vedette.query.metric_answer import ask_metrics
from vedette.query.metric_names import ask_metric_names
from vedette.query.metric_query import MetricRequest

router = APIRouter(prefix="/api/v1", tags=["metrics"])

ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]


class MetricName(Form):
    """A metric, and what it costs."""

    name: str
    type: str
    unit: str | None
    temporality: str
    is_monotonic: bool
    series_count: int
    point_count: int
    last_seen: str


class MetricNames(Form):
    """Metrics, those of the most series first."""

    is_cut: bool
    metrics: list[MetricName]


class MetricLine(Form):
    """One group: a value for each of the answer's times; null where nothing is known."""

    group: dict[str, JsonValue]
    values: list[float | None]


class MetricExemplar(Form):
    """A moment that names its trace."""

    timestamp: int
    value: float | None
    trace: str
    span_id: str | None


class MetricAnswer(Form):
    """Lines, the largest first; times and the interval are milliseconds."""

    name: str
    figure: str
    type: str | None
    temporality: str | None
    interval: int
    times: list[int]
    lines: list[MetricLine]
    group_count: int
    is_cut: bool
    series_count: int
    point_count: int
    exemplars: list[MetricExemplar]


class NameParameters(TimeParameters):
    """Which metrics."""

    query: str = Field("", description="A search.")


class MetricParameters(TimeParameters):
    """Which figure of which metric."""

    name: str = Field("", description="The metric.")
    aggregate: str = Field("avg", description="rate increase sum avg min max count, p50, p99.9 …")
    query: str = Field("", description="A search.")
    environment: list[str] = Field(default_factory=list)
    group_by: list[str] = Field(default_factory=list, alias="groupBy", description="Attributes.")
    interval: str | None = Field(None, description="Such as 5m; by default as fits the time.")
    formula: str = Field("", description="a/b, b/a, a*b, a+b or a-b: a is this one, b the second.")
    second_name: str = Field("", alias="secondName", description="The second metric.")
    second_aggregate: str = Field("", alias="secondAggregate", description="As of the first.")
    second_query: str = Field("", alias="secondQuery", description="A search for the second.")


@router.get("/metrics/names", response_model=MetricNames)
async def list_metrics(visit: ReadsAll, parameters: Annotated[NameParameters, Query()]) -> Response:
    """Metrics with type, unit, temporality, and how many series they have."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    project_slugs = await visit.all_projects(parameters.named_projects())
    time_range = parameters.time_range(now_ns)
    return answer(
        await visit.ask(
            lambda: ask_metric_names(
                services.telemetry,
                search=parameters.query,
                project_slugs=project_slugs,
                time_range=time_range,
                now_ns=now_ns,
            )
        )
    )


@router.get("/metrics/query", response_model=MetricAnswer)
async def query_metric(
    visit: ReadsAll, parameters: Annotated[MetricParameters, Query()]
) -> Response:
    """A metric over time: rates with resets, quantiles of merged buckets, a formula of two."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    first = MetricRequest(
        name=parameters.name,
        aggregate=parameters.aggregate,
        search=parameters.query,
        project_slugs=await visit.all_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        interval=parameters.interval,
        group_by=parameters.group_by,
        where=in_environments(parameters.environment),
    )
    second = None
    if parameters.formula:
        second = replace(
            first,
            name=parameters.second_name or parameters.name,
            aggregate=parameters.second_aggregate or parameters.aggregate,
            search=parameters.second_query,
        )
    return answer(
        await visit.ask(lambda: ask_metrics(services.telemetry, first, second, parameters.formula))
    )
