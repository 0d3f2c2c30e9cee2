"""The forms of answers about issues, for the OpenAPI document."""

from pydantic import JsonValue, RootModel

from vedette.api.answer_forms import Form


class IssueProject(Form):
    """The project of an issue."""

    id: str
    name: str
    slug: str
    platform: str | None


class IssueMetadata(Form):
    """What the newest event says of itself."""

    title: str
    type: str
    value: str
    filename: str
    function: str


class Assignee(Form):
    """Who takes care of an issue."""

    type: str
    id: str
    name: str
    email: str


class IssueLifetime(Form):
    """What was counted since an issue began."""

    count: str
    first_seen: str
    last_seen: str


class ReleaseName(Form):
    """A release by its name."""

    version: str


class IssueForm(Form):
    """An issue as it stands in lists."""

    id: str
    short_id: str
    share_id: None
    title: str
    culprit: str
    permalink: str
    logger: str | None
    level: str
    platform: str
    type: str
    issue_type: str
    issue_category: str
    metadata: IssueMetadata
    project: IssueProject
    status: str
    substatus: str | None
    status_details: dict[str, JsonValue]
    priority: str
    is_unhandled: bool
    assigned_to: Assignee | None
    count: str
    user_count: int
    stats: dict[str, list[list[int]]]
    lifetime: IssueLifetime
    first_seen: str
    last_seen: str
    is_public: bool
    annotations: list[JsonValue]
    num_comments: int
    is_bookmarked: bool
    has_seen: bool
    is_subscribed: bool
    subscription_details: dict[str, str] | None
    first_release: ReleaseName | None
    last_release: ReleaseName | None
    regressed_in: str | None


class Person(Form):
    """Somebody who did something."""

    id: str
    name: str
    email: str


class ActivityForm(Form):
    """Something that happened to an issue."""

    id: str
    type: str
    user: Person | None
    data: dict[str, JsonValue]
    date_created: str


class VisitForm(Person):
    """Somebody who looked at it, and when last."""

    last_seen: str


class IssueDetails(IssueForm):
    """An issue with what people did and wrote."""

    activity: list[ActivityForm]
    participants: list[Person]
    seen_by: list[VisitForm]


class IssueChanged(RootModel[dict[str, JsonValue]]):
    """What was changed."""


class ActivityList(Form):
    """The feed of an issue."""

    activity: list[ActivityForm]


class HashForm(Form):
    """A group of events that an issue owns."""

    id: str
    latest_event: dict[str, JsonValue] | None
    count: int


class TagValue(Form):
    """A value of a tag."""

    key: str
    name: str
    value: str
    count: int


class IssueTag(Form):
    """A tag of an issue's events with its most frequent values."""

    key: str
    name: str
    total_values: int
    unique_values: int
    top_values: list[TagValue]


class ShortIdForm(Form):
    """Which issue a short id is of."""

    organization_slug: str
    project_slug: str
    group_id: str
    group: IssueForm
    short_id: str


class IssueCounts(RootModel[dict[str, int]]):
    """How many issues each search finds."""
