"""How carefully each place of an event is scrubbed, whatever a sender puts there."""

from hypothesis import given
from hypothesis import strategies as st

from vedette.pipeline.scrubbing.event_places import Care, care_of, type_of

_WORDS = st.sampled_from(
    [
        "exception",
        "threads",
        "values",
        "0",
        "stacktrace",
        "raw_stacktrace",
        "frames",
        "vars",
        "snapshot",
        "registers",
        "mechanism",
        "data",
        "contexts",
        "trace",
        "request",
        "logentry",
        "",
        "anything",
    ]
)


@given(st.lists(_WORDS, max_size=8).map(tuple))
def test_every_place_has_an_answer(path: tuple[str, ...]) -> None:
    assert isinstance(care_of(path), Care)
    assert isinstance(type_of(path), frozenset)


def test_what_else_a_stack_says_is_scrubbed_by_its_names() -> None:
    assert care_of(("threads", "values", "0", "stacktrace", "snapshot")) is Care.NAMED
    assert care_of(("exception", "values", "0", "stacktrace", "frames", "0", "vars")) is Care.ALL
