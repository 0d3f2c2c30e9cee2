"""Sessions and aggregates as browsers, servers and phones send them."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.protocols.test_json_text import json_values
from vedette.protocols.json_text import Unreadable
from vedette.protocols.sentry_session import (
    AGGREGATE_COUNT_MAX,
    DecodedAggregates,
    DecodedSession,
    read_aggregates,
    read_session,
)

NOW_NS = 1_767_225_600_000_000_000
STARTED = {"started": "2026-01-01T00:00:00Z", "attrs": {"release": "shop@1", "environment": "prod"}}


def session(**fields: object) -> DecodedSession:
    found = read_session(json.dumps(STARTED | fields).encode(), received_ns=NOW_NS)
    assert isinstance(found, DecodedSession)
    return found


def test_an_update_keeps_what_release_health_counts() -> None:
    found = session(
        sid="AAAAAAAA-0000-0000-0000-000000000001",
        did="user",
        init=True,
        seq=7,
        status="unhandled",
        errors=2,
        duration=1.5,
    )

    assert (found.session_id, found.distinct_id) == ("aaaaaaaa" + "0" * 23 + "1", "user")
    assert (found.is_init, found.sequence, found.status) == (True, 7, "unhandled")
    assert (found.error_count, found.duration_s, found.release) == (2, 1.5, "shop@1")


@pytest.mark.parametrize(
    ("fields", "status"),
    [({}, "ok"), ({"status": "exited"}, "exited"), ({"status": "melted"}, "errored")],
)
def test_unknown_ends_count_as_errored(fields: dict[str, object], status: str) -> None:
    assert session(**fields).status == status


def test_the_nil_user_is_nobody() -> None:
    assert session(did="00000000-0000-0000-0000-000000000000").distinct_id == ""


@pytest.mark.parametrize("missing", ["started", "attrs"])
def test_a_session_without_start_or_release_is_unreadable(missing: str) -> None:
    fields = {key: value for key, value in STARTED.items() if key != missing}

    assert isinstance(read_session(json.dumps(fields).encode(), received_ns=NOW_NS), Unreadable)


def test_counters_that_are_left_out_are_zero() -> None:
    batch = {
        "attrs": STARTED["attrs"],
        "aggregates": [{"started": 1767225600, "exited": 5}, "rubbish", {}],
    }

    found = read_aggregates(json.dumps(batch).encode())

    assert isinstance(found, DecodedAggregates)
    assert [(each.exited, each.crashed, each.session_id) for each in found.sessions] == [(5, 0, "")]


def test_aggregates_are_bounded() -> None:
    buckets = [{"started": 1767225600}] * (AGGREGATE_COUNT_MAX + 5)

    found = read_aggregates(json.dumps({"attrs": {"release": "r"}, "aggregates": buckets}).encode())

    assert isinstance(found, DecodedAggregates)
    assert len(found.sessions) == AGGREGATE_COUNT_MAX
    assert found.left_out_count == 5


@given(
    st.dictionaries(
        st.sampled_from(
            [
                "sid",
                "did",
                "seq",
                "errors",
                "duration",
                "status",
                "init",
                "attrs",
                "started",
                "aggregates",
            ]
        ),
        json_values,
    )
)
def test_wrong_types_never_raise(fields: dict[str, object]) -> None:
    payload = json.dumps(STARTED | fields).encode()
    read_session(payload, received_ns=NOW_NS)
    read_aggregates(payload)
