"""Signing in by link or password, and out again."""

import re

import pytest

from tests.unit.api.read_server import PASSWORD, PEER, ReadServer
from vedette.api.sign_in_throttle import TRIES_PER_ADDRESS, TRIES_PER_PERSON_AND_ADDRESS, WINDOW_S
from vedette.model.person import Role
from vedette.storage.secrets import hash_of_secret

OWN = {"Origin": "http://vedette.test"}


def sign_in(server: ReadServer, email: str, password: str) -> int:
    answer = server.ask(
        "/auth/login/", method="POST", headers=OWN, json={"email": email, "password": password}
    )
    return answer.status_code


def link(server: ReadServer, *, valid_s: int = 60) -> str:
    server.metadata.create_login(
        user_id=server.users[Role.OWNER].user_id,
        secret_hash=hash_of_secret("one-time"),
        expires_ns=server.clock.now_ns() + valid_s * 10**9,
    )
    return "/auth/login/one-time"


def cookie_of(header: str) -> dict[str, str]:
    found = re.match(r"vedette_session=\w+", header)
    assert found is not None
    return {"Cookie": found[0]}


def test_a_password_opens_a_session_that_scripts_and_other_sites_cannot_use(
    server: ReadServer,
) -> None:
    email = server.give_password(Role.MEMBER)

    answer = server.ask(
        "/auth/login/", method="POST", headers=OWN, json={"email": email, "password": PASSWORD}
    )

    assert answer.status_code == 200
    assert answer.json()["email"] == email
    cookie = answer.headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Secure" not in cookie
    seen = server.ask("/api/0/auth/", headers=cookie_of(cookie))
    assert seen.json()["email"] == email


def test_behind_tls_the_cookie_never_travels_without_it(server: ReadServer) -> None:
    server.state.url = "https://vedette.test"

    answer = server.ask(link(server))

    assert "Secure" in answer.headers["set-cookie"]


@pytest.mark.parametrize(
    ("email", "password"),
    [("member@example.org", "wrong password"), ("nobody@example.org", PASSWORD), ("", "")],
)
def test_a_wrong_password_and_an_unknown_person_look_alike(
    server: ReadServer, email: str, password: str
) -> None:
    server.give_password(Role.MEMBER)

    answer = server.ask(
        "/auth/login", method="POST", headers=OWN, json={"email": email, "password": password}
    )

    assert answer.status_code == 401
    assert answer.json() == {"detail": "The e-mail address or the password is wrong."}
    assert "set-cookie" not in answer.headers


def test_guessing_is_slowed_down_and_forgiven_after_a_while(server: ReadServer) -> None:
    email = server.give_password(Role.MEMBER)
    for _ in range(TRIES_PER_PERSON_AND_ADDRESS):
        assert sign_in(server, email, "wrong password") == 401

    assert sign_in(server, email, PASSWORD) == 429
    assert sign_in(server, email.upper(), PASSWORD) == 429

    server.clock.move(WINDOW_S + 1)
    assert sign_in(server, email, PASSWORD) == 200


def test_one_address_cannot_try_many_people(server: ReadServer) -> None:
    for number in range(TRIES_PER_ADDRESS):
        server.api._door.throttle.count_try(email=f"person{number}", address=PEER)

    answer = server.ask(
        "/auth/login", method="POST", headers=OWN, json={"email": "new", "password": "x"}
    )

    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) == WINDOW_S


def test_other_sites_cannot_sign_a_visitor_in(server: ReadServer) -> None:
    email = server.give_password(Role.MEMBER)

    answer = server.ask(
        "/auth/login",
        method="POST",
        headers={"Origin": "https://evil.test"},
        json={"email": email, "password": PASSWORD},
    )

    assert answer.status_code == 403


def test_a_link_signs_in_once(server: ReadServer) -> None:
    path = link(server)

    first = server.ask(path)
    second = server.ask(path)

    assert (first.status_code, first.headers["location"]) == (303, "/")
    seen = server.ask("/api/0/auth/", headers=cookie_of(first.headers["set-cookie"]))
    assert seen.json()["role"] == "owner"
    assert second.status_code == 404
    assert "set-cookie" not in second.headers


def test_looking_at_a_link_does_not_spend_it(server: ReadServer) -> None:
    path = link(server)

    assert server.ask(path, method="HEAD").status_code == 405
    assert server.ask(path).status_code == 303


def test_an_expired_link_signs_nobody_in(server: ReadServer) -> None:
    path = link(server, valid_s=60)
    server.clock.move(61)

    assert server.ask(path).status_code == 404


@pytest.mark.parametrize(("method", "path"), [("POST", "/auth/logout"), ("DELETE", "/api/0/auth/")])
def test_signing_out_ends_the_session(server: ReadServer, method: str, path: str) -> None:
    session = server.session()

    answer = server.ask(path, method=method, headers=session | OWN)

    assert answer.status_code == 204
    assert server.ask("/api/0/auth/", headers=session).status_code == 401


def test_a_session_ends_by_itself(server: ReadServer) -> None:
    session = server.session()
    server.clock.move(10_000)

    assert server.ask("/api/0/auth/", headers=session).status_code == 401


def test_a_token_that_is_wrong_is_not_saved_by_a_cookie(server: ReadServer) -> None:
    headers = server.session() | {"Authorization": "Bearer wrong"}

    assert server.ask("/api/0/auth/", headers=headers).status_code == 401


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer ", "Basic abc", "DSN http://x@y/1"])
def test_other_kinds_of_authorization_are_refused(server: ReadServer, header: str) -> None:
    answer = server.ask("/api/0/auth/", headers={"Authorization": header})

    assert answer.status_code == 401
    assert answer.json() == {"detail": "Invalid token header"}


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{", b'{"email":1,"password":"x"}', b"\xff", b"[" * 5_000]
)
def test_a_body_that_cannot_be_read_says_so(server: ReadServer, content: bytes) -> None:
    answer = server.ask("/auth/login", method="POST", headers=OWN, content=content)

    assert answer.status_code == 400
    assert answer.json()["detail"].startswith("The body cannot be read")


def test_a_large_body_is_refused(server: ReadServer) -> None:
    answer = server.ask("/auth/login", method="POST", headers=OWN, content=b" " * 300_000)

    assert answer.status_code == 413
