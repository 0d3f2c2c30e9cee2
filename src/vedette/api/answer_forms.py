"""The forms of answers, for the OpenAPI document; a test holds what is answered against them."""

from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel


class Form(BaseModel):
    """A form whose names are written as Sentry writes most of them."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")


class SnakeForm(BaseModel):
    """A form whose names are written with underscores."""

    model_config = ConfigDict(extra="forbid")


class Failure(BaseModel):
    """Every answer that is not what was asked for; some say more."""

    detail: str


class Alive(Form):
    """The process is alive."""

    alive: bool


class ProblemForm(Form):
    """One thing that keeps the server from being ready."""

    name: str
    text: str


class Ready(Form):
    """Whether the server is ready, and why not."""

    ready: bool
    problems: list[ProblemForm]


class KeptAside(Form):
    """A block of rows that the telemetry store refused."""

    name: str
    table: str
    rows: int
    token: str
    why: str


class RestoredForm(Form):
    """What came of storing refused blocks again."""

    restored_blocks: int
    restored_rows: int
    refused_again: list[str]
    left_blocks: int


class UserForm(Form):
    """A person."""

    id: str
    email: str
    username: str
    name: str
    is_active: bool
    date_joined: str
    role: str


class AuthScopes(Form):
    """What may be done."""

    scopes: list[str]


class Who(Form):
    """Who asks; nulls for nobody."""

    version: str
    user: UserForm | None
    auth: AuthScopes | None


class Region(Form):
    """Where organizations live."""

    name: str
    url: str


class Regions(Form):
    """All of them."""

    regions: list[Region]


class StatusName(Form):
    """A state."""

    id: str
    name: str


class OrganizationLinks(Form):
    """Where an organization is found."""

    organization_url: str
    region_url: str


class OrganizationForm(Form):
    """An organization as it stands in lists."""

    id: str
    slug: str
    name: str
    date_created: str
    status: StatusName
    is_early_adopter: bool
    require_2fa: bool = Field(alias="require2FA")
    require_email_verification: bool
    features: list[str]
    links: OrganizationLinks


class TeamForm(Form):
    """The one team of an organization."""

    id: str
    slug: str
    name: str
    date_created: str
    is_member: bool
    has_access: bool


class OrganizationSlug(Form):
    """An organization by name."""

    slug: str


class TeamDetails(TeamForm):
    """The same, with its organization."""

    organization: OrganizationSlug


class ProjectForm(Form):
    """A project as it stands in lists."""

    id: str
    slug: str
    name: str
    platform: str | None
    date_created: str
    status: str
    is_member: bool
    has_access: bool
    features: list[str]
    team: TeamForm
    teams: list[TeamForm]


class OrganizationDetails(OrganizationForm):
    """An organization with everything about it."""

    access: list[str]
    role: str
    teams: list[TeamForm]
    projects: list[ProjectForm]


class ProjectDetails(ProjectForm):
    """A project with everything about it."""

    organization: OrganizationForm
    access: list[str]
    data_scrubber: bool
    data_scrubber_defaults: bool
    scrub_ip_addresses: bool = Field(alias="scrubIPAddresses")
    sensitive_fields: list[str]
    safe_fields: list[str]
    relay_pii_config: str | None
    fingerprinting_rules: str
    grouping_enhancements: str
    options: dict[str, bool | str | list[str]]


class FilterForm(Form):
    """A filter of what comes in; that of old browsers names those it takes."""

    id: str
    active: bool | list[str]
    description: str
    name: str


class MemberForm(Form):
    """A member of an organization."""

    id: str
    email: str
    name: str
    role: str
    org_role: str
    role_name: str
    pending: bool
    expired: bool
    invite_status: str
    date_created: str
    user: UserForm


class InvitedForm(MemberForm):
    """A new member, and how they come in."""

    invite_link: str


class TokenForm(Form):
    """A token of a person."""

    id: str
    name: str
    scopes: list[str]
    date_created: str
    date_last_used: str | None
    expires_at: None
    application: None


class NewTokenForm(TokenForm):
    """The same when it is made: the only time that its secret is shown."""

    token: str


class RateLimitForm(Form):
    """At most so many items in each window of seconds."""

    window: int
    count: int


class Addresses(SnakeForm):
    """Where a key writes to."""

    public: str
    security: str
    csp: str
    otlp_traces: str
    otlp_logs: str
    otlp_metrics: str


class KeyForm(Form):
    """A key that may write to a project."""

    id: str
    name: str
    label: str
    public: str
    project_id: int
    is_active: bool
    date_created: str
    rate_limit: RateLimitForm | None
    dsn: Addresses


class TableAccuracy(Form):
    """Row by row, how far each figure may be trusted that speaks for what was sampled away."""

    confidence: list[dict[str, str | None]]
    sample_count: list[dict[str, int]]
    sampling_rate: list[dict[str, float | None]]
    measure: str


class TableMeta(Form):
    """Types and units of the columns."""

    fields: dict[str, str]
    units: dict[str, str | None]
    dataset: str
    data_scanned: str
    is_metrics_data: bool
    accuracy: TableAccuracy | None = None


class TableForm(Form):
    """Rows or groups; whether there are more says the Link header."""

    data: list[dict[str, JsonValue]]
    meta: TableMeta


class Tag(Form):
    """What an event is tagged with."""

    key: str
    value: str


class EventInList(BaseModel):
    """An error event as it stands in a list."""

    model_config = ConfigDict(alias_generator=to_camel, extra="forbid")

    id: str
    event_id: str = Field(alias="eventID")
    group_id: str | None = Field(alias="groupID")
    group_hash: str | None
    project_id: str = Field(alias="projectID")
    event_type: str = Field(alias="event.type")
    type: str
    title: str
    message: str
    location: str | None
    culprit: str | None
    platform: str | None
    dist: str | None
    date_created: str
    metadata: dict[str, JsonValue]
    tags: list[Tag]
    user: dict[str, JsonValue] | None


class Entry(Form):
    """A part of an event that has a view of its own."""

    type: str
    data: dict[str, JsonValue]


class EventForm(EventInList):
    """An error event with everything that was kept of it."""

    project_slug: str
    entries: list[Entry]
    contexts: dict[str, JsonValue]
    context: dict[str, JsonValue]
    packages: dict[str, JsonValue]
    sdk: dict[str, JsonValue] | None
    release: dict[str, JsonValue] | None
    errors: list[dict[str, JsonValue]]
    meta: dict[str, JsonValue] = Field(alias="_meta")
    fingerprints: list[str]
    date_received: str
    size: int
    occurrence: dict[str, JsonValue] | None
    """The finding, where a detector made the event."""
    user_report: dict[str, JsonValue] | None
    sdk_updates: list[JsonValue]
    resolved_with: list[JsonValue]
    crash_file: None
    previous_event_id: str | None = Field(alias="previousEventID")
    next_event_id: str | None = Field(alias="nextEventID")
