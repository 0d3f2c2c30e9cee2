"""The DigestLedger face, on every adapter."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vedette.model.digest_range import DigestRange
from vedette.storage.metadata.port import Metadata


def test_a_journal_never_seen_is_at_its_beginning(metadata: Metadata) -> None:
    assert metadata.finished_up_to("new") == 0
    assert list(metadata.open_ranges("new")) == []


def test_a_planned_range_stays_open_until_it_is_finished(metadata: Metadata) -> None:
    first, second = DigestRange(1, 10), DigestRange(11, 11)

    metadata.plan("j", first)
    metadata.plan("j", second)
    assert list(metadata.open_ranges("j")) == [first, second]
    assert metadata.finished_up_to("j") == 0

    metadata.finish("j", first)
    assert list(metadata.open_ranges("j")) == [second]
    assert metadata.finished_up_to("j") == 10

    metadata.finish("j", second)
    assert list(metadata.open_ranges("j")) == []
    assert metadata.finished_up_to("j") == 11


def test_sequences_may_be_left_out(metadata: Metadata) -> None:
    metadata.plan("j", DigestRange(5, 6))
    metadata.plan("j", DigestRange(2**62, 2**62))

    metadata.finish("j", DigestRange(5, 6))

    assert list(metadata.open_ranges("j")) == [DigestRange(2**62, 2**62)]


@pytest.mark.parametrize(
    "planned",
    [
        pytest.param(DigestRange(0, 3), id="begins before the first"),
        pytest.param(DigestRange(9, 8), id="ends before it begins"),
        pytest.param(DigestRange(3, 9), id="was finished in part"),
        pytest.param(DigestRange(6, 9), id="overlaps an open one"),
        pytest.param(DigestRange(4, 5), id="same beginning, other end"),
        pytest.param(DigestRange(7, 2**63), id="beyond what a database can hold"),
    ],
)
def test_a_range_that_does_not_follow_is_refused(metadata: Metadata, planned: DigestRange) -> None:
    metadata.plan("j", DigestRange(1, 3))
    metadata.plan("j", DigestRange(4, 6))
    metadata.finish("j", DigestRange(1, 3))

    with pytest.raises(ValueError, match="DigestRange"):
        metadata.plan("j", planned)

    assert list(metadata.open_ranges("j")) == [DigestRange(4, 6)]


@pytest.mark.parametrize(
    "finished",
    [
        pytest.param(DigestRange(4, 6), id="not the oldest"),
        pytest.param(DigestRange(1, 2), id="only a part"),
        pytest.param(DigestRange(7, 9), id="never planned"),
    ],
)
def test_ranges_are_finished_in_order_and_whole(metadata: Metadata, finished: DigestRange) -> None:
    metadata.plan("j", DigestRange(1, 3))
    metadata.plan("j", DigestRange(4, 6))

    with pytest.raises(ValueError, match="oldest"):
        metadata.finish("j", finished)

    assert metadata.finished_up_to("j") == 0
    assert len(metadata.open_ranges("j")) == 2


def test_both_steps_may_be_repeated(metadata: Metadata) -> None:
    planned = DigestRange(1, 3)

    metadata.plan("j", planned)
    metadata.plan("j", planned)
    assert list(metadata.open_ranges("j")) == [planned]

    metadata.finish("j", planned)
    metadata.finish("j", planned)
    assert metadata.finished_up_to("j") == 3


def test_journals_do_not_see_each_other(metadata: Metadata) -> None:
    metadata.plan("a", DigestRange(1, 9))
    metadata.plan("b", DigestRange(1, 2))
    metadata.finish("b", DigestRange(1, 2))

    assert list(metadata.open_ranges("a")) == [DigestRange(1, 9)]
    assert metadata.finished_up_to("a") == 0
    assert metadata.finished_up_to("b") == 2


@settings(
    max_examples=10,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(
    lengths=st.lists(st.integers(1, 1_000), min_size=1, max_size=8),
    journal_id=st.text(st.characters(categories=["L", "N"]), min_size=1, max_size=20),
    finished_count=st.integers(0, 8),
)
def test_finished_and_open_ranges_together_are_what_was_planned(
    metadata: Metadata, lengths: list[int], journal_id: str, finished_count: int
) -> None:
    at = metadata.finished_up_to(journal_id)
    for left_over in metadata.open_ranges(journal_id):  # of an earlier example
        metadata.finish(journal_id, left_over)
        at = left_over.last_sequence
    planned = []
    for length in lengths:
        planned.append(DigestRange(at + 1, at + length))
        at += length

    for each in planned:
        metadata.plan(journal_id, each)
    for each in planned[:finished_count]:
        metadata.finish(journal_id, each)

    assert list(metadata.open_ranges(journal_id)) == planned[finished_count:]
    if finished_count > 0:
        last = planned[min(finished_count, len(planned)) - 1]
        assert metadata.finished_up_to(journal_id) == last.last_sequence
