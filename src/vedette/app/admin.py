"""What the commands about projects, people and tokens do. They work beside a running server."""

from typing import Self

from vedette.app.cli_refusal import Refused
from vedette.app.data_folder import prepare_folder
from vedette.app.first_start import LOGIN_VALID_S, ensure_first_project, make_token
from vedette.app.server_file import read_note
from vedette.app.settings import Settings
from vedette.app.stores import open_metadata_store
from vedette.base.clock import NANOSECONDS_PER_SECOND, SystemClock
from vedette.base.ids import RandomIds
from vedette.model.category import Category
from vedette.model.person import Role, User
from vedette.model.project import PUBLIC_KEY_BYTES, Project, ProjectKey
from vedette.model.slug import SLUG_RULE, is_slug
from vedette.storage.metadata.all_projects import all_projects
from vedette.storage.secrets import hash_of_password, hash_of_secret

_CLOCK, _IDS = SystemClock(), RandomIds()


class _Admin:
    """The metadata of a data folder, and where its server is reached."""

    def __init__(self, settings: Settings) -> None:
        folder = prepare_folder(settings.data)
        note = read_note(folder.server_file)
        default = f"http://{settings.host}:{settings.port}"
        self.url = settings.public_url.rstrip("/") or (note.url if note else default)
        self.metadata = open_metadata_store(settings, folder)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        self.metadata.close()

    def described(self, project: Project, key: ProjectKey | None) -> dict[str, str | int]:
        """Return a project as it is printed."""
        return {
            "id": project.project_id,
            "slug": project.slug,
            "platform": project.platform,
            "dsn": key.dsn(self.url) if key else "no active key",
        }

    def project(self, slug: str) -> Project:
        """Return the project of this slug.

        Raises:
            Refused: There is none.
        """
        found = next((each for each in all_projects(self.metadata) if each.slug == slug), None)
        if found is None:
            raise Refused(f"there is no project {slug!r}; see `vedette project list`")
        return found

    def new_key(self, project: Project) -> ProjectKey:
        """Make a key."""
        return self.metadata.create_key(
            project_id=project.project_id,
            public_key=_IDS.secret(PUBLIC_KEY_BYTES),
            label="Default",
            created_ns=_CLOCK.now_ns(),
        )

    def person(self, email: str | None) -> User:
        """Return the person of this address, or the first one.

        Raises:
            Refused: There is none.
        """
        for each in self.metadata.users():
            if email is None or each.email.lower() == email.lower():
                return each
        raise Refused(f"there is no person {email or 'yet'}; see `vedette user create`")


def create_project(settings: Settings, *, slug: str, platform: str) -> dict[str, str | int]:
    """Make a project and a key."""
    if not is_slug(slug.lower()):
        raise Refused(f"{slug!r} cannot be a slug: {SLUG_RULE}")
    with _Admin(settings) as admin:
        first = ensure_first_project(admin.metadata, _CLOCK, _IDS)
        project = admin.metadata.create_project(
            organization_id=first.project.organization_id,
            slug=slug.lower(),
            name=slug,
            platform=platform,
            created_ns=_CLOCK.now_ns(),
        )
        return admin.described(project, admin.new_key(project))


def list_projects(settings: Settings) -> list[dict[str, str | int]]:
    """Return all projects."""
    with _Admin(settings) as admin:
        return [
            admin.described(
                project,
                next(
                    (key for key in admin.metadata.keys(project.project_id) if key.is_active), None
                ),
            )
            for project in all_projects(admin.metadata)
        ]


def rotate_key(settings: Settings, *, slug: str, keep_old: bool) -> dict[str, str | int]:
    """Make a new key; switch the others off unless they are to be kept."""
    with _Admin(settings) as admin:
        project = admin.project(slug)
        old = admin.metadata.keys(project.project_id)
        made = admin.new_key(project)
        if not keep_old:
            for each in old:
                admin.metadata.set_key_active(key_id=each.key_id, is_active=False)
        return admin.described(project, made)


def set_quota(
    settings: Settings, *, slug: str, category: str | None, count: int, window_s: int
) -> str:
    """Set the quota of a project."""
    with _Admin(settings) as admin:
        admin.metadata.set_quota(
            project_id=admin.project(slug).project_id,
            key_id=None,
            category=Category(category) if category else None,
            item_count_max=count,
            window_s=window_s,
        )
    return f"{slug}: at most {count} items of {category or 'all categories'} in {window_s} s"


def create_user(settings: Settings, *, email: str, role: str) -> dict[str, str]:
    """Make a person with a one-time sign-in link."""
    with _Admin(settings) as admin:
        now_ns = _CLOCK.now_ns()
        person = admin.metadata.create_user(
            email=email, name=email.partition("@")[0], role=Role(role), created_ns=now_ns
        )
        secret = _IDS.secret(24)
        admin.metadata.create_login(
            user_id=person.user_id,
            secret_hash=hash_of_secret(secret),
            expires_ns=now_ns + LOGIN_VALID_S * NANOSECONDS_PER_SECOND,
        )
        return {"email": email, "login_url": f"{admin.url}/auth/login/{secret}"}


def set_password(settings: Settings, *, email: str, password: str) -> None:
    """Set a person's password."""
    try:
        password_hash = hash_of_password(password)
    except ValueError as error:
        raise Refused(str(error)) from None
    with _Admin(settings) as admin:
        admin.metadata.set_password_hash(
            user_id=admin.person(email).user_id, password_hash=password_hash
        )


def create_token(
    settings: Settings, *, scopes: tuple[str, ...], email: str | None, label: str
) -> dict[str, str | list[str]]:
    """Make a token for a person."""
    with _Admin(settings) as admin:
        kept = frozenset(scopes) or frozenset({"admin"})
        secret = make_token(admin.metadata, admin.person(email), label, _CLOCK, _IDS, kept)
        return {"token": secret, "scopes": sorted(kept)}
