"""Who is at the other end, and how much may be in memory."""

import pytest

from vedette.ingest.byte_budget import ByteBudget
from vedette.ingest.door_tally import DoorTally, read_outcomes, write_outcomes
from vedette.ingest.door_tools import Peer, find_peer
from vedette.ingest.recent_events import BATCH_COUNT_KEPT, RecentEvents
from vedette.model.category import Category
from vedette.model.outcome import Fate, Outcome


@pytest.mark.parametrize(
    ("address", "headers", "trusted", "peer"),
    [
        pytest.param("127.0.0.1", {}, (), Peer("127.0.0.1", is_loopback=True), id="this machine"),
        pytest.param("::1", {}, (), Peer("::1", is_loopback=True), id="this machine, v6"),
        pytest.param(
            "::ffff:127.0.0.1", {}, (), Peer("::ffff:127.0.0.1", is_loopback=True), id="mapped"
        ),
        pytest.param("203.0.113.5", {}, (), Peer("203.0.113.5", is_loopback=False), id="elsewhere"),
        pytest.param(
            "127.0.0.1",
            {"x-forwarded-for": "203.0.113.5"},
            (),
            Peer("127.0.0.1", is_loopback=False),
            id="through a proxy nobody trusts: neither its word nor a free pass",
        ),
        pytest.param(
            "10.0.0.2",
            {"x-forwarded-for": "203.0.113.5, 10.0.0.9"},
            ("10.0.0.0/8",),
            Peer("203.0.113.5", is_loopback=False),
            id="through a trusted proxy",
        ),
        pytest.param("", {}, (), Peer("", is_loopback=False), id="a socket without address"),
    ],
)
def test_forwarding_is_believed_only_from_trusted_proxies(
    address: str, headers: dict[str, str], trusted: tuple[str, ...], peer: Peer
) -> None:
    assert find_peer(address, headers, trusted) == peer


def test_the_budget_is_shared_and_given_back() -> None:
    budget = ByteBudget(100)

    assert budget.try_take(60)
    assert not budget.try_take(60)
    budget.give_back(60)
    assert budget.try_take(1_000), "one body alone is bounded by its own cap"
    assert not budget.try_take(1)


def test_the_tally_sums_by_minute_and_is_written_losslessly() -> None:
    tally = DoorTally()
    for time_ns in (0, 59_999_999_999, 60_000_000_000):
        tally.count(Outcome(1, 2, Category.ERROR, Fate.RATE_LIMITED, "over_quota", 3, time_ns))

    taken = tally.take()

    assert [(each.quantity, each.time_ns) for each in taken] == [(6, 0), (3, 60_000_000_000)]
    assert read_outcomes(write_outcomes(taken)) == taken
    assert tally.take() == []


def test_only_earlier_batches_count_as_seen() -> None:
    recent = RecentEvents()
    recent.add(1, ["a"], first_sequence=10)

    assert recent.seen(1, ["a", "b"], before_sequence=10) == frozenset()
    assert recent.seen(1, ["a", "b"], before_sequence=11) == frozenset({"a"})
    assert recent.seen(2, ["a"], before_sequence=11) == frozenset()


def test_old_batches_are_forgotten() -> None:
    recent = RecentEvents()
    for first in range(BATCH_COUNT_KEPT + 1):
        recent.add(1, [f"event{first}"], first_sequence=first)

    assert recent.seen(1, ["event0", "event1"], before_sequence=999) == frozenset({"event1"})
