"""People with a password and a role, and their sessions in the database."""

from __future__ import annotations

import base64
import functools
import hashlib
import hmac
import secrets
import time
from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import anyio.to_thread

if TYPE_CHECKING:
    from collections.abc import Callable

    from ticketing.database import Connection

SESSION_HOURS: Final = 12
"""An evening at the gate."""

FAILURE_COUNT_MAX: Final = 5
FAILURE_WINDOW_S: Final = 300.0
WATCHED_EMAIL_COUNT_MAX: Final = 10_000
PASSWORD_LENGTH_MAX: Final = 200

_SCRYPT_N: Final = 2**14
_SCRYPT_R: Final = 8
_SCRYPT_P: Final = 1


@dataclass(frozen=True, slots=True)
class User:
    """Somebody who is signed in."""

    id: int
    email: str
    role: str


def hash_password(password: str) -> str:
    """Salted scrypt, as `salt$digest`."""
    salt = secrets.token_bytes(16)
    return f"{_text(salt)}${_text(_scrypt(password, salt))}"


def is_password_right(password: str, password_hash: str) -> bool:
    """Compare in constant time."""
    salt, _dollar, digest = password_hash.partition("$")
    return hmac.compare_digest(_text(_scrypt(password, base64.b64decode(salt))), digest)


class SignInThrottle:
    """Counts failures by e-mail address; forgets them after `FAILURE_WINDOW_S`."""

    def __init__(self, clock_s: Callable[[], float] = time.monotonic) -> None:
        self._clock_s = clock_s
        self._failures: OrderedDict[str, deque[float]] = OrderedDict()

    def is_closed_for(self, email: str) -> bool:
        """True after too many failures."""
        failures = self._failures.get(email, deque())
        while failures and failures[0] < self._clock_s() - FAILURE_WINDOW_S:
            failures.popleft()
        return len(failures) >= FAILURE_COUNT_MAX

    def note_failure(self, email: str) -> None:
        """Count one."""
        self._failures.setdefault(email, deque()).append(self._clock_s())
        self._failures.move_to_end(email)
        if len(self._failures) > WATCHED_EMAIL_COUNT_MAX:
            self._failures.popitem(last=False)


async def sign_in(connection: Connection, email: str, password: str) -> str | None:
    """A new session's token, or None when e-mail or password are wrong."""
    cursor = await connection.execute(
        "SELECT id, password_hash FROM users WHERE email = %s", [email]
    )
    user = await cursor.fetchone()
    # A stranger's password is checked too, so that the answer takes as long as for a user's.
    password_hash = str(user["password_hash"]) if user else _nobody()
    given = password[:PASSWORD_LENGTH_MAX]
    is_right = await anyio.to_thread.run_sync(is_password_right, given, password_hash)
    if user is None or not is_right:
        return None
    token = secrets.token_urlsafe(32)
    await connection.execute("DELETE FROM sessions WHERE expires_at < now()")
    await connection.execute(
        "INSERT INTO sessions (token_sha256, user_id, expires_at)"
        " VALUES (%s, %s, now() + %s * interval '1 hour')",
        [_token_hash(token), user["id"], SESSION_HOURS],
    )
    return token


async def find_user(connection: Connection, token: str) -> User | None:
    """Whose session a cookie's token is."""
    cursor = await connection.execute(
        "SELECT u.id, u.email, u.role FROM sessions s JOIN users u ON u.id = s.user_id"
        " WHERE s.token_sha256 = %s AND s.expires_at > now()",
        [_token_hash(token)],
    )
    row = await cursor.fetchone()
    return User(row["id"], row["email"], row["role"]) if row else None


async def sign_out(connection: Connection, token: str) -> None:
    """End a session."""
    await connection.execute("DELETE FROM sessions WHERE token_sha256 = %s", [_token_hash(token)])


@functools.cache
def _nobody() -> str:
    return hash_password(secrets.token_urlsafe(16))


def _scrypt(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=_SCRYPT_N, r=_SCRYPT_R, p=_SCRYPT_P)


def _token_hash(token: str) -> str:
    # The token has 256 random bits: a plain hash is enough, and a leaked table is worthless.
    return hashlib.sha256(token.encode()).hexdigest()


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode()
