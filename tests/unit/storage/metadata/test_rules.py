"""The rules about what may be kept, where the contract does not reach."""

from hypothesis import given
from hypothesis import strategies as st

from vedette.storage.metadata import rules

TEXT = st.text(st.characters(categories=None), max_size=rules.TEXT_LENGTH_MAX)


@given(TEXT)
def test_kept_text_can_be_encoded_and_stays_as_long(text: str) -> None:
    kept = rules.keepable(text)

    assert len(kept.encode()) >= len(text)
    assert "\x00" not in kept
    assert len(kept) == len(text)


@given(TEXT)
def test_keeping_twice_changes_nothing_more(text: str) -> None:
    once = rules.keepable(text)

    assert rules.keepable(once) == once


@given(st.emails())
def test_an_address_has_one_key_whatever_its_case(email: str) -> None:
    assert rules.email_key(email.upper()) == rules.email_key(email.lower())


@given(st.integers())
def test_a_row_id_fits_a_database_and_valid_ones_are_kept(number: int) -> None:
    row_id = rules.row_id(number)

    assert 0 <= row_id <= rules.ID_MAX
    assert row_id in {0, number}
