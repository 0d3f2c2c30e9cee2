"""Codes are read back, never raise, and cannot be changed without being noticed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.ticket_code import (
    CodeFault,
    SignedTicket,
    TicketNumber,
    new_ticket_number,
    read_code,
    write_code,
)

KEY = "a key"
TICKET = SignedTicket(
    "7Q2M4XK9D3HZ", "open-air", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
)


def test_what_is_written_is_read_back() -> None:
    assert read_code(f" {write_code(TICKET, KEY)}\n", KEY) == TICKET


def test_another_key_is_a_forgery() -> None:
    assert read_code(write_code(TICKET, "another key"), KEY) is CodeFault.FORGED


@pytest.mark.parametrize("at", range(len(write_code(TICKET, KEY))))
def test_no_letter_can_be_changed(at: int) -> None:
    code = write_code(TICKET, KEY)
    changed = code[:at] + ("x" if code[at] != "x" else "y") + code[at + 1 :]

    assert isinstance(read_code(changed, KEY), CodeFault)


@pytest.mark.parametrize(
    "typed", ["7Q2M4XK9D3HZ", "7q2m 4xk9 d3hz", "7Q2M-4XK9-D3HZ", " 7q2m4xk9d3hz "]
)
def test_a_number_may_be_typed_as_people_type(typed: str) -> None:
    assert read_code(typed, KEY) == TicketNumber("7Q2M4XK9D3HZ")


def test_letters_that_look_like_digits_are_taken_as_digits() -> None:
    assert read_code("OILO00001111", KEY) == TicketNumber("011000001111")


def test_new_numbers_are_readable_numbers() -> None:
    numbers = {new_ticket_number() for _ in range(1_000)}

    assert len(numbers) == 1_000
    assert all(read_code(number, KEY) == TicketNumber(number) for number in numbers)


@pytest.mark.parametrize(
    "text", ["", "hello", "T1.a.b", "T2.a.b.c.d", "T1.a.b.c.d.e", "x" * 301, "7Q2M4XK9D3H"]
)
def test_what_is_no_code_is_said_to_be_none(text: str) -> None:
    assert read_code(text, KEY) is CodeFault.UNREADABLE


@given(st.text())
def test_reading_never_raises(text: str) -> None:
    assert not isinstance(read_code(text, KEY), SignedTicket)
