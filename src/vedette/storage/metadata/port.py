"""The metadata store: small, relational, exact.

MetadataError
├── MetadataUnreachable     try again later
├── AlreadyThere            someone else was first; the text names what
├── OwnerMissing            what it should belong to is not there (any more); the text names it
├── LastOwner               somebody must be left who may do everything
└── MetadataTooNew          written by a newer Vedette: a person must look

What holds for every method: each call is one transaction, durable when it returns, and may be made
from any thread; several processes may work on the same store. Look-ups of unknown ids (zero,
negative and absurdly large ones too) find nothing. Secrets come as hashes: 64 lower-case hex digits
for tokens, links and sessions, argon2id for passwords; anything else, a text longer than
`rules.TEXT_LENGTH_MAX` and a key that is not 32 hex digits are mistakes of ours and raise
ValueError. NUL and lone surrogates, which no database keeps, are kept as U+FFFD.
"""

from collections.abc import Sequence
from typing import Protocol

from vedette.model.category import Category
from vedette.model.digest_range import DigestRange
from vedette.model.person import Role, Token, User
from vedette.model.project import Organization, Project, ProjectKey, Quota
from vedette.storage.metadata.administration_port import Administration
from vedette.storage.metadata.commits_port import Commits
from vedette.storage.metadata.issue_book_port import IssueBook
from vedette.storage.metadata.issue_desk_port import IssueDesk
from vedette.storage.metadata.issue_feed_port import IssueFeed
from vedette.storage.metadata.issue_intake_port import IssueIntake
from vedette.storage.metadata.issue_joins_port import IssueJoins
from vedette.storage.metadata.issue_marks_port import IssueMarking
from vedette.storage.metadata.project_options_port import ProjectOptions
from vedette.storage.metadata.releases_port import Releases
from vedette.storage.metadata.saved_searches_port import SavedSearches
from vedette.storage.metadata.uploads_port import Uploads


class MetadataError(Exception):
    """The metadata store could not do what was asked."""


class MetadataUnreachable(MetadataError):  # noqa: N818 - a state, not a mistake
    """The database does not answer."""


class AlreadyThere(MetadataError):  # noqa: N818 - a state, not a mistake
    """A thing of this name exists."""


class OwnerMissing(MetadataError):  # noqa: N818 - a state, not a mistake
    """The organization, project, key or person that was named does not exist."""


class LastOwner(MetadataError):  # noqa: N818 - a state, not a mistake
    """Nobody would be left who may do everything."""


class MetadataTooNew(MetadataError):  # noqa: N818 - a state, not a mistake
    """The database was migrated by a newer version of Vedette."""


class Projects(Protocol):
    """Organizations, projects, keys, quotas. Look-ups of unknown things return None."""

    def organizations(self) -> Sequence[Organization]:
        """Return all, oldest first."""
        ...

    def create_organization(self, *, slug: str, name: str, created_ns: int) -> Organization:
        """Add one.

        Raises:
            AlreadyThere: The slug is taken.
        """
        ...

    def projects(self, organization_id: int) -> Sequence[Project]:
        """Return the projects of an organization, oldest first."""
        ...

    def create_project(
        self, *, organization_id: int, slug: str, name: str, platform: str, created_ns: int
    ) -> Project:
        """Add one; ids count from 1 and are never used again.

        Raises:
            AlreadyThere: The slug is taken in this organization.
            OwnerMissing: There is no such organization.
        """
        ...

    def keys(self, project_id: int) -> Sequence[ProjectKey]:
        """Return the keys of a project, oldest first, inactive ones too."""
        ...

    def active_keys(self) -> Sequence[ProjectKey]:
        """Return every key that may write."""
        ...

    def create_key(
        self, *, project_id: int, public_key: str, label: str, created_ns: int
    ) -> ProjectKey:
        """Add a key (32 hex digits).

        Raises:
            AlreadyThere: The key exists, in whatever project.
            OwnerMissing: There is no such project.
        """
        ...

    def set_key_active(self, *, key_id: int, is_active: bool) -> None:
        """Switch a key on or off; an unknown id changes nothing."""
        ...

    def quotas(self) -> Sequence[Quota]:
        """Return every quota of every project."""
        ...

    def set_quota(
        self,
        *,
        project_id: int,
        key_id: int | None,
        category: Category | None,
        item_count_max: int,
        window_s: int,
    ) -> Quota:
        """Set the quota of this project, key and category; the one there is keeps its id.

        Raises:
            OwnerMissing: There is no such project, or the key is not one of its own.
        """
        ...

    def delete_quota(self, quota_id: int) -> None:
        """Take a quota away; an unknown id changes nothing."""
        ...

    def version(self) -> int:
        """Return a number that grows whenever anything of projects changes, in any process.

        That is projects, keys, quotas and options. Whoever keeps a copy reads the number first and
        the things afterwards: a change in between then only costs one needless reading.
        """
        ...


class People(Protocol):
    """Users, passwords and tokens. Secrets are given and kept as hashes only.

    A person who is switched off is not found by password, token, link or session.
    """

    def users(self) -> Sequence[User]:
        """Return all, oldest first."""
        ...

    def create_user(self, *, email: str, name: str, role: Role, created_ns: int) -> User:
        """Add a person who has no password yet.

        Raises:
            AlreadyThere: The address is taken, whatever its case.
        """
        ...

    def set_password_hash(self, *, user_id: int, password_hash: str) -> None:
        """Replace the password and end the person's browser sessions and open sign-in links.

        Raises:
            OwnerMissing: There is no such person.
        """
        ...

    def set_user_active(self, *, user_id: int, is_active: bool) -> None:
        """Switch a person on or off; an unknown id changes nothing."""
        ...

    def password_hash(self, email: str) -> tuple[User, str] | None:
        """Return the person with this address and the hash; None if unknown or without one."""
        ...

    def create_token(
        self,
        *,
        user_id: int,
        secret_hash: str,
        label: str,
        scopes: frozenset[str],
        created_ns: int,
    ) -> Token:
        """Add a token by the hash of its secret.

        Raises:
            AlreadyThere: The hash exists.
            OwnerMissing: There is no such person.
        """
        ...

    def mark_token_used(self, *, token_id: int, now_ns: int) -> None:
        """Remember when a token was last used; time never goes back, an unknown id is nothing.

        This is a synced write: ask for it once a minute and token, not once a request.
        """
        ...

    def token_by_hash(self, secret_hash: str) -> tuple[Token, User] | None:
        """Return the token with this hash and its owner; None if unknown or revoked."""
        ...

    def tokens(self, user_id: int) -> Sequence[Token]:
        """Return a person's tokens, oldest first."""
        ...

    def delete_token(self, token_id: int) -> None:
        """Revoke; an unknown id changes nothing."""
        ...

    def create_login(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        """Add a one-time sign-in link by the hash of its secret.

        Raises:
            AlreadyThere: The hash exists.
            OwnerMissing: There is no such person.
        """
        ...

    def use_login(self, *, secret_hash: str, now_ns: int) -> User | None:
        """Return whose link it is and spend it; None if unknown, spent or expired.

        Of several that try at once, in whatever process, exactly one gets the person.
        """
        ...

    def create_session(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        """Add a browser session by the hash of its secret.

        Raises:
            AlreadyThere: The hash exists.
            OwnerMissing: There is no such person.
        """
        ...

    def session_user(self, *, secret_hash: str, now_ns: int) -> User | None:
        """Return whose session it is; None if unknown or expired."""
        ...

    def delete_session(self, secret_hash: str) -> None:
        """Sign out; an unknown hash changes nothing."""
        ...

    def forget_expired(self, *, now_ns: int) -> int:
        """Delete sessions and links whose time is over; return how many. Housekeeping calls it."""
        ...


class DigestLedger(Protocol):
    """Which journal ranges were planned and finished: what makes a crash repeat nothing.

    One digester owns a journal. Ranges of a journal neither overlap nor go back; sequences may be
    left out between them. Both writes may be repeated, for a digester that does not know whether
    the last one arrived.
    """

    def finished_up_to(self, journal_id: str) -> int:
        """Return the sequence up to which all is digested; 0 for a journal never seen."""
        ...

    def open_ranges(self, journal_id: str) -> Sequence[DigestRange]:
        """Return ranges that were planned and not finished, in order."""
        ...

    def plan(self, journal_id: str, planned: DigestRange) -> None:
        """Write down, durably, that this range is digested as one batch from now on.

        A range that is open already stays as it is.

        Raises:
            ValueError: It does not begin after everything planned or finished so far, or it ends
                before it begins, or begins below 1.
        """
        ...

    def finish(self, journal_id: str, finished: DigestRange) -> None:
        """Write down, durably, that every store has the range. Ranges are finished in order.

        A range that is finished already stays so.

        Raises:
            ValueError: It is not the oldest open range.
        """
        ...


class Metadata(
    Projects,
    ProjectOptions,
    People,
    Releases,
    Administration,
    Commits,
    Uploads,
    DigestLedger,
    IssueIntake,
    IssueBook,
    IssueDesk,
    IssueJoins,
    IssueFeed,
    IssueMarking,
    SavedSearches,
    Protocol,
):
    """All faces; only the wiring sees them together."""

    def revision(self) -> int:
        """Return a number that differs after each change that was made through this object.

        The digester's bookkeeping apart. It asks nobody and never waits.
        """
        ...

    def check(self) -> None:
        """Return if the database answers.

        Raises:
            MetadataError: It does not; the text says why.
        """
        ...

    def close(self) -> None:
        """Close every connection. May be called twice."""
        ...
