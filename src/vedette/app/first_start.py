"""What a fresh server is given: organization, project, key, an owner and a token."""

from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND, Clock
from vedette.base.ids import IdSource
from vedette.model.person import Role, User
from vedette.model.project import PUBLIC_KEY_BYTES, Project, ProjectKey
from vedette.storage.metadata.port import Metadata
from vedette.storage.secrets import hash_of_secret, new_user_token

LOGIN_VALID_S: Final = 24 * 3600
ALL_SCOPES: Final = frozenset({"admin"})
OWNER_EMAIL: Final = "owner@localhost"
LOCAL_TOKEN_LABEL: Final = "command line of this machine"  # noqa: S105 - a label, no secret


@dataclass(frozen=True, slots=True)
class FirstProject:
    """The project that data goes to unless it says otherwise."""

    project: Project
    key: ProjectKey


@dataclass(frozen=True, slots=True)
class Shown:
    """Secrets that are shown once, at the first start."""

    login_secret: str
    api_token: str


def ensure_first_project(metadata: Metadata, clock: Clock, ids: IdSource) -> FirstProject:
    """Return the first project with an active key, making what is missing."""
    now_ns = clock.now_ns()
    organization = next(iter(metadata.organizations()), None)
    if organization is None:
        organization = metadata.create_organization(
            slug="default", name="Default", created_ns=now_ns
        )
    project = next(iter(metadata.projects(organization.organization_id)), None)
    if project is None:
        project = metadata.create_project(
            organization_id=organization.organization_id,
            slug="default",
            name="Default",
            platform="other",
            created_ns=now_ns,
        )
    key = next((each for each in metadata.keys(project.project_id) if each.is_active), None)
    if key is None:
        key = metadata.create_key(
            project_id=project.project_id,
            public_key=ids.secret(PUBLIC_KEY_BYTES),
            label="Default",
            created_ns=now_ns,
        )
    return FirstProject(project, key)


def ensure_owner(metadata: Metadata, clock: Clock, ids: IdSource) -> tuple[User, Shown | None]:
    """Return the first person; secrets only when that person was made just now."""
    owner = next((each for each in metadata.users() if each.is_active), None)
    if owner is not None:
        return owner, None
    now_ns = clock.now_ns()
    owner = metadata.create_user(
        email=OWNER_EMAIL, name="Owner", role=Role.OWNER, created_ns=now_ns
    )
    login_secret = ids.secret(24)
    metadata.create_login(
        user_id=owner.user_id,
        secret_hash=hash_of_secret(login_secret),
        expires_ns=now_ns + LOGIN_VALID_S * NANOSECONDS_PER_SECOND,
    )
    return owner, Shown(login_secret, make_token(metadata, owner, "first token", clock, ids))


def make_token(
    metadata: Metadata,
    user: User,
    label: str,
    clock: Clock,
    ids: IdSource,
    scopes: frozenset[str] = ALL_SCOPES,
) -> str:
    """Make a token and return its secret, which is kept nowhere."""
    secret = new_user_token(ids)
    metadata.create_token(
        user_id=user.user_id,
        secret_hash=hash_of_secret(secret),
        label=label,
        scopes=scopes,
        created_ns=clock.now_ns(),
    )
    return secret


def renew_local_token(metadata: Metadata, owner: User, clock: Clock, ids: IdSource) -> str:
    """Replace the token with which the command line asks the running server."""
    for token in metadata.tokens(owner.user_id):
        if token.label == LOCAL_TOKEN_LABEL:
            metadata.delete_token(token.token_id)
    return make_token(metadata, owner, LOCAL_TOKEN_LABEL, clock, ids)
