"""What sums of sessions say of releases."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.query.adoption import STEP_S, Adoption, Stage, adoption_of
from vedette.query.session_sums import Counts, Status

STEP = STEP_S * NANOSECONDS_PER_SECOND


def steps(*counts: int) -> dict[int, int]:
    return {place * STEP: count for place, count in enumerate(counts)}


@pytest.mark.parametrize(
    ("own", "of_all", "expected"),
    [
        ((1, 2), (100, 100), Adoption(Stage.LOW)),
        ((1, 10, 90), (100, 100, 100), Adoption(Stage.ADOPTED, STEP)),
        ((90, 50, 5), (100, 100, 100), Adoption(Stage.REPLACED, 0, 2 * STEP)),
        ((90, 0, 0), (100, 0, 0), Adoption(Stage.ADOPTED, 0)),
        ((), (), Adoption(Stage.LOW)),
    ],
)
def test_a_release_is_taken_up_by_its_share_of_the_sessions(
    own: tuple[int, ...], of_all: tuple[int, ...], expected: Adoption
) -> None:
    assert adoption_of(steps(*own), steps(*of_all)) == expected


def test_nothing_has_no_rate() -> None:
    assert Counts().crash_free_rate is None
    assert Counts(total=4, errored=2, crashed=1).crash_free_rate == 0.75


COUNTS = st.integers(min_value=0, max_value=50)


@given(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS)
def test_each_session_has_exactly_one_status(
    healthy: int, errored: int, crashed: int, abnormal: int, unhandled: int
) -> None:
    wrong = errored + crashed + abnormal + unhandled
    counts = Counts(healthy + wrong, wrong, crashed, abnormal, unhandled)

    by_status = {status: counts.of_status(status).total for status in Status}

    assert sum(by_status.values()) == counts.total
    assert by_status[Status.ERRORED] == errored


@given(COUNTS, COUNTS, COUNTS)
def test_users_of_several_statuses_never_make_less_than_nobody(
    total: int, crashed: int, abnormal: int
) -> None:
    errored = max(crashed, abnormal)
    counts = Counts(total, errored, crashed, abnormal)

    assert all(counts.of_status(status).total >= 0 for status in Status)
    rate = counts.crash_free_rate
    assert rate is None or 0 <= rate <= 1
