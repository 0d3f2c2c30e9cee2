"""The forms of answers about services, for the OpenAPI document."""

from pydantic import Field

from vedette.api.answer_forms import Form


class Rates(Form):
    """How much, and how well; counts speak for what was sampled away too."""

    count: int
    error_count: int
    rate_per_s: float
    failure_rate: float
    duration_sum_ns: float
    p50_ns: float | None
    p95_ns: float | None


class OperationFigures(Rates):
    """The figures of one group."""

    span_count: int = Field(description="Spans that are kept.")
    duration_max_ns: int
    p75_ns: float | None
    p99_ns: float | None
    slowest_trace: str | None
    error_trace: str | None


class ServiceStep(Form):
    """One step of time."""

    timestamp: str
    count: int
    error_count: int
    p50_ns: float | None
    p95_ns: float | None
    p99_ns: float | None
    slowest_trace: str | None
    error_trace: str | None


class ServiceFigures(OperationFigures):
    """One service: the spans by which it is entered."""

    service: str
    series: list[ServiceStep] = Field(description="Steps in which nothing came are left out.")


class Services(Form):
    """All services, most frequent first."""

    start: str
    end: str
    interval_s: int
    services: list[ServiceFigures]
    is_whole: bool = Field(description="Whether nothing was left out.")


class ServiceSeries(Form):
    """One service over time."""

    start: str
    end: str
    interval_s: int
    service: str
    series: list[ServiceStep]
    is_whole: bool


class OperationForm(OperationFigures):
    """One operation of a service."""

    operation: str
    op: str
    kind: str


class Operations(Form):
    """The operations of a service, most frequent first."""

    service: str
    operations: list[OperationForm]
    is_whole: bool


class MapNode(Form):
    """A service, or whatever services call. Only services that were entered have figures."""

    id: str
    kind: str = Field(description="service, http, rpc, database, queue; outside: nobody we know.")
    name: str
    count: int | None = None
    error_count: int | None = None
    rate_per_s: float | None = None
    failure_rate: float | None = None
    duration_sum_ns: float | None = None
    span_count: int | None = None
    duration_max_ns: int | None = None
    p50_ns: float | None = None
    p75_ns: float | None = None
    p95_ns: float | None = None
    p99_ns: float | None = None
    slowest_trace: str | None = None
    error_trace: str | None = None


class CallFigures(Rates):
    """The figures of calls; the lag is from the begin of the call to that of its answer."""

    lag_p50_ns: float | None
    lag_p95_ns: float | None


class MapEdge(CallFigures):
    """All calls from one node to another."""

    from_: str = Field(alias="from")
    to: str
    kind: str
    via: str = Field(description="The queue between both, if there is one.")


class ServiceMap(Form):
    """Who calls whom."""

    nodes: list[MapNode]
    edges: list[MapEdge]
    settled_until: str | None = Field(
        description="Calls whose ends came in later are not counted yet."
    )
    is_whole: bool


class DatabaseQuery(OperationFigures):
    """One query of one service, without its values."""

    target: str = Field(description="The database system.")
    operation: str
    service: str


class Databases(Form):
    """Queries, most time in all first."""

    queries: list[DatabaseQuery]


class QueueUser(OperationFigures):
    """Who publishes to a queue or takes from it."""

    target: str = Field(description="The queue.")
    kind: str
    service: str


class QueueLag(CallFigures):
    """How much later a consumer receives what a producer published."""

    queue: str
    producer: str
    consumer: str


class Queues(Form):
    """Queues by their producers and consumers."""

    producers: list[QueueUser]
    consumers: list[QueueUser]
    lags: list[QueueLag]
    settled_until: str | None
