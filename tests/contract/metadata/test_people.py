"""The People face, on every adapter."""

import pytest

from vedette.model.person import Role, Token, User
from vedette.storage.metadata.port import AlreadyThere, Metadata, OwnerMissing

HASH = "0123456789abcdef" * 4
OTHER_HASH = "fedcba9876543210" * 4
PASSWORD_HASH = "$argon2id$v=19$m=65536,t=3,p=4$c2FsdA$aGFzaA"

NOT_HASHES = [
    pytest.param("sntryu_" + HASH, id="a token"),
    pytest.param("", id="nothing"),
    pytest.param(HASH.upper(), id="capitals"),
    pytest.param(HASH + "\n", id="a line"),
    pytest.param("\x00" * 64, id="NUL"),
]


@pytest.fixture
def user(metadata: Metadata) -> User:
    return metadata.create_user(email="Ada@Example.com", name="Ada", role=Role.OWNER, created_ns=5)


def add_token(metadata: Metadata, user: User, secret_hash: str = HASH) -> Token:
    return metadata.create_token(
        user_id=user.user_id,
        secret_hash=secret_hash,
        label="ci",
        scopes=frozenset({"org:ci", "event:read"}),
        created_ns=6,
    )


def test_a_person_is_kept_as_given(metadata: Metadata, user: User) -> None:
    second = metadata.create_user(email="b@example.com", name="", role=Role.READER, created_ns=6)

    assert user == User(1, "Ada@Example.com", "Ada", Role.OWNER, is_active=True, created_ns=5)
    assert list(metadata.users()) == [user, second]


@pytest.mark.parametrize("email", ["Ada@Example.com", "ada@example.com", " ADA@EXAMPLE.COM "])
def test_an_address_is_taken_whatever_its_case(metadata: Metadata, user: User, email: str) -> None:
    with pytest.raises(AlreadyThere):
        metadata.create_user(email=email, name="", role=Role.MEMBER, created_ns=1)

    assert list(metadata.users()) == [user]


@pytest.mark.parametrize("email", ["Ada@Example.com", "ada@example.com", "ADA@EXAMPLE.COM"])
def test_a_password_is_found_whatever_the_case_of_the_address(
    metadata: Metadata, user: User, email: str
) -> None:
    assert metadata.password_hash(email) is None

    metadata.set_password_hash(user_id=user.user_id, password_hash=PASSWORD_HASH)

    assert metadata.password_hash(email) == (user, PASSWORD_HASH)


@pytest.mark.parametrize(
    "email",
    ["", "eve@example.com", "ada@example.co", "ada@example_com", "a\x00\ud800", "x" * 9_999],
)
def test_an_unknown_address_has_no_password(metadata: Metadata, user: User, email: str) -> None:
    metadata.set_password_hash(user_id=user.user_id, password_hash=PASSWORD_HASH)

    assert metadata.password_hash(email) is None


def test_only_the_hash_of_a_password_can_be_kept(metadata: Metadata, user: User) -> None:
    with pytest.raises(ValueError, match="argon2id"):
        metadata.set_password_hash(user_id=user.user_id, password_hash="correct horse")

    assert metadata.password_hash(user.email) is None


@pytest.mark.parametrize("secret", NOT_HASHES)
def test_only_the_hash_of_a_secret_is_taken(metadata: Metadata, user: User, secret: str) -> None:
    with pytest.raises(ValueError, match="hash"):
        add_token(metadata, user, secret)
    with pytest.raises(ValueError, match="hash"):
        metadata.create_login(user_id=user.user_id, secret_hash=secret, expires_ns=1)
    with pytest.raises(ValueError, match="hash"):
        metadata.create_session(user_id=user.user_id, secret_hash=secret, expires_ns=1)
    with pytest.raises(ValueError, match="hash"):
        metadata.token_by_hash(secret)
    with pytest.raises(ValueError, match="hash"):
        metadata.use_login(secret_hash=secret, now_ns=1)
    with pytest.raises(ValueError, match="hash"):
        metadata.session_user(secret_hash=secret, now_ns=1)
    with pytest.raises(ValueError, match="hash"):
        metadata.delete_session(secret)

    assert list(metadata.tokens(user.user_id)) == []


@pytest.mark.parametrize("number", [0, -1, 4_711, 2**63])
def test_nothing_can_belong_to_a_person_who_is_not_there(
    metadata: Metadata, user: User, number: int
) -> None:
    with pytest.raises(OwnerMissing):
        metadata.set_password_hash(user_id=number, password_hash=PASSWORD_HASH)
    with pytest.raises(OwnerMissing):
        metadata.create_token(
            user_id=number, secret_hash=HASH, label="", scopes=frozenset(), created_ns=1
        )
    with pytest.raises(OwnerMissing):
        metadata.create_login(user_id=number, secret_hash=HASH, expires_ns=1)
    with pytest.raises(OwnerMissing):
        metadata.create_session(user_id=number, secret_hash=HASH, expires_ns=1)
    metadata.set_user_active(user_id=number, is_active=False)
    metadata.delete_token(number)
    metadata.mark_token_used(token_id=number, now_ns=1)

    assert list(metadata.tokens(number)) == []
    assert list(metadata.users()) == [user]


def test_a_token_is_found_by_the_hash_of_its_secret(metadata: Metadata, user: User) -> None:
    token = add_token(metadata, user)

    assert token == Token(1, user.user_id, "ci", frozenset({"org:ci", "event:read"}), 6, None)
    assert metadata.token_by_hash(HASH) == (token, user)
    assert metadata.token_by_hash(OTHER_HASH) is None


def test_a_token_without_scopes_has_none(metadata: Metadata, user: User) -> None:
    metadata.create_token(
        user_id=user.user_id, secret_hash=HASH, label="", scopes=frozenset(), created_ns=1
    )

    assert [each.scopes for each in metadata.tokens(user.user_id)] == [frozenset()]


@pytest.mark.parametrize("scope", ["", "org:ci project:write", "a\nb", "ä", "x" * 101])
def test_a_scope_is_one_word(metadata: Metadata, user: User, scope: str) -> None:
    with pytest.raises(ValueError, match="scope"):
        metadata.create_token(
            user_id=user.user_id,
            secret_hash=HASH,
            label="",
            scopes=frozenset({scope}),
            created_ns=1,
        )


def test_a_hash_is_taken_once(metadata: Metadata, user: User) -> None:
    add_token(metadata, user)
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=9)
    metadata.create_session(user_id=user.user_id, secret_hash=HASH, expires_ns=9)

    with pytest.raises(AlreadyThere):
        add_token(metadata, user)
    with pytest.raises(AlreadyThere):
        metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=9)
    with pytest.raises(AlreadyThere):
        metadata.create_session(user_id=user.user_id, secret_hash=HASH, expires_ns=9)


def test_a_person_has_their_own_tokens_oldest_first(metadata: Metadata, user: User) -> None:
    other = metadata.create_user(email="b@example.com", name="", role=Role.MEMBER, created_ns=1)
    first = add_token(metadata, user, HASH)
    add_token(metadata, other, OTHER_HASH)
    third = add_token(metadata, user, "0" * 64)

    assert list(metadata.tokens(user.user_id)) == [first, third]


def test_a_revoked_token_is_not_found(metadata: Metadata, user: User) -> None:
    token = add_token(metadata, user)

    metadata.delete_token(token.token_id)
    metadata.delete_token(token.token_id)

    assert metadata.token_by_hash(HASH) is None
    assert list(metadata.tokens(user.user_id)) == []


def test_a_token_remembers_its_latest_use(metadata: Metadata, user: User) -> None:
    token = add_token(metadata, user)

    metadata.mark_token_used(token_id=token.token_id, now_ns=20)
    metadata.mark_token_used(token_id=token.token_id, now_ns=10)

    assert [each.last_used_ns for each in metadata.tokens(user.user_id)] == [20]


def test_a_link_signs_in_once(metadata: Metadata, user: User) -> None:
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=100)

    assert metadata.use_login(secret_hash=OTHER_HASH, now_ns=50) is None
    assert metadata.use_login(secret_hash=HASH, now_ns=50) == user
    assert metadata.use_login(secret_hash=HASH, now_ns=50) is None


def test_a_link_ends_with_its_time(metadata: Metadata, user: User) -> None:
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=100)

    assert metadata.use_login(secret_hash=HASH, now_ns=100) is None


def test_a_session_lasts_until_its_time_or_until_it_is_ended(
    metadata: Metadata, user: User
) -> None:
    for secret_hash in (HASH, OTHER_HASH):
        metadata.create_session(user_id=user.user_id, secret_hash=secret_hash, expires_ns=100)

    metadata.delete_session(OTHER_HASH)
    metadata.delete_session(OTHER_HASH)

    assert metadata.session_user(secret_hash=HASH, now_ns=99) == user
    assert metadata.session_user(secret_hash=HASH, now_ns=99) == user
    assert metadata.session_user(secret_hash=HASH, now_ns=100) is None
    assert metadata.session_user(secret_hash=OTHER_HASH, now_ns=1) is None


def test_a_new_password_ends_sessions_and_links_and_keeps_tokens(
    metadata: Metadata, user: User
) -> None:
    other = metadata.create_user(email="b@example.com", name="", role=Role.MEMBER, created_ns=1)
    token = add_token(metadata, user)
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=100)
    metadata.create_session(user_id=user.user_id, secret_hash=HASH, expires_ns=100)
    metadata.create_session(user_id=other.user_id, secret_hash=OTHER_HASH, expires_ns=100)

    metadata.set_password_hash(user_id=user.user_id, password_hash=PASSWORD_HASH)

    assert metadata.session_user(secret_hash=HASH, now_ns=1) is None
    assert metadata.use_login(secret_hash=HASH, now_ns=1) is None
    assert metadata.session_user(secret_hash=OTHER_HASH, now_ns=1) == other
    assert metadata.token_by_hash(HASH) == (token, user)


def test_a_person_who_is_switched_off_gets_in_by_no_door(metadata: Metadata, user: User) -> None:
    metadata.set_password_hash(user_id=user.user_id, password_hash=PASSWORD_HASH)
    add_token(metadata, user)
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=100)
    metadata.create_session(user_id=user.user_id, secret_hash=HASH, expires_ns=100)

    metadata.set_user_active(user_id=user.user_id, is_active=False)

    assert [each.is_active for each in metadata.users()] == [False]
    assert metadata.password_hash(user.email) is None
    assert metadata.token_by_hash(HASH) is None
    assert metadata.session_user(secret_hash=HASH, now_ns=1) is None
    assert metadata.use_login(secret_hash=HASH, now_ns=1) is None

    metadata.set_user_active(user_id=user.user_id, is_active=True)

    assert metadata.session_user(secret_hash=HASH, now_ns=1) == user


def test_what_has_expired_can_be_forgotten(metadata: Metadata, user: User) -> None:
    metadata.create_session(user_id=user.user_id, secret_hash=HASH, expires_ns=10)
    metadata.create_session(user_id=user.user_id, secret_hash=OTHER_HASH, expires_ns=11)
    metadata.create_login(user_id=user.user_id, secret_hash=HASH, expires_ns=10)

    assert metadata.forget_expired(now_ns=10) == 2
    assert metadata.forget_expired(now_ns=10) == 0
    assert metadata.session_user(secret_hash=OTHER_HASH, now_ns=10) == user
