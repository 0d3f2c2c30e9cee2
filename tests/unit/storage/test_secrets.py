"""Making, keeping and checking secrets."""

import base64
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from vedette.base.ids import RandomIds
from vedette.storage import secrets
from vedette.storage.metadata import rules

TEXT = st.text(st.characters(categories=None), max_size=50)


class CountingIds:
    """Secrets that repeat one byte."""

    def event_id(self) -> str:
        return "0" * 32

    def secret(self, byte_count: int) -> str:
        return "ab" * byte_count


@pytest.fixture(scope="module")
def password_hash() -> str:
    return secrets.hash_of_password("correct horse")


def test_a_password_is_right_or_wrong(password_hash: str) -> None:
    assert secrets.is_password_right(password="correct horse", password_hash=password_hash)
    assert not secrets.is_password_right(password="correct horsE", password_hash=password_hash)
    assert not secrets.is_password_right(password="", password_hash=password_hash)


@pytest.mark.parametrize(
    "password",
    [
        pytest.param("", id="what the hash of nothing is made of"),
        pytest.param("correct horse", id="another's password"),
        pytest.param("x" * 257, id="too long to hash"),
        pytest.param("\ud800", id="half a character"),
    ],
)
def test_nobodys_password_is_never_right(password: str) -> None:
    assert not secrets.is_password_right(password=password, password_hash=None)


@pytest.mark.parametrize("password_hash", ["", "correct horse", "$argon2id$", "$2b$12$abc"])
def test_a_hash_that_is_none_matches_nothing(password_hash: str) -> None:
    assert not secrets.is_password_right(password="correct horse", password_hash=password_hash)


def test_a_password_is_kept_as_argon2id_with_a_salt_of_its_own(password_hash: str) -> None:
    again = secrets.hash_of_password("correct horse")

    assert password_hash != again
    assert re.match(r"\$argon2id\$v=19\$m=65536,t=3,p=4\$", again)
    assert rules.password_hash(again) == again


@pytest.mark.parametrize("password", ["", "seven77", "x" * 257])
def test_a_password_of_a_foolish_length_is_refused(password: str) -> None:
    with pytest.raises(ValueError, match="8 to 256"):
        secrets.hash_of_password(password)


def test_a_password_may_be_typed_on_any_keyboard() -> None:
    composed, decomposed = "caf\u00e9 noir", "cafe\u0301 noir"

    password_hash = secrets.hash_of_password(composed)

    assert secrets.is_password_right(password=decomposed, password_hash=password_hash)


def test_a_secret_is_kept_as_its_sha256() -> None:
    assert secrets.hash_of_secret("sntryu_abc") == snapshot(
        "cf5d8e18400e43911156df8b4240a8fef1ab096a15dea82804d35b34b5a16d30"
    )


@given(TEXT)
def test_whatever_is_shown_has_a_hash_that_can_be_looked_up(text: str) -> None:
    kept = secrets.hash_of_secret(text)

    assert rules.secret_hash(kept) == kept


@given(TEXT, TEXT)
def test_secrets_are_the_same_if_their_texts_are(one: str, other: str) -> None:
    assert secrets.is_same_secret(one, one)
    assert secrets.is_same_secret(one, other) == (one == other)


def test_a_users_token_has_the_form_that_sentrys_tools_know() -> None:
    token = secrets.new_user_token(RandomIds())

    assert re.fullmatch(r"sntryu_[0-9a-f]{64}", token)
    assert token != secrets.new_user_token(RandomIds())


def test_an_organizations_token_says_where_it_is_meant_for() -> None:
    token = secrets.new_organization_token(
        CountingIds(), url="http://localhost:9000", organization="default", now_ns=1_500_000_000
    )

    prefix, middle, end = token.split("_")

    assert prefix == "sntrys"
    assert json.loads(base64.b64decode(middle, validate=True)) == {
        "iat": 1.5,
        "url": "http://localhost:9000",
        "region_url": "http://localhost:9000",
        "org": "default",
    }
    assert base64.b64decode(end + "=", validate=True) == b"\xab" * 32
    assert "=" not in end
