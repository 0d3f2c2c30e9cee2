"""Following links from trace to trace."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonObject
from vedette.query.journey import TRACE_COUNT_MAX, Link, LinksOf, follow


def store(*links: tuple[str, str], was_cut: bool = False) -> LinksOf:
    made = [Link(before, f"{before}{after}", after, f"{after}{before}") for before, after in links]

    def links_of(trace_ids: tuple[str, ...]) -> tuple[Sequence[tuple[Link, JsonObject]], bool]:
        found: list[tuple[Link, JsonObject]] = [
            (each, {}) for each in made if {each.from_trace, each.to_trace} & set(trace_ids)
        ]
        return found, was_cut

    return links_of


def test_links_are_followed_forwards_and_backwards() -> None:
    reached = follow("b", store(("a", "b"), ("b", "c"), ("c", "d"), ("x", "y")))

    assert reached.distances == {"b": 0, "a": -1, "c": 1, "d": 2}
    assert len(reached.links) == 3
    assert reached.is_whole


def test_a_link_to_itself_and_a_ring_end() -> None:
    reached = follow("a", store(("a", "a"), ("a", "b"), ("b", "a")))

    assert set(reached.distances) == {"a", "b"}
    assert len(reached.links) == 3


def test_a_trace_without_links_is_alone() -> None:
    assert follow("a", store()).distances == {"a": 0}


def test_what_is_left_out_is_said() -> None:
    fan = follow("0", store(*(("0", str(number)) for number in range(1, TRACE_COUNT_MAX + 5))))
    chain = follow("0", store(*((str(number), str(number + 1)) for number in range(30))))

    assert len(fan.distances) == TRACE_COUNT_MAX
    assert not fan.is_whole
    assert not chain.is_whole
    assert not follow("a", store(("a", "b"), was_cut=True)).is_whole


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=12))
def test_exactly_what_is_connected_is_reached(links: list[tuple[str, str]]) -> None:
    reached = follow("a", store(*links))

    connected = {"a"}
    for _ in links:
        connected |= {end for link in links if connected & set(link) for end in link}
    assert set(reached.distances) == connected
    assert {(one.from_trace, one.to_trace) for one, _ in reached.links} == {
        link for link in links if connected & set(link)
    }
