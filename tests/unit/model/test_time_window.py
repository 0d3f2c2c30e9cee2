"""Which times are believed."""

import pytest

from vedette.model.time_window import TimeWindow

WINDOW = TimeWindow(past_ns_max=10, future_ns_max=2)


@pytest.mark.parametrize(
    ("time_ns", "past", "future"),
    [(89, True, False), (90, False, False), (102, False, False), (103, False, True)],
)
def test_a_time_is_believed_up_to_both_ends_of_the_window(
    time_ns: int, *, past: bool, future: bool
) -> None:
    assert WINDOW.is_past(time_ns, received_ns=100) is past
    assert WINDOW.is_future(time_ns, received_ns=100) is future
    assert WINDOW.holds(time_ns, received_ns=100) is not (past or future)
