"""Find out who asks: the bearer of a token, or the owner of a session cookie."""

from dataclasses import dataclass
from enum import Enum
from typing import Final
from urllib.parse import urlsplit

from fastapi import Request

from vedette.api.policy import scopes_of_role, scopes_of_token
from vedette.api.refusal import not_allowed, not_signed_in
from vedette.base.clock import Clock
from vedette.model.person import User
from vedette.storage.metadata.port import People
from vedette.storage.secrets import hash_of_secret

SESSION_COOKIE: Final = "vedette_session"
SECRET_LENGTH_MAX: Final = 2_048
"""An organization's token names its server and organization, and is the longest that we make."""
_SAFE_METHODS: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class CredentialKind(Enum):
    """What the asker showed."""

    TOKEN = "token"  # noqa: S105 - a kind of credential, not one
    SESSION = "session"


@dataclass(frozen=True, slots=True)
class Asker:
    """A person, and what they may do with what they showed."""

    user: User
    scopes: frozenset[str]
    kind: CredentialKind


@dataclass(frozen=True, slots=True)
class Shown:
    """What a request shows of its sender."""

    bearer: str | None
    session: str | None


def shown_by(request: Request) -> Shown:
    """Read the credentials of a request.

    Raises:
        Refusal: An Authorization header that is none of ours. It is not ignored in favour of a
            cookie: whoever sends both must not be surprised by which one counts.
    """
    header = request.headers.get("authorization")
    if header is None:
        return Shown(bearer=None, session=request.cookies.get(SESSION_COOKIE))
    kind, _, secret = header.strip().partition(" ")
    if kind.lower() != "bearer" or not secret.strip():
        raise not_signed_in("Invalid token header")
    return Shown(bearer=secret.strip(), session=None)


def recognise(shown: Shown, *, people: People, clock: Clock) -> Asker | None:
    """Return who it is; None if nothing was shown. Asks the store: call it in a thread.

    Raises:
        Refusal: What was shown is not valid.
    """
    if shown.bearer is not None:
        return _by_token(shown.bearer, people)
    if shown.session is not None:
        return _by_session(shown.session, people, clock)
    return None


def refuse_foreign_origin(request: Request, *, public_url: str) -> None:
    """Refuse writes that a page of another site makes in the name of a signed-in person.

    Browsers name the page's origin on every request that writes, and pages cannot change it.

    Raises:
        Refusal: The origin is missing or another's.
    """
    if request.method in _SAFE_METHODS:
        return
    origin = request.headers.get("origin", "")
    if not is_own_origin(origin, host=request.headers.get("host", ""), public_url=public_url):
        raise not_allowed("CSRF Failed: the request does not come from this server's own pages.")


def is_own_origin(origin: str, *, host: str, public_url: str) -> bool:
    """Tell whether an Origin header names this server, as it is known or as it was addressed."""
    try:
        named = urlsplit(origin)
        own = urlsplit(public_url)
    except ValueError:
        return False
    if named.scheme not in {"http", "https"} or not named.netloc:
        return False
    is_known = (named.scheme, named.netloc) == (own.scheme, own.netloc)
    return is_known or named.netloc.lower() == host.lower()


def _by_token(secret: str, people: People) -> Asker:
    found = None
    if len(secret) <= SECRET_LENGTH_MAX:
        found = people.token_by_hash(hash_of_secret(secret))
    if found is None:
        raise not_signed_in("Invalid token")
    token, user = found
    _refuse_inactive(user)
    return Asker(user, scopes_of_token(user.role, token.scopes), CredentialKind.TOKEN)


def _by_session(secret: str, people: People, clock: Clock) -> Asker:
    user = None
    if len(secret) <= SECRET_LENGTH_MAX:
        user = people.session_user(secret_hash=hash_of_secret(secret), now_ns=clock.now_ns())
    if user is None:
        raise not_signed_in("This session has ended: sign in again.")
    _refuse_inactive(user)
    return Asker(user, scopes_of_role(user.role), CredentialKind.SESSION)


def _refuse_inactive(user: User) -> None:
    if not user.is_active:
        raise not_signed_in("User inactive or deleted.")
