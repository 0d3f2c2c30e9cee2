"""Users, passwords, tokens, sign-in links and browser sessions in SQL."""

from collections.abc import Sequence

from sqlalchemy import RowMapping, Table, delete, insert, or_, select, update

from vedette.model.person import Role, Token, User
from vedette.storage.metadata import rules
from vedette.storage.metadata.engine import Database
from vedette.storage.metadata.port import OwnerMissing
from vedette.storage.metadata.tables import browser_sessions, logins, tokens, users

USER_COLUMNS = (
    users.c.user_id,
    users.c.email,
    users.c.name,
    users.c.role,
    users.c.is_active,
    users.c.created_ns,
)
_TOKEN = (
    tokens.c.token_id,
    tokens.c.user_id,
    tokens.c.label,
    tokens.c.scopes,
    tokens.c.created_ns,
    tokens.c.last_used_ns,
)


class SqlPeople:
    """The People face of the metadata."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def users(self) -> Sequence[User]:
        """Return all, oldest first."""
        with self._database.reading() as connection:
            rows = connection.execute(select(*USER_COLUMNS).order_by(users.c.user_id))
            return [user_of_row(row) for row in rows.mappings()]

    def create_user(self, *, email: str, name: str, role: Role, created_ns: int) -> User:
        """Add a person who has no password yet."""
        facts = {
            "email": rules.keepable(email),
            "email_key": rules.email_key(email),
            "name": rules.keepable(name),
            "role": role,
            "is_active": True,
            "created_ns": created_ns,
        }
        with self._database.writing(taken=f"there is a user {email}") as connection:
            row = connection.execute(insert(users).values(facts).returning(*USER_COLUMNS))
            return user_of_row(row.mappings().one())

    def set_password_hash(self, *, user_id: int, password_hash: str) -> None:
        """Replace the password and end the person's browser sessions and open links."""
        change = (
            update(users)
            .where(users.c.user_id == rules.row_id(user_id))
            .values(password_hash=rules.password_hash(password_hash))
        )
        with self._database.writing() as connection:
            if connection.execute(change).rowcount == 0:
                raise OwnerMissing(f"no user {user_id}")
            for table in (browser_sessions, logins):
                connection.execute(delete(table).where(table.c.user_id == rules.row_id(user_id)))

    def set_user_active(self, *, user_id: int, is_active: bool) -> None:
        """Switch a person on or off; an unknown id changes nothing."""
        with self._database.writing() as connection:
            connection.execute(
                update(users)
                .where(users.c.user_id == rules.row_id(user_id))
                .values(is_active=is_active)
            )

    def password_hash(self, email: str) -> tuple[User, str] | None:
        """Return the person with this address and the hash; None if unknown or without one."""
        question = select(*USER_COLUMNS, users.c.password_hash).where(
            users.c.email_key == rules.email_key(email),
            users.c.is_active,
            users.c.password_hash.is_not(None),
        )
        with self._database.reading() as connection:
            row = connection.execute(question).mappings().one_or_none()
        return None if row is None else (user_of_row(row), row[users.c.password_hash])

    def create_token(
        self,
        *,
        user_id: int,
        secret_hash: str,
        label: str,
        scopes: frozenset[str],
        created_ns: int,
    ) -> Token:
        """Add a token by the hash of its secret."""
        facts = {
            "user_id": rules.row_id(user_id),
            "secret_hash": rules.secret_hash(secret_hash),
            "label": rules.keepable(label),
            "scopes": " ".join(sorted(rules.scopes(scopes))),
            "created_ns": created_ns,
        }
        with self._database.writing(
            taken="there is a token with this hash", owner=f"no user {user_id}"
        ) as connection:
            row = connection.execute(insert(tokens).values(facts).returning(*_TOKEN))
            return _token(row.mappings().one())

    def mark_token_used(self, *, token_id: int, now_ns: int) -> None:
        """Remember when a token was last used; time never goes back, an unknown id is nothing."""
        last = tokens.c.last_used_ns
        with self._database.writing() as connection:
            connection.execute(
                update(tokens)
                .where(
                    tokens.c.token_id == rules.row_id(token_id), or_(last.is_(None), last < now_ns)
                )
                .values(last_used_ns=now_ns)
            )

    def token_by_hash(self, secret_hash: str) -> tuple[Token, User] | None:
        """Return the token with this hash and its owner; None if unknown or revoked."""
        question = (
            select(*_TOKEN, *USER_COLUMNS)
            .join_from(tokens, users)
            .where(tokens.c.secret_hash == rules.secret_hash(secret_hash), users.c.is_active)
        )
        with self._database.reading() as connection:
            row = connection.execute(question).mappings().one_or_none()
        return None if row is None else (_token(row), user_of_row(row))

    def tokens(self, user_id: int) -> Sequence[Token]:
        """Return a person's tokens, oldest first."""
        question = (
            select(*_TOKEN)
            .where(tokens.c.user_id == rules.row_id(user_id))
            .order_by(tokens.c.token_id)
        )
        with self._database.reading() as connection:
            return [_token(row) for row in connection.execute(question).mappings()]

    def delete_token(self, token_id: int) -> None:
        """Revoke; an unknown id changes nothing."""
        with self._database.writing() as connection:
            connection.execute(delete(tokens).where(tokens.c.token_id == rules.row_id(token_id)))

    def create_login(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        """Add a one-time sign-in link by the hash of its secret."""
        self._create_pass(logins, user_id, secret_hash, expires_ns)

    def use_login(self, *, secret_hash: str, now_ns: int) -> User | None:
        """Return whose link it is and spend it; None if unknown, spent or expired."""
        # Deleting is what spends: of two that delete the same row only one is given it.
        spend = (
            delete(logins)
            .where(logins.c.secret_hash == rules.secret_hash(secret_hash))
            .returning(logins.c.user_id, logins.c.expires_ns)
        )
        with self._database.writing() as connection:
            spent = connection.execute(spend).one_or_none()
            if spent is None or spent.expires_ns <= now_ns:
                return None
            row = connection.execute(
                select(*USER_COLUMNS).where(users.c.user_id == spent.user_id, users.c.is_active)
            )
            user = row.mappings().one_or_none()
        return None if user is None else user_of_row(user)

    def create_session(self, *, user_id: int, secret_hash: str, expires_ns: int) -> None:
        """Add a browser session by the hash of its secret."""
        self._create_pass(browser_sessions, user_id, secret_hash, expires_ns)

    def session_user(self, *, secret_hash: str, now_ns: int) -> User | None:
        """Return whose session it is; None if unknown or expired."""
        question = (
            select(*USER_COLUMNS)
            .join_from(browser_sessions, users)
            .where(
                browser_sessions.c.secret_hash == rules.secret_hash(secret_hash),
                browser_sessions.c.expires_ns > now_ns,
                users.c.is_active,
            )
        )
        with self._database.reading() as connection:
            row = connection.execute(question).mappings().one_or_none()
        return None if row is None else user_of_row(row)

    def delete_session(self, secret_hash: str) -> None:
        """Sign out; an unknown hash changes nothing."""
        with self._database.writing() as connection:
            connection.execute(
                delete(browser_sessions).where(
                    browser_sessions.c.secret_hash == rules.secret_hash(secret_hash)
                )
            )

    def forget_expired(self, *, now_ns: int) -> int:
        """Delete sessions and links whose time is over; return how many."""
        with self._database.writing() as connection:
            return sum(
                connection.execute(delete(table).where(table.c.expires_ns <= now_ns)).rowcount
                for table in (browser_sessions, logins)
            )

    def _create_pass(self, table: Table, user_id: int, secret_hash: str, expires_ns: int) -> None:
        facts = {
            "user_id": rules.row_id(user_id),
            "secret_hash": rules.secret_hash(secret_hash),
            "expires_ns": expires_ns,
        }
        with self._database.writing(
            taken="this hash exists", owner=f"no user {user_id}"
        ) as connection:
            connection.execute(insert(table).values(facts))


def user_of_row(row: RowMapping) -> User:
    """Return the person that a row of `USER_COLUMNS` says."""
    facts = {column.name: row[column] for column in USER_COLUMNS}
    return User(**{**facts, "role": Role(row[users.c.role])})


def _token(row: RowMapping) -> Token:
    facts = {column.name: row[column] for column in _TOKEN}
    return Token(**{**facts, "scopes": frozenset(row[tokens.c.scopes].split())})
