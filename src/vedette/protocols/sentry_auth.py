"""Find out which key a request speaks for, from all the places where SDKs put it."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

_KEY: Final = re.compile(r"[0-9a-f]{32}")
PROTOCOL_VERSION_MAX: Final = 7


@dataclass(frozen=True, slots=True)
class Credentials:
    """A key, and what the SDK calls itself."""

    public_key: str
    client: str = ""


@dataclass(frozen=True, slots=True)
class AuthFault:
    """Why the key could not be told; the status that Sentry answers then."""

    status: int
    why: str


@dataclass(frozen=True, slots=True)
class DsnParts:
    """What a DSN says of where to send."""

    public_key: str
    project_id: str


def find_credentials(
    headers: Mapping[str, str], query: Mapping[str, str]
) -> Credentials | AuthFault | None:
    """Return the key of a request; None when it brings none at all.

    Several places may name the same key; two different keys are refused, as it would be a guess
    whose data this is. Header names are lower case.
    """
    found: list[Credentials] = []
    for text in (headers.get("x-sentry-auth"), headers.get("authorization")):
        read = _from_header(text) if text else None
        if isinstance(read, AuthFault):
            return read
        if read is not None:
            found.append(read)
    if key := headers.get("x-vedette-key"):
        found.append(Credentials(key.strip().lower()))
    if key := query.get("sentry_key"):
        fault = _version_fault(query.get("sentry_version", ""))
        if fault:
            return fault
        found.append(Credentials(key.strip().lower(), query.get("sentry_client", "")))
    return _agree(found)


def read_dsn(text: str) -> DsnParts | None:
    """Read a DSN; None when it is none."""
    try:
        parts = urlsplit(text)
        key = (parts.username or "").lower()
    except ValueError:
        return None
    project_id = parts.path.rstrip("/").rpartition("/")[2]
    if not _KEY.fullmatch(key) or not project_id:
        return None
    return DsnParts(key, project_id)


def _agree(found: list[Credentials]) -> Credentials | AuthFault | None:
    if not found:
        return None
    if any(each.public_key != found[0].public_key for each in found):
        return AuthFault(401, "multiple authorization payloads with different keys")
    if not _KEY.fullmatch(found[0].public_key):
        return AuthFault(401, "the key is not 32 hex digits")
    client = next((each.client for each in found if each.client), "")
    return Credentials(found[0].public_key, client)


def _from_header(text: str) -> Credentials | AuthFault | None:
    scheme, _, rest = unquote(text).strip().partition(" ")
    match scheme.lower():
        case "sentry":
            return _from_sentry_fields(rest)
        case "bearer":
            return Credentials(rest.strip().lower())
        case "basic":
            return _from_basic(rest)
        case _:
            return None


def _from_sentry_fields(text: str) -> Credentials | AuthFault:
    fields: dict[str, str] = {}
    for part in text.split(","):
        name, _, value = part.partition("=")
        fields[name.strip().lower()] = value.strip()
    fault = _version_fault(fields.get("sentry_version", ""))
    if fault:
        return fault
    key = fields.get("sentry_key", "")
    if not key:
        return AuthFault(401, "missing sentry_key in the authorization header")
    return Credentials(key.lower(), fields.get("sentry_client", ""))


def _from_basic(text: str) -> Credentials | AuthFault:
    try:
        user = base64.b64decode(text.strip(), validate=True).decode("ascii").partition(":")[0]
    except (binascii.Error, UnicodeDecodeError):
        return AuthFault(401, "unreadable basic authorization")
    return Credentials(user.lower())


def _version_fault(version: str) -> AuthFault | None:
    if not version:
        return None
    try:
        known = float(version) <= PROTOCOL_VERSION_MAX
    except ValueError:
        known = False
    return None if known else AuthFault(400, f"unsupported protocol version {version[:20]!r}")
