"""Functions by their names, and equations over them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from inline_snapshot import snapshot

from vedette.model.question import (
    Aggregate,
    Arithmetic,
    Attribute,
    Compare,
    CompareMeasure,
    Constant,
    Field,
    Formula,
    Function,
    Operator,
    ValueType,
)
from vedette.query.condition import SearchContext
from vedette.query.equation import read_equation
from vedette.query.fields import MEANINGS, Kind
from vedette.query.functions import read_measure, split_arguments
from vedette.query.refusal import QuestionWrong
from vedette.query.search import SearchError
from vedette.query.searched import read_searched

MINUTE_NS = 60 * 10**9
SPANS = SearchContext(MEANINGS["spans"], {"web": 7}, 10**18, 10 * MINUTE_NS)
DURATION = Field("span.duration")
COUNT = Aggregate(Function.COUNT)
FAILED = Aggregate(Function.COUNT, where=Compare(Field("is_failed"), Operator.EQUAL, (True,)))


def ratio(left: Aggregate | Formula, right: Aggregate | Constant) -> Formula:
    return Formula(Arithmetic.DIVIDE, left, right)


@pytest.mark.parametrize(
    ("name", "measure", "kind"),
    [
        ("count()", COUNT, Kind.INTEGER),
        ("count(span.duration)", COUNT, Kind.INTEGER),
        ("count(my.key)", Aggregate(Function.COUNT, Attribute("my.key")), Kind.INTEGER),
        ("count_sample()", Aggregate(Function.SAMPLE_COUNT), Kind.INTEGER),
        ("p99()", Aggregate(Function.PERCENTILE, DURATION, 0.99), Kind.DURATION),
        ("p100()", Aggregate(Function.PERCENTILE, DURATION, 1.0), Kind.DURATION),
        (
            "percentile(tags[my.size,number], 0.975)",
            Aggregate(Function.PERCENTILE, Attribute("my.size", ValueType.NUMBER), 0.975),
            Kind.NUMBER,
        ),
        (
            "count_if(span.duration,greater,300)",
            Aggregate(Function.COUNT, where=Compare(DURATION, Operator.GREATER, (300_000_000,))),
            Kind.INTEGER,
        ),
        (
            'count_if(span.op,equals,"a, b")',
            Aggregate(Function.COUNT, where=Compare(Field("span.op"), Operator.EQUAL, ("a, b",))),
            Kind.INTEGER,
        ),
        ("failure_count()", FAILED, Kind.INTEGER),
        ("failure_rate()", ratio(FAILED, COUNT), Kind.PERCENTAGE),
        ("epm()", ratio(COUNT, Constant(10.0)), Kind.RATE_PER_MINUTE),
        ("eps()", ratio(COUNT, Constant(600.0)), Kind.RATE_PER_SECOND),
        ("last_seen()", Aggregate(Function.MAX, Field("timestamp")), Kind.TIME),
    ],
)
def test_a_function_measures_what_its_name_says(
    name: str, measure: Aggregate | Formula, kind: Kind
) -> None:
    found = read_measure(name, SPANS)

    assert (found.measure, found.kind) == (measure, kind)


def test_apdex_counts_the_satisfied_and_half_of_those_that_tolerate() -> None:
    found = read_measure("apdex(span.duration,300)", SPANS).measure

    assert isinstance(found, Formula)
    assert found.right == Aggregate(Function.COUNT, DURATION)
    assert isinstance(found.left, Formula)
    assert found.left.left == Aggregate(
        Function.COUNT, where=Compare(DURATION, Operator.LESS_OR_EQUAL, (300_000_000,))
    )


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("nonsense()", "nonsense() is not a function that can be asked for"),
        ("count_if(span.op,like,db)", "needs one of equals, notEquals"),
        ("count_if(span.duration,less,soon)", "needs a length of time"),
        ("count_if(span.op)", "needs 3 arguments"),
        ("percentile(span.duration,2)", "needs a share from 0 to 1"),
        ("percentile(span.duration)", "needs 2 arguments"),
        ("apdex(0)", "needs a threshold above 0"),
        ("p95(span.op)", "needs a field of numbers"),
        ("epm(1)", "needs 0 arguments"),
        (f"count({',' * 99})", "at most 6 arguments"),
    ],
)
def test_a_call_that_makes_no_sense_says_what_it_needs(name: str, says: str) -> None:
    with pytest.raises(QuestionWrong) as caught:
        read_measure(name, SPANS)

    assert says in str(caught.value)


def test_arguments_are_cut_outside_of_brackets_and_quotes() -> None:
    assert split_arguments('tags[a,number], "b,c" ,d(e,f)') == snapshot(
        ["tags[a,number]", '"b,c"', "d(e,f)"]
    )


def test_products_bind_closer_than_sums_and_durations_are_milliseconds() -> None:
    found = read_equation(" 1 + count() * -(p50(span.duration) - 2) ", SPANS)

    in_ms = Formula(
        Arithmetic.DIVIDE,
        Aggregate(Function.PERCENTILE, DURATION, 0.5),
        Constant(1_000_000),
    )
    negated = Formula(
        Arithmetic.MULTIPLY,
        Constant(-1),
        Formula(Arithmetic.SUBTRACT, in_ms, Constant(2.0)),
    )
    assert found == Formula(
        Arithmetic.ADD, Constant(1.0), Formula(Arithmetic.MULTIPLY, COUNT, negated)
    )


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "position 0: expected a function, a number or a parenthesis"),
        ("count() +", "position 9: expected a function"),
        ("count() count()", "position 8: expected an operator or the end"),
        ("(count()", "position 8: expected a closing parenthesis"),
        ("count(", "position 0: expected a function with its closing parenthesis"),
        ("(" * 500 + "1", "at most 10 parentheses"),
        ("-" * 500 + "1", "fewer signs"),
        ("1" + "+1" * 500, "at most 30 functions and numbers"),
        ("1" * 2_000, "at most 1024 characters"),
        ("max(timestamp)", "a function that gives a number"),
        ("span.duration * 2", "expected a function"),
    ],
)
def test_an_equation_that_makes_no_sense_says_where(text: str, says: str) -> None:
    with pytest.raises(QuestionWrong) as caught:
        read_equation(text, SPANS)

    assert says in str(caught.value)


@given(st.text(alphabet="count()_if,p95span.duration+-*/ 0123456789\"[]'`{}", max_size=60))
def test_any_equation_is_read_or_refused(text: str) -> None:
    try:
        found = read_equation(text, SPANS)
    except QuestionWrong:
        found = COUNT

    assert isinstance(found, Aggregate | Constant | Formula)


def test_a_search_filters_rows_and_groups() -> None:
    found = read_searched("span.op:db p95(span.duration):>100ms !count():>10", SPANS)

    assert found.having == (
        CompareMeasure(
            Aggregate(Function.PERCENTILE, DURATION, 0.95), Operator.GREATER, 100_000_000
        ),
        CompareMeasure(COUNT, Operator.LESS_OR_EQUAL, 10),
    )


@pytest.mark.parametrize(
    ("text", "position"),
    [
        ("span.op:db OR count():>5", 14),
        ("count():many", 8),
        ("nonsense():>5", 0),
        ("count():[1,2]", 0),
    ],
)
def test_a_filter_of_groups_that_makes_no_sense_says_where(text: str, position: int) -> None:
    with pytest.raises(SearchError) as caught:
        read_searched(text, SPANS)

    assert caught.value.position == position
