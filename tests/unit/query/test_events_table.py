"""Tables of rows and groups: the question, and the shape of its answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    Attribute,
    Compare,
    Dataset,
    Field,
    Function,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
    ValueType,
)
from vedette.query.events_table import (
    Table,
    TableRequest,
    in_environments,
    meaning_of,
    shape_table,
    table_question,
)
from vedette.query.fields import MEANINGS
from vedette.query.paging import Page
from vedette.query.refusal import QuestionWrong
from vedette.query.select import read_column, read_columns

RANGE = TimeRange(0, 10**18)


def request(*fields: str, dataset: str = "spans", sorts: tuple[str, ...] = ()) -> TableRequest:
    return TableRequest(
        dataset=dataset,
        field_names=fields,
        search="",
        sorts=sorts,
        project_slugs={7: "web", 8: "api"},
        time_range=RANGE,
        page=Page(20, 10),
        now_ns=10**18,
    )


def question(*fields: str, dataset: str = "spans", sorts: tuple[str, ...] = ()) -> RowQuestion:
    asked = request(*fields, dataset=dataset, sorts=sorts)
    meaning = meaning_of(dataset)
    return table_question(asked, read_columns(list(fields), meaning), meaning)


def table(fields: list[str], *columns: list[JsonValue], was_cut: bool = False) -> Table:
    asked = request(*fields)
    meaning = MEANINGS["spans"]
    read = read_columns(fields, meaning)
    selected = table_question(asked, read, meaning).selected
    answer = Answer(
        tuple(f"c{number}" for number, _ in enumerate(columns)),
        tuple(tuple(column) for column in columns),
        was_cut,
    )
    return shape_table(answer, read, asked, selected)


def test_rows_are_asked_for_newest_first_and_in_a_stable_order() -> None:
    assert question("span.op") == RowQuestion(
        dataset=Dataset.SPANS,
        project_ids=(7, 8),
        time_range=RANGE,
        selected=(Field("span.op"),),
        where=AllOf(()),
        order=(
            Order(Field("timestamp"), is_descending=True),
            Order(Field("trace")),
            Order(Field("span_id")),
        ),
        row_count_max=10,
        row_offset=20,
    )


def test_groups_are_asked_for_largest_first_and_in_a_stable_order() -> None:
    assert question("span.op", "count()").order == (
        Order(Aggregate(Function.COUNT), is_descending=True),
        Order(Field("span.op")),
    )


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        ("p95(span.duration)", Order(Aggregate(Function.PERCENTILE, Field("span.duration"), 0.95))),
        (
            "-p95(span.duration)",
            Order(Aggregate(Function.PERCENTILE, Field("span.duration"), 0.95), is_descending=True),
        ),
        ("-span.op", Order(Field("span.op"), is_descending=True)),
    ],
)
def test_any_selected_field_can_be_sorted_by(sort: str, order: Order) -> None:
    assert question("span.op", "p95(span.duration)", sorts=(sort,)).order[0] == order


def test_groups_cannot_be_sorted_by_what_is_not_selected() -> None:
    with pytest.raises(QuestionWrong, match="Cannot sort by trace"):
        question("span.op", "count()", sorts=("trace",))


def test_rows_can_be_sorted_by_an_attribute() -> None:
    assert question("span.op", sorts=("-my.key",)).order[0] == Order(
        Attribute("my.key"), is_descending=True
    )


@pytest.mark.parametrize(
    ("name", "selected"),
    [
        ("count()", Aggregate(Function.COUNT)),
        ("count(span.duration)", Aggregate(Function.COUNT)),
        ("count(my.key)", Aggregate(Function.COUNT, Attribute("my.key"))),
        ("count_unique(user.id)", Aggregate(Function.COUNT_UNIQUE, Field("user.id"))),
        ("p50()", Aggregate(Function.PERCENTILE, Field("span.duration"), 0.5)),
        ("avg(span.duration)", Aggregate(Function.AVG, Field("span.duration"))),
        ("sum(my.key)", Aggregate(Function.SUM, Attribute("my.key", ValueType.NUMBER))),
        ("max(timestamp)", Aggregate(Function.MAX, Field("timestamp"))),
        ("tags[my.key]", Attribute("my.key")),
        ("tags[my.key,string]", Attribute("my.key", ValueType.STRING)),
        ("tags[environment]", Field("environment")),
        ("project", Field("project.id")),
    ],
)
def test_names_stand_for_fields_attributes_and_aggregates(name: str, selected: object) -> None:
    assert read_column(name, MEANINGS["spans"]).selected == selected


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        "nonsense()",
        "failure_rate(x)",
        "avg(span.op)",
        "count_unique()",
        "sum(timestamp)",
        "x" * 2_000,
    ],
)
def test_what_cannot_be_asked_for_is_refused(name: str) -> None:
    with pytest.raises(QuestionWrong):
        read_column(name, MEANINGS["spans"])


@given(st.text(max_size=60), st.sampled_from(sorted(MEANINGS)))
def test_any_name_is_read_or_refused(name: str, dataset: str) -> None:
    try:
        found = read_column(name, MEANINGS[dataset]).name
    except QuestionWrong:
        found = name

    assert found == name


def test_one_to_fifty_fields_can_be_asked_for() -> None:
    with pytest.raises(QuestionWrong, match="at least one"):
        question()
    with pytest.raises(QuestionWrong, match="at most 50"):
        question(*(str(number) for number in range(51)))


def test_an_unknown_dataset_is_refused_with_the_known_ones() -> None:
    with pytest.raises(QuestionWrong, match="errors, spans, logs, tracemetrics"):
        meaning_of("nothing")


def test_environments_are_one_more_condition() -> None:
    assert in_environments([]) is None
    assert in_environments(["a", "b"]) == Compare(Field("environment"), Operator.IN, ("a", "b"))


def test_values_are_shown_in_the_units_of_sentrys_clients() -> None:
    shown = table(
        ["id", "timestamp", "precise.start_ts", "span.duration", "project", "project.id", "trace"],
        ["00000000000000ab"],
        [1_500_000_000],
        [2_500_000],
        [7],
        ["0" * 32],
    )

    assert shown.rows == [
        {
            "id": "00000000000000ab",
            "timestamp": "1970-01-01T00:00:01.500+00:00",
            "precise.start_ts": 1.5,
            "span.duration": 2.5,
            "project": "web",
            "project.id": 7,
            "trace": None,
        }
    ]


def test_meta_says_types_units_and_dataset() -> None:
    shown = table(
        ["span.op", "count()", "p95(span.duration)", "max(timestamp)", "my.key", "other.key"],
        ["db"],
        [3],
        [1_000_000],
        [0],
        [None],
        [True],
    )

    assert shown.meta["fields"] == {
        "span.op": "string",
        "count()": "integer",
        "p95(span.duration)": "duration",
        "max(timestamp)": "date",
        "my.key": "string",
        "other.key": "boolean",
    }
    assert shown.meta["units"] == {
        "span.op": None,
        "count()": None,
        "p95(span.duration)": "millisecond",
        "max(timestamp)": None,
        "my.key": None,
        "other.key": None,
    }
    assert shown.meta["dataset"] == "spans"


def test_numbers_that_json_cannot_say_are_null() -> None:
    shown = table(["my.key"], [float("nan"), float("inf"), 1.5])

    assert [row["my.key"] for row in shown.rows] == [None, None, 1.5]


@pytest.mark.parametrize("was_cut", [True, False])
def test_an_answer_that_was_cut_has_more(*, was_cut: bool) -> None:
    assert table(["span.op"], ["db"], was_cut=was_cut).has_more is was_cut
