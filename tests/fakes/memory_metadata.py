"""The metadata port in memory, for tests of whoever stands above it."""

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar

from vedette.model.category import Category
from vedette.model.json_value import JsonValue
from vedette.model.person import Role, Token, User
from vedette.model.project import Organization, Project, ProjectKey, Quota
from vedette.storage.metadata import rules
from vedette.storage.metadata.port import AlreadyThere, DigestRange, OwnerMissing
from vedette.storage.metadata.project_options import option_rows

Given = ParamSpec("Given")
Answer = TypeVar("Answer")


def _one_at_a_time(
    method: Callable[Concatenate["MemoryMetadata", Given], Answer],
) -> Callable[Concatenate["MemoryMetadata", Given], Answer]:
    @wraps(method)
    def locked(self: "MemoryMetadata", /, *args: Given.args, **kwargs: Given.kwargs) -> Answer:
        with self._lock:
            return method(self, *args, **kwargs)

    return locked


class MemoryMetadata:
    """Dictionaries by id; ids count from 1."""

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._version = 1
        self._next_id = 1
        self._organizations: dict[int, Organization] = {}
        self._projects: dict[int, Project] = {}
        self._keys: dict[int, ProjectKey] = {}
        self._quotas: dict[int, Quota] = {}
        self._options: dict[int, dict[str, str]] = {}
        self._users: dict[int, User] = {}
        self._password_hashes: dict[int, str] = {}
        self._tokens: dict[int, Token] = {}
        self._token_ids: dict[str, int] = {}
        self._logins: dict[str, tuple[int, int]] = {}
        self._sessions: dict[str, tuple[int, int]] = {}
        self._finished_up_to: dict[str, int] = {}
        self._open_ranges: dict[str, list[DigestRange]] = {}

    @_one_at_a_time
    def organizations(self) -> Sequence[Organization]:
        return list(self._organizations.values())

    @_one_at_a_time
    def create_organization(self, *, slug: str, name: str, created_ns: int) -> Organization:
        slug, name = rules.keepable(slug), rules.keepable(name)
        if any(each.slug == slug for each in self._organizations.values()):
            raise AlreadyThere(f"there is an organization {slug!r}")
        new = Organization(len(self._organizations) + 1, slug, name, created_ns)
        self._organizations[new.organization_id] = new
        self._version += 1
        return new

    @_one_at_a_time
    def projects(self, organization_id: int) -> Sequence[Project]:
        return [each for each in self._projects.values() if each.organization_id == organization_id]

    @_one_at_a_time
    def create_project(
        self, *, organization_id: int, slug: str, name: str, platform: str, created_ns: int
    ) -> Project:
        slug, name, platform = map(rules.keepable, (slug, name, platform))
        if organization_id not in self._organizations:
            raise OwnerMissing(f"no organization {organization_id}")
        if any(each.slug == slug for each in self.projects(organization_id)):
            raise AlreadyThere(f"there is a project {slug!r}")
        number = len(self._projects) + 1
        new = Project(number, organization_id, slug, name, platform, created_ns)
        self._projects[number] = new
        self._version += 1
        return new

    @_one_at_a_time
    def options(self, project_id: int) -> Mapping[str, JsonValue]:
        kept = self._options.get(project_id, {})
        return {name: json.loads(text) for name, text in kept.items()}

    @_one_at_a_time
    def all_options(self) -> Mapping[int, Mapping[str, JsonValue]]:
        return {project_id: self.options(project_id) for project_id in self._options}

    @_one_at_a_time
    def set_options(self, *, project_id: int, changes: Mapping[str, JsonValue]) -> None:
        rows = option_rows(changes)
        if project_id not in self._projects:
            raise OwnerMissing(f"no project {project_id}")
        known: dict[str, str | None] = {**self._options.pop(project_id, {}), **rows}
        kept = {name: text for name, text in known.items() if text is not None}
        if kept:
            self._options[project_id] = kept
        self._version += 1

    @_one_at_a_time
    def keys(self, project_id: int) -> Sequence[ProjectKey]:
        return [each for each in self._keys.values() if each.project_id == project_id]

    @_one_at_a_time
    def active_keys(self) -> Sequence[ProjectKey]:
        return [each for each in self._keys.values() if each.is_active]

    @_one_at_a_time
    def create_key(
        self, *, project_id: int, public_key: str, label: str, created_ns: int
    ) -> ProjectKey:
        public_key, label = rules.public_key(public_key), rules.keepable(label)
        if project_id not in self._projects:
            raise OwnerMissing(f"no project {project_id}")
        if any(each.public_key == public_key for each in self._keys.values()):
            raise AlreadyThere(f"there is a key {public_key}")
        number = len(self._keys) + 1
        new = ProjectKey(
            number, project_id, public_key, label, is_active=True, created_ns=created_ns
        )
        self._keys[number] = new
        self._version += 1
        return new

    @_one_at_a_time
    def set_key_active(self, *, key_id: int, is_active: bool) -> None:
        if key_id in self._keys:
            self._keys[key_id] = replace(self._keys[key_id], is_active=is_active)
        self._version += 1

    @_one_at_a_time
    def quotas(self) -> Sequence[Quota]:
        return list(self._quotas.values())

    @_one_at_a_time
    def set_quota(
        self,
        *,
        project_id: int,
        key_id: int | None,
        category: Category | None,
        item_count_max: int,
        window_s: int,
    ) -> Quota:
        own_key_ids = {each.key_id for each in self.keys(project_id)}
        if project_id not in self._projects or (key_id is not None and key_id not in own_key_ids):
            raise OwnerMissing(f"no project {project_id} with a key {key_id}")
        place = (project_id, key_id, category)
        old_ids = [
            each.quota_id
            for each in self._quotas.values()
            if (each.project_id, each.key_id, each.category) == place
        ]
        number = old_ids[0] if old_ids else self._new_id()
        self._quotas[number] = Quota(number, *place, item_count_max, window_s)
        self._version += 1
        return self._quotas[number]

    @_one_at_a_time
    def delete_quota(self, quota_id: int) -> None:
        self._quotas.pop(quota_id, None)
        self._version += 1

    @_one_at_a_time
    def version(self) -> int:
        return self._version

    @_one_at_a_time
    def users(self) -> Sequence[User]:
        return list(self._users.values())

    @_one_at_a_time
    def create_user(self, *, email: str, name: str, role: Role, created_ns: int) -> User:
        email, name = rules.keepable(email), rules.keepable(name)
        if self._user_id(email) is not None:
            raise AlreadyThere(f"there is a user {email}")
        number = len(self._users) + 1
        new = User(number, email, name, role, is_active=True, created_ns=created_ns)
        self._users[new.user_id] = new
        return new

    @_one_at_a_time
    def set_password_hash(self, *, user_id: int, password_hash: str) -> None:
        password_hash = rules.password_hash(password_hash)
        self._must_be_a_user(user_id)
        self._password_hashes[user_id] = password_hash
        for passes in (self._sessions, self._logins):
            for secret_hash in [key for key, (owner, _) in passes.items() if owner == user_id]:
                del passes[secret_hash]

    @_one_at_a_time
    def set_user_active(self, *, user_id: int, is_active: bool) -> None:
        if user_id in self._users:
            self._users[user_id] = replace(self._users[user_id], is_active=is_active)

    @_one_at_a_time
    def password_hash(self, email: str) -> tuple[User, str] | None:
        user_id = self._user_id(email)
        user = None if user_id is None else self._active_user(user_id)
        if user is None or user.user_id not in self._password_hashes:
            return None
        return user, self._password_hashes[user.user_id]

    @_one_at_a_time
    def create_token(
        self,
        *,
        user_id: int,
        secret_hash: str,
        label: str,
        scopes: frozenset[str],
        created_ns: int,
    ) -> Token:
        secret_hash, label = rules.secret_hash(secret_hash), rules.keepable(label)
        scopes = rules.scopes(scopes)
        self._must_be_a_user(user_id)
        if secret_hash in self._token_ids:
            raise AlreadyThere("there is a token with this hash")
        new = Token(self._new_id(), user_id, label, scopes, created_ns, None)
        self._tokens[new.token_id] = new
        self._token_ids[secret_hash] = new.token_id
        return new

    @_one_at_a_time
    def mark_token_used(self, *, token_id: int, now_ns: int) -> None:
        token = self._tokens.get(token_id)
        if token is not None and (token.last_used_ns is None or token.last_used_ns < now_ns):
            self._tokens[token_id] = replace(token, last_used_ns=now_ns)

    @_one_at_a_time
    def token_by_hash(self, secret_hash: str) -> tuple[Token, User] | None:
        token = self._tokens.get(self._token_ids.get(rules.secret_hash(secret_hash), 0))
        user = None if token is None else self._active_user(token.user_id)
        return None if token is None or user is None else (token, user)

    @_one_at_a_time
    def tokens(self, user_id: int) -> Sequence[Token]:
        return [each for each in self._tokens.values() if each.user_id == user_id]

    @_one_at_a_time
    def delete_token(self, token_id: int) -> None:
        self._tokens.pop(token_id, None)

    @_one_at_a_time
    def create_login(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        self._create_pass(self._logins, user_id, secret_hash, expires_ns)

    @_one_at_a_time
    def use_login(self, *, secret_hash: str, now_ns: int) -> User | None:
        user_id, expires_ns = self._logins.pop(rules.secret_hash(secret_hash), (0, 0))
        return self._active_user(user_id) if expires_ns > now_ns else None

    @_one_at_a_time
    def create_session(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        self._create_pass(self._sessions, user_id, secret_hash, expires_ns)

    @_one_at_a_time
    def session_user(self, *, secret_hash: str, now_ns: int) -> User | None:
        user_id, expires_ns = self._sessions.get(rules.secret_hash(secret_hash), (0, 0))
        return self._active_user(user_id) if expires_ns > now_ns else None

    @_one_at_a_time
    def delete_session(self, secret_hash: str) -> None:
        self._sessions.pop(rules.secret_hash(secret_hash), None)

    @_one_at_a_time
    def forget_expired(self, *, now_ns: int) -> int:
        expired = [
            (passes, secret_hash)
            for passes in (self._sessions, self._logins)
            for secret_hash, (_, expires_ns) in passes.items()
            if expires_ns <= now_ns
        ]
        for passes, secret_hash in expired:
            del passes[secret_hash]
        return len(expired)

    @_one_at_a_time
    def finished_up_to(self, journal_id: str) -> int:
        return self._finished_up_to.get(rules.keepable(journal_id), 0)

    @_one_at_a_time
    def open_ranges(self, journal_id: str) -> Sequence[DigestRange]:
        return list(self._open_ranges.get(rules.keepable(journal_id), ()))

    @_one_at_a_time
    def plan(self, journal_id: str, planned: DigestRange) -> None:
        open_ranges = self._open_ranges.setdefault(rules.keepable(journal_id), [])
        if planned in open_ranges:
            return
        rules.must_follow(planned, open_ranges, finished_up_to=self.finished_up_to(journal_id))
        open_ranges.append(planned)

    @_one_at_a_time
    def finish(self, journal_id: str, finished: DigestRange) -> None:
        if finished.last_sequence <= self.finished_up_to(journal_id):
            return
        rules.must_be_oldest(finished, self.open_ranges(journal_id))
        del self._open_ranges[rules.keepable(journal_id)][0]
        self._finished_up_to[rules.keepable(journal_id)] = finished.last_sequence

    def check(self) -> None:
        return

    def close(self) -> None:
        return

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _user_id(self, email: str) -> int | None:
        key = rules.email_key(email)
        matching = (each for each in self._users.values() if rules.email_key(each.email) == key)
        return next((each.user_id for each in matching), None)

    def _active_user(self, user_id: int) -> User | None:
        user = self._users.get(user_id)
        return user if user is not None and user.is_active else None

    def _must_be_a_user(self, user_id: int) -> None:
        if user_id not in self._users:
            raise OwnerMissing(f"no user {user_id}")

    def _create_pass(
        self, passes: dict[str, tuple[int, int]], user_id: int, secret_hash: str, expires_ns: int
    ) -> None:
        secret_hash = rules.secret_hash(secret_hash)
        self._must_be_a_user(user_id)
        if secret_hash in passes:
            raise AlreadyThere("this hash exists")
        passes[secret_hash] = (user_id, expires_ns)
