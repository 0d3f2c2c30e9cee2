"""Short ids: written, read back, and told from other texts."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from vedette.model.short_id import read_short_id, write_short_id


@given(some.from_regex("[a-z][a-z0-9_-]{0,20}", fullmatch=True), some.integers(1, 2**50))
def test_what_is_written_is_read_back(slug: str, number: int) -> None:
    assert read_short_id(write_short_id(slug, number)) == (slug, number)
    assert read_short_id(write_short_id(slug, number).lower()) == (slug, number)


@pytest.mark.parametrize(
    ("number", "text"), [(1, "SHOP-1"), (31, "SHOP-Z"), (32, "SHOP-10"), (42, "SHOP-1A")]
)
def test_numbers_are_counted_in_thirty_two_digits(number: int, text: str) -> None:
    assert write_short_id("shop", number) == text


@pytest.mark.parametrize(
    "text", ["", "SHOP", "SHOP-", "-1", "SHOP-1U", "SHOP-é", "-", "A-" + "1" * 40]
)
def test_other_texts_are_no_short_ids(text: str) -> None:
    assert read_short_id(text) is None


def test_letters_that_look_like_digits_are_those() -> None:
    assert read_short_id("shop-oIl") == read_short_id("SHOP-011")
