"""Every rule of the recommendation about `tracestate`, one test each."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry.trace import TraceState

from waymark.trace_parent import HeaderFault
from waymark.trace_state import (
    MEMBER_COUNT_MAX,
    WRITTEN_LENGTH_MAX,
    OwnEntry,
    read_tracestate,
    write_tracestate,
)

EVERY_LETTER = "".join(chr(code) for code in range(0x21, 0x7F) if chr(code) not in ",=")
OWN = OwnEntry("maguey", {"v": "1.0", "env": "production"})


def members(*values: str) -> list[tuple[str, str]]:
    return list(read_tracestate(list(values))[0].items())


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        pytest.param(["a=1"], [("a", "1")], id="one member"),
        pytest.param(["a=1,b=2"], [("a", "1"), ("b", "2")], id="order is kept"),
        pytest.param(["a=1", "b=2"], [("a", "1"), ("b", "2")], id="several headers are joined"),
        pytest.param(["a=1 \t, \tb=2"], [("a", "1"), ("b", "2")], id="whitespace around members"),
        pytest.param(["a=1,,b=2,"], [("a", "1"), ("b", "2")], id="empty members"),
        pytest.param(["", "a=1"], [("a", "1")], id="an empty header"),
        pytest.param(["a= 1"], [("a", " 1")], id="a space inside the value"),
        pytest.param(["a=" + "x" * 256], [("a", "x" * 256)], id="the longest value"),
        pytest.param(["z" * 256 + "=1"], [("z" * 256, "1")], id="the longest key"),
        pytest.param(["a_-*/0=1"], [("a_-*/0", "1")], id="every letter of a key"),
        pytest.param(
            ["0tenant@sys=1"], [("0tenant@sys", "1")], id="a tenant may begin with a digit"
        ),
        pytest.param(
            ["t" * 241 + "@" + "s" * 14 + "=1"],
            [("t" * 241 + "@" + "s" * 14, "1")],
            id="the longest tenant and system",
        ),
        pytest.param([f"a={EVERY_LETTER}"], [("a", EVERY_LETTER)], id="every letter of a value"),
    ],
)
def test_what_the_recommendation_allows_is_read(
    values: list[str], expected: list[tuple[str, str]]
) -> None:
    assert members(*values) == expected


@pytest.mark.parametrize(
    "value",
    [
        pytest.param("a", id="no equals sign"),
        pytest.param("a=", id="empty value"),
        pytest.param("=1", id="empty key"),
        pytest.param("A=1", id="upper case in the key"),
        pytest.param("0a=1", id="key begins with a digit"),
        pytest.param("a b=1", id="space in the key"),
        pytest.param("a =1", id="space before the equals sign"),
        pytest.param("a=1=2", id="equals sign in the value"),
        pytest.param("a=\x01", id="control character"),
        pytest.param("a=\u00fc", id="not ASCII"),
        pytest.param("a=" + "x" * 257, id="value too long"),
        pytest.param("z" * 257 + "=1", id="key too long"),
        pytest.param("t" * 242 + "@v=1", id="tenant too long"),
        pytest.param("t@" + "s" * 15 + "=1", id="system too long"),
        pytest.param("t@0s=1", id="system begins with a digit"),
        pytest.param("@s=1", id="no tenant"),
        pytest.param("t@=1", id="no system"),
        pytest.param("t@s@s=1", id="two at signs"),
        pytest.param("good=1,bad", id="one bad member among good ones"),
    ],
)
def test_one_broken_rule_discards_the_whole_list(value: str) -> None:
    state, faults = read_tracestate([value])

    assert not state
    assert faults == (HeaderFault.STATE_MALFORMED,)


def test_32_members_are_read_and_33_are_not() -> None:
    many = [f"k{number}=v" for number in range(MEMBER_COUNT_MAX + 1)]

    assert len(members(",".join(many[:-1]))) == MEMBER_COUNT_MAX
    assert read_tracestate([",".join(many)]) == (TraceState(), (HeaderFault.STATE_TOO_MANY,))


def test_members_are_counted_over_all_headers() -> None:
    half = ",".join(f"a{number}=v" for number in range(20))
    other = ",".join(f"b{number}=v" for number in range(13))

    assert read_tracestate([half, other])[1] == (HeaderFault.STATE_TOO_MANY,)


def test_a_key_named_twice_keeps_its_most_recent_member() -> None:
    state, faults = read_tracestate(["a=new,b=2,a=old"])

    assert list(state.items()) == [("a", "new"), ("b", "2")]
    assert faults == (HeaderFault.STATE_DUPLICATE_KEY,)


def test_more_than_can_be_valid_is_not_even_parsed() -> None:
    assert read_tracestate(["," * 20_000])[1] == (HeaderFault.TOO_LONG,)


def test_our_entry_comes_first_and_the_others_keep_their_order() -> None:
    written = write_tracestate(TraceState([("a", "1"), ("b", "2")]), OWN)

    assert written == "maguey=v:1.0;env:production,a=1,b=2"


def test_our_older_entry_is_replaced_not_repeated() -> None:
    written = write_tracestate(TraceState([("a", "1"), ("maguey", "v:0.9")]), OWN)

    assert written == "maguey=v:1.0;env:production,a=1"


def test_our_entry_pushes_the_oldest_of_32_members_out() -> None:
    full = TraceState([(f"k{number}", "v") for number in range(MEMBER_COUNT_MAX)])

    written = write_tracestate(full, OWN).split(",")

    assert len(written) == MEMBER_COUNT_MAX
    assert written[0].startswith("maguey=")
    assert written[-1] == "k30=v"


def test_what_fits_into_512_characters_is_passed_on_whole() -> None:
    state = TraceState([("a", "x" * 250), ("b", "y" * 250)])

    assert write_tracestate(state) == f"a={'x' * 250},b={'y' * 250}"


def test_long_members_go_first_when_the_header_must_be_cut() -> None:
    short = [(f"k{number}", "v" * 50) for number in range(9)]
    state = TraceState([*short[:1], ("long", "x" * 200), *short[1:]])

    written = write_tracestate(state)

    assert written == ",".join(f"{key}={value}" for key, value in short)


def test_then_members_go_from_the_end() -> None:
    state = TraceState([(f"k{number:02}", "v" * 60) for number in range(10)])

    written = write_tracestate(state)

    assert written == ",".join(f"k{number:02}={'v' * 60}" for number in range(7))
    assert len(written) <= WRITTEN_LENGTH_MAX


def test_nothing_to_say_is_an_empty_header() -> None:
    assert write_tracestate(TraceState()) == ""


@pytest.mark.parametrize(
    ("key", "fields"),
    [
        pytest.param("Maguey", {"v": "1"}, id="key in upper case"),
        pytest.param("maguey", {}, id="no fields"),
        pytest.param("maguey", {"v": "a;b"}, id="separator in a value"),
        pytest.param("maguey", {"v:x": "1"}, id="separator in a name"),
        pytest.param("maguey", {"v": "a=b"}, id="equals sign"),
        pytest.param("maguey", {"v": "a,b"}, id="comma"),
        pytest.param("maguey", {"v": ""}, id="empty value"),
        pytest.param("maguey", {"v": "x" * 300}, id="too long"),
    ],
)
def test_an_own_entry_that_nobody_could_read_is_refused_at_once(
    key: str, fields: dict[str, str]
) -> None:
    with pytest.raises(ValueError, match="tracestate"):
        OwnEntry(key, fields)


KEYS = st.from_regex(r"[a-z][a-z0-9_\-*/]{0,30}", fullmatch=True)
VALUES = st.from_regex(r"[!-+\--<>-~]{1,40}", fullmatch=True)


@given(st.dictionaries(KEYS, VALUES, max_size=MEMBER_COUNT_MAX))
def test_what_is_written_is_a_valid_part_of_what_was_given(entries: dict[str, str]) -> None:
    written = write_tracestate(TraceState(list(entries.items())), OWN)
    state, faults = read_tracestate([written])

    assert faults == ()
    assert state["maguey"] == "v:1.0;env:production"
    assert set(state.items()) - {("maguey", OWN.value)} <= set(entries.items())
    assert len(written) <= WRITTEN_LENGTH_MAX


@given(st.lists(st.text()))
def test_reading_never_raises(values: list[str]) -> None:
    read_tracestate(values)
