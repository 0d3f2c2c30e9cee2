"""What the native gRPC server is told, and what is counted for it."""

import pytest

from tests.unit.ingest.conftest import DoorUnderTest
from vedette.ingest.grpc_door import GrpcDoor
from vedette.model.category import Category
from vedette.model.outcome import Fate, Outcome, Reason

PEER = "203.0.113.9"


def own(door: DoorUnderTest) -> dict[str, str]:
    return {"x-sentry-auth": f"sentry sentry_key={door.key}"}


@pytest.mark.parametrize(
    ("reason", "category"),
    [(Reason.TOO_LARGE, Category.UNKNOWN), (Reason.UNREADABLE, Category.LOG_ITEM)],
)
def test_a_body_that_was_refused_unasked_has_an_outcome(
    door: DoorUnderTest, reason: str, category: Category
) -> None:
    GrpcDoor(door.tools).turned_away("logs", own(door), PEER, reason)

    (outcome,) = door.tools.tally.take()
    minute_ns = 60 * 10**9
    time_ns = door.clock.now_ns() // minute_ns * minute_ns
    assert outcome == Outcome(1, door.first.key.key_id, category, Fate.INVALID, reason, 1, time_ns)


@pytest.mark.parametrize("metadata", [{}, {"x-sentry-auth": "sentry sentry_key=" + "0" * 32}])
def test_nothing_is_counted_for_strangers(door: DoorUnderTest, metadata: dict[str, str]) -> None:
    GrpcDoor(door.tools).turned_away("logs", metadata, PEER, Reason.TOO_LARGE)

    assert door.tools.tally.take() == []


def test_a_body_of_a_known_key_comes_in(door: DoorUnderTest) -> None:
    admitted = GrpcDoor(door.tools).admit("logs", own(door), PEER, 3, 100)
    refused = GrpcDoor(door.tools).admit("logs", {}, PEER, 3, 100)

    assert (admitted.is_admitted, admitted.code) == (True, 0)
    assert (refused.is_admitted, refused.code) == (False, 16)
