"""The forms of answers about traces, attributes and outcomes, for the OpenAPI document."""

from pydantic import ConfigDict, Field, JsonValue

from vedette.api.answer_forms import Form, SnakeForm


class TraceError(SnakeForm):
    """An error within a trace."""

    event_id: str
    event_type: str
    project_id: int
    project_slug: str
    start_timestamp: float
    transaction: str
    description: str
    level: str
    culprit: str
    issue_id: int
    issue_type: str
    short_id: str | None


class TraceSpan(SnakeForm):
    """A span within a trace; times are seconds since 1970, the duration is milliseconds."""

    event_id: str
    event_type: str
    span_id: str
    parent_span_id: str | None
    transaction_id: str | None
    project_id: int
    project_slug: str
    op: str
    name: str
    description: str
    transaction: str
    is_transaction: bool
    start_timestamp: float
    end_timestamp: float
    duration: float
    status: str
    sdk_name: str
    profile_id: str
    profiler_id: str
    measurements: dict[str, JsonValue]
    additional_attributes: dict[str, JsonValue]
    errors: list[TraceError]
    occurrences: list[TraceError]
    children: list["TraceSpan"]


class TraceMeta(SnakeForm):
    """How much there is of a trace."""

    errors: int
    logs: int
    performance_issues: int
    span_count: int
    span_count_map: dict[str, int]
    transaction_child_count_map: list[dict[str, JsonValue]]


class Dictionary(Form):
    """A column of few different values: places in the list of them."""

    values: list[str]
    indexes: list[int]


class TraceColumnsOfSpans(Form):
    """Columns of equal length, one place for each span, in pre-order."""

    depth: list[int]
    parent: list[int] = Field(description="A place; -1 for roots.")
    start_ns: list[int] = Field(description="From the start of the trace.")
    duration_ns: list[int]
    self_ns: list[int] = Field(description="The time of the span in which no child ran.")
    critical_ns: list[int] = Field(
        description="How much of the critical path of its tree it is; they add up to the root."
    )
    skew_ns: list[int] = Field(
        description="By how much to move it if clocks shall agree. All else here is as it was sent,"
        " but for self and critical time, which are those of moved spans."
    )
    marks: list[int] = Field(
        description="Bits. 1: names a parent that is not there; 2: came more than once; 4: arrived"
        " more than a minute after its end; 8: begins before its parent of another service, so that"
        " clocks disagree; 16: its parents lead back to itself."
    )
    is_segment: list[bool]
    is_orphan: list[bool] = Field(description="It names a parent that is not there.")
    project_id: list[int]
    span_id: list[str]
    description: list[str]
    status_text: list[str]
    status_message: list[str]
    name: Dictionary
    op: Dictionary
    service: Dictionary
    kind: Dictionary
    status: Dictionary
    environment: Dictionary
    release: Dictionary
    protocol: Dictionary
    origin: Dictionary


class TraceGaps(Form):
    """Stretches of more than 100 ms between children of a span, where instrumentation may miss."""

    parent: list[int] = Field(description="The place of the span.")
    before: list[int] = Field(description="The place of the child that comes after the gap.")
    start_ns: list[int]
    duration_ns: list[int]


class ColumnarTrace(Form):
    """A trace as columns."""

    trace_id: str
    start_timestamp: str
    start_ns: str = Field(description="Since 1970; text, because a float cannot hold it.")
    duration_ns: int
    shown: int
    total: int
    gap_count: int = Field(description="How many gaps there are; at most 10,000 are listed.")
    columns: TraceColumnsOfSpans
    gaps: TraceGaps
    projects: dict[str, str] = Field(description="Slugs by id.")


class SpanDetails(SnakeForm):
    """One span with everything that was kept of it."""

    span_id: str
    trace_id: str
    parent_span_id: str | None
    segment_id: str | None
    segment_name: str
    is_segment: bool
    name: str
    op: str
    description: str
    kind: str
    status: str
    status_text: str
    status_message: str
    service: str
    environment: str
    release: str
    platform: str
    protocol: str
    origin: str
    project_id: int
    project_slug: str
    start_timestamp: str
    end_timestamp: str
    duration_ns: int
    attributes: dict[str, JsonValue]
    resource_attributes: dict[str, JsonValue]
    events: list[dict[str, JsonValue]]
    links: list[dict[str, JsonValue]]


class AttributeSource(SnakeForm):
    """Whether an attribute is ours or the sender's."""

    source_type: str


class AttributeKey(Form):
    """A name that can be searched; `key` is how a search says it."""

    key: str
    name: str
    attribute_type: str
    attribute_source: AttributeSource


class AttributeValue(Form):
    """A value that an attribute took."""

    key: str
    name: str
    value: JsonValue
    count: int
    first_seen: str | None
    last_seen: str | None


class OutcomeGroup(Form):
    """Sums of one group: over all, and by step of time."""

    by: dict[str, JsonValue]
    totals: dict[str, int]
    series: dict[str, list[int]]


class Outcomes(Form):
    """What became of everything that was sent."""

    model_config = ConfigDict(extra="forbid")

    start: str
    end: str
    intervals: list[str]
    groups: list[OutcomeGroup]
