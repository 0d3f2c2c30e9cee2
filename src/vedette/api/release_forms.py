"""The forms of answers about releases, for the OpenAPI document."""

from pydantic import ConfigDict, JsonValue

from vedette.api.answer_forms import Form, UserForm


class VersionParts(Form):
    """A version that is numbered, in its parts."""

    raw: str
    major: int | None = None
    minor: int | None = None
    patch: int | None = None
    pre: str | None = None
    build_code: str | None = None
    components: int | None = None


class VersionInfo(Form):
    """A version, taken apart as far as it can be."""

    package: str | None
    version: VersionParts
    description: str
    build_hash: str | None


class NamedAuthor(Form):
    """Somebody who is no user here."""

    name: str
    email: str


class RepositoryForm(Form):
    """Where commits come from."""

    id: str
    name: str
    url: str | None
    provider: dict[str, str]
    status: str
    date_created: str
    integration_id: None
    external_slug: None


class FileInPatch(Form):
    """A file that a commit changed."""

    path: str
    type: str


class CommitForm(Form):
    """A commit."""

    id: str
    message: str | None
    date_created: str
    author: UserForm | NamedAuthor | None
    repository: RepositoryForm | None = None
    score: float | None = None
    suspect_commit_type: str | None = None


class CommitterForm(Form):
    """Somebody with the commits that are suspect."""

    author: UserForm | NamedAuthor
    commits: list[CommitForm]


class CommittersForm(Form):
    """Whose commits may have caused an event, most suspect first."""

    committers: list[CommitterForm]


class DeployForm(Form):
    """That a release was brought to an environment."""

    id: str
    environment: str
    name: str | None
    url: str | None
    date_started: str | None
    date_finished: str


class ReleaseProjectForm(Form):
    """A release as one project knows it."""

    id: int
    slug: str
    name: str
    platform: str | None
    platforms: list[str]
    new_groups: int
    regressed_groups: int
    has_health_data: bool
    first_event: str | None
    last_event: str | None
    health_data: dict[str, JsonValue] | None = None
    adoption_stages: dict[str, JsonValue] | None = None


class ReleaseForm(Form):
    """A release with everything about it."""

    id: str
    version: str
    short_version: str
    version_info: VersionInfo
    status: str
    ref: str | None
    url: str | None
    date_created: str
    date_started: str | None
    date_released: str | None
    data: dict[str, JsonValue]
    new_groups: int
    owner: None
    commit_count: int
    last_commit: CommitForm | None
    deploy_count: int
    last_deploy: DeployForm | None
    authors: list[UserForm | NamedAuthor]
    projects: list[ReleaseProjectForm]
    first_event: str | None
    last_event: str | None
    current_project_meta: dict[str, JsonValue]
    user_agent: None
    refs: list[dict[str, str]] | None = None


class CommitFileForm(Form):
    """A file that a commit of a release changed."""

    id: str
    org_id: int
    author: UserForm | NamedAuthor | None
    commit_message: str | None
    filename: str
    type: str
    repo_name: str


class EnvironmentForm(Form):
    """Where code runs."""

    id: str
    name: str
    display_name: str
    is_hidden: bool


class SessionGroupForm(Form):
    """Sums of a group."""

    model_config = ConfigDict(extra="forbid")

    by: dict[str, JsonValue]
    totals: dict[str, JsonValue]
    series: dict[str, list[JsonValue]] | None = None


class SessionsForm(Form):
    """Sessions by group and step of time."""

    start: str
    end: str
    query: str
    intervals: list[str]
    groups: list[SessionGroupForm]
