"""Traces as forests, whatever was sent."""

from hypothesis import given
from hypothesis import strategies as st

from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import grow_tree

_IDS = st.sampled_from(["a", "b", "c", "d", "e", "f", ""])
_SPANS = st.lists(
    st.builds(
        SeenSpan,
        span_id=st.sampled_from(["a", "b", "c", "d", "e", "f"]),
        parent_id=_IDS,
        project_id=st.just(1),
        start_ns=st.integers(0, 100),
        end_ns=st.integers(0, 100),
        name=st.just("work"),
        service=st.sampled_from(["shop", "bank"]),
        is_segment=st.booleans(),
    ),
    max_size=12,
)


@given(_SPANS)
def test_every_walk_upwards_ends_at_a_root(spans: list[SeenSpan]) -> None:
    tree = grow_tree("t", spans)
    for place in range(len(tree.spans)):
        above = list(tree.ancestors(place))
        assert len(above) == len(set(above))
        assert place not in above
        assert tree.segment_of(place) in {place, *above}


@given(_SPANS)
def test_every_span_is_there_once_and_below_its_parent(spans: list[SeenSpan]) -> None:
    tree = grow_tree("t", spans)
    assert sorted(span.span_id for span in tree.spans) == sorted({span.span_id for span in spans})
    for place, parent in enumerate(tree.parents):
        if parent is not None:
            assert tree.spans[place].parent_id == tree.spans[parent].span_id
            assert place in tree.children[parent]
