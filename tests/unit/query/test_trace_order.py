"""Spans in pre-order."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.query.trace_order import NO_PARENT, TraceOrder, order_trace


def ordered(*spans: tuple[str, str, int]) -> tuple[list[str], list[int]]:
    """Ids in order, and their depths, of spans given as (id, parent, start)."""
    order = order_of(spans)
    return [spans[row][0] for row in order.rows], list(order.depths)


def order_of(spans: tuple[tuple[str, str, int], ...] | list[tuple[str, str, int]]) -> TraceOrder:
    return order_trace(
        span_ids=[span[0] for span in spans],
        parent_ids=[span[1] for span in spans],
        starts_ns=[span[2] for span in spans],
    )


@pytest.mark.parametrize(
    ("spans", "ids", "depths"),
    [
        pytest.param([], [], [], id="an empty trace"),
        pytest.param(
            [("a", "", 1), ("b", "a", 2), ("c", "a", 4), ("d", "b", 3)],
            ["a", "b", "d", "c"],
            [0, 1, 2, 1],
            id="a tree",
        ),
        pytest.param([("b", "gone", 2), ("a", "", 1)], ["a", "b"], [0, 0], id="an orphan"),
        pytest.param([("a", "a", 1)], ["a"], [0], id="its own parent"),
        pytest.param(
            [("b", "c", 3), ("c", "b", 2), ("d", "b", 1)],
            ["c", "b", "d"],
            [0, 1, 2],
            id="a circle with a tail",
        ),
        pytest.param(
            [("a", "", 1), ("a", "", 2), ("b", "a", 3)],
            ["a", "b", "a"],
            [0, 1, 0],
            id="one id twice",
        ),
        pytest.param(
            [("a", "", 5), ("b", "a", 1)], ["a", "b"], [0, 1], id="a child before its parent"
        ),
    ],
)
def test_spans_stand_in_pre_order(
    spans: list[tuple[str, str, int]], ids: list[str], depths: list[int]
) -> None:
    assert ordered(*spans) == (ids, depths)


ids = st.sampled_from("abcdefgh")


@given(st.lists(st.tuples(ids, ids, st.integers(0, 9)), max_size=30))
def test_every_span_stands_once_after_its_parent(spans: list[tuple[str, str, int]]) -> None:
    order = order_of(spans)

    assert sorted(order.rows) == list(range(len(spans)))
    for place, parent in enumerate(order.parents):
        assert parent < place
        expected_depth = 0 if parent == NO_PARENT else order.depths[parent] + 1
        assert order.depths[place] == expected_depth
        if parent != NO_PARENT:
            assert spans[order.rows[parent]][0] == spans[order.rows[place]][1]


def test_a_chain_deeper_than_pythons_stack_is_ordered() -> None:
    spans = [(str(number), str(number - 1), number) for number in range(5_000)]

    order = order_of(spans)

    assert order.depths[-1] == 4_999
