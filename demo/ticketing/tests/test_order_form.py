"""What a buyer may send."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ticketing.pass_lounge.orders import OrderForm, Refusal, read_form

GOOD = {"name": " Ada  Example ", "email": "Ada@Example.org", "quantity": "2", "token": "t"}


def test_a_good_form_is_tidied() -> None:
    assert read_form("open-air", GOOD) == OrderForm(
        "open-air", "Ada Example", "ada@example.org", 2, "t"
    )


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        pytest.param({"name": "  "}, Refusal.NAME, id="no name"),
        pytest.param({"name": "x" * 81}, Refusal.NAME, id="long name"),
        pytest.param({"name": "a\0b"}, Refusal.NAME, id="NUL in the name"),
        pytest.param({"email": "nobody"}, Refusal.EMAIL, id="no at sign"),
        pytest.param({"email": "a@b"}, Refusal.EMAIL, id="no domain"),
        pytest.param({"email": "a@b.c\r\nBcc: x@y.z"}, Refusal.EMAIL, id="a header in the address"),
        pytest.param({"email": f"{'x' * 120}@example.org"}, Refusal.EMAIL, id="long address"),
        pytest.param({"quantity": "0"}, Refusal.QUANTITY, id="none"),
        pytest.param({"quantity": "7"}, Refusal.QUANTITY, id="too many"),
        pytest.param({"quantity": "-1"}, Refusal.QUANTITY, id="minus"),
        pytest.param({"quantity": "1e3"}, Refusal.QUANTITY, id="not a number"),
        pytest.param({"quantity": "٣"}, Refusal.QUANTITY, id="digits of other scripts"),
    ],
)
def test_what_is_wrong_is_named(changes: dict[str, str], refusal: Refusal) -> None:
    assert read_form("open-air", {**GOOD, **changes}) is refusal


@given(st.dictionaries(st.sampled_from(["name", "email", "quantity", "token"]), st.text()))
def test_reading_never_raises(fields: dict[str, str]) -> None:
    read_form("open-air", fields)
