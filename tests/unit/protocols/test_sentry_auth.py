"""Whose data is it: every place where SDKs put the key."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.protocols.sentry_auth import (
    AuthFault,
    Credentials,
    DsnParts,
    find_credentials,
    read_dsn,
)

KEY = "a" * 32
OTHER = "b" * 32
BASIC = base64.b64encode(f"{KEY}:".encode()).decode()


@pytest.mark.parametrize(
    ("headers", "query"),
    [
        pytest.param(
            {"x-sentry-auth": f"Sentry sentry_version=7, sentry_key={KEY}"}, {}, id="header"
        ),
        pytest.param(
            {"x-sentry-auth": f"sentry sentry_key={KEY}"}, {}, id="as OTLP exporters say it"
        ),
        pytest.param({"x-sentry-auth": f"sentry%20sentry_key%3D{KEY}"}, {}, id="percent-encoded"),
        pytest.param({"authorization": f"Sentry sentry_key={KEY}"}, {}, id="authorization"),
        pytest.param({"authorization": f"Basic {BASIC}"}, {}, id="basic"),
        pytest.param({"authorization": f"bearer {KEY}"}, {}, id="bearer"),
        pytest.param({"x-vedette-key": KEY.upper()}, {}, id="our own, upper case"),
        pytest.param({}, {"sentry_key": KEY, "sentry_version": "7"}, id="query"),
        pytest.param(
            {"x-sentry-auth": f"Sentry sentry_key={KEY}"}, {"sentry_key": KEY}, id="twice the same"
        ),
    ],
)
def test_the_key_is_found_wherever_it_is(headers: dict[str, str], query: dict[str, str]) -> None:
    found = find_credentials(headers, query)

    assert isinstance(found, Credentials)
    assert found.public_key == KEY


def test_no_key_at_all_is_no_fault() -> None:
    assert find_credentials({"authorization": "Digest x"}, {"other": "1"}) is None


@pytest.mark.parametrize(
    ("headers", "query", "status"),
    [
        pytest.param({"authorization": f"Bearer {OTHER}"}, {"sentry_key": KEY}, 401, id="two keys"),
        pytest.param({"x-vedette-key": "short"}, {}, 401, id="not a key"),
        pytest.param({"authorization": "Basic !!!"}, {}, 401, id="broken basic"),
        pytest.param({"x-sentry-auth": "Sentry sentry_version=7"}, {}, 401, id="no key inside"),
        pytest.param(
            {"x-sentry-auth": f"Sentry sentry_version=8,sentry_key={KEY}"}, {}, 400, id="future"
        ),
        pytest.param({}, {"sentry_key": KEY, "sentry_version": "x"}, 400, id="no version"),
    ],
)
def test_a_key_that_cannot_be_told_is_a_fault(
    headers: dict[str, str], query: dict[str, str], status: int
) -> None:
    found = find_credentials(headers, query)

    assert isinstance(found, AuthFault)
    assert found.status == status


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (f"http://{KEY}@localhost:9000/42", DsnParts(KEY, "42")),
        (f"https://{KEY}:secret@host/some/path/7/", DsnParts(KEY, "7")),
        ("http://localhost/1", None),
        (f"http://{KEY}@localhost", None),
        ("http://[broken", None),
    ],
)
def test_a_dsn_names_key_and_project(text: str, parts: DsnParts | None) -> None:
    assert read_dsn(text) == parts


@given(st.text(max_size=200))
def test_no_header_makes_it_raise(text: str) -> None:
    find_credentials({"x-sentry-auth": text, "authorization": text}, {"sentry_key": text})
    read_dsn(text)
