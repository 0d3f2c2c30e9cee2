"""The forms of answers about several traces, for the OpenAPI document."""

from pydantic import Field, JsonValue

from vedette.api.answer_forms import Form


class TraceRoot(Form):
    """The span at which a trace begins."""

    span_id: str
    name: str
    op: str
    service: str
    project: str
    duration_ns: int
    is_missing: bool = Field(description="It has a parent that is not there.")


class TraceSummary(Form):
    """What lists show of a trace."""

    trace_id: str
    start_timestamp: str
    start_ns: str = Field(description="Since 1970; text, because a float cannot hold it.")
    duration_ns: int
    span_count: int
    error_count: int
    services: list[str]
    projects: list[str]
    root: TraceRoot


class ListedTrace(TraceSummary):
    """A trace that has a span which was looked for."""

    matching_spans: list[str] = Field(description="The newest of them.")


class TraceList(Form):
    """Traces by their newest matching span."""

    traces: list[ListedTrace]


class SentryTrace(Form):
    """The same in Sentry's form; times and durations are milliseconds."""

    trace: str
    num_errors: int
    num_occurrences: int
    num_spans: int
    matching_spans: int
    project: str | None
    name: str | None
    root_duration: float | None
    duration: float
    start: float
    end: float
    breakdowns: list[dict[str, JsonValue]]


class SentryTraceList(Form):
    """A page of them."""

    data: list[SentryTrace]
    meta: dict[str, JsonValue]


class JourneyTrace(Form):
    """A trace of a journey. Of one that is missing nothing but a link is known."""

    trace_id: str
    distance: int = Field(description="Steps from the trace asked for; negative: before it.")
    is_missing: bool
    start_timestamp: str | None = None
    start_ns: str | None = None
    duration_ns: int | None = None
    span_count: int | None = None
    error_count: int | None = None
    services: list[str] = Field(default_factory=list)
    projects: list[str] = Field(default_factory=list)
    root: TraceRoot | None = None


class JourneyEnd(Form):
    """A span in a trace."""

    trace_id: str
    span_id: str


class JourneyLink(Form):
    """One trace went on in another; what follows `to` tells of the span that has the link."""

    from_: JourneyEnd = Field(alias="from")
    to: JourneyEnd
    timestamp: str
    service: str
    op: str
    name: str
    kind: str


class Journey(Form):
    """Traces that follow one another by links, oldest first."""

    trace_id: str
    is_whole: bool = Field(description="Whether nothing was left out.")
    traces: list[JourneyTrace]
    links: list[JourneyLink]


class ComparedFigures(Form):
    """What one trace spent on something."""

    count: int
    error_count: int
    total_ns: int
    self_ns: int
    critical_ns: int


class ComparedRow(Form):
    """One thing that traces did; null where a trace did not."""

    service: str
    op: str
    name: str
    a: ComparedFigures | None
    b: ComparedFigures | None
    critical_difference_ns: int
    total_difference_ns: int


class ComparedTrace(TraceSummary):
    """One side."""

    is_whole: bool


class Comparison(Form):
    """Two traces side by side, the largest difference on the critical path first."""

    a: ComparedTrace
    b: ComparedTrace
    is_typical: bool
    shown: int
    total: int
    rows: list[ComparedRow]
