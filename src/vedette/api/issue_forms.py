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


class ShortIdForm(Form):
    """Which issue a short id is of."""

    organization_slug: str
    project_slug: str
    group_id: str
    group: IssueForm
    short_id: str


class IssueCounts(RootModel[dict[str, int]]):
    """How many issues each search finds."""
