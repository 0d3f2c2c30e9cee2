"""Passwords and the throttle at the door."""

from __future__ import annotations

from ticketing.accounts import (
    FAILURE_COUNT_MAX,
    FAILURE_WINDOW_S,
    SignInThrottle,
    hash_password,
    is_password_right,
)


def test_a_password_is_recognised_and_no_other() -> None:
    password_hash = hash_password("correct horse")

    assert is_password_right("correct horse", password_hash)
    assert not is_password_right("battery staple", password_hash)
    assert "correct horse" not in password_hash


def test_two_hashes_of_one_password_differ() -> None:
    assert hash_password("same") != hash_password("same")


def test_too_many_failures_close_the_door_for_a_while_and_for_one_person_only() -> None:
    now_s = 0.0
    throttle = SignInThrottle(lambda: now_s)
    for _ in range(FAILURE_COUNT_MAX):
        assert not throttle.is_closed_for("a@example.org")
        throttle.note_failure("a@example.org")

    assert throttle.is_closed_for("a@example.org")
    assert not throttle.is_closed_for("b@example.org")

    now_s = FAILURE_WINDOW_S + 1
    assert not throttle.is_closed_for("a@example.org")
