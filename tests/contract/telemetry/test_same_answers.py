"""Random questions on random rows: the engine answers what plain Python answers."""

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import count
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.contract.telemetry.asking import ALL_TIME
from tests.fakes.memory_telemetry import MemoryTelemetry
from tests.fakes.row_questions import percentile
from tests.fakes.telemetry_rows import (
    DAY_NS,
    NOON_NS,
    SECOND_NS,
    a_resource,
    a_span,
    an_error,
    block_of,
    row_of,
    span_id,
    trace_id,
)
from vedette.model.answer import Answer
from vedette.model.block import Block
from vedette.model.json_value import JsonValue
from vedette.model.question import (
    Aggregate,
    AllOf,
    AnyOf,
    Arithmetic,
    Attribute,
    Compare,
    CompareMeasure,
    Condition,
    Constant,
    Contains,
    Dataset,
    Field,
    Formula,
    Function,
    Has,
    LogStep,
    Not,
    Operator,
    Order,
    RowQuestion,
    Subject,
    TimeRange,
    TimeStep,
    ValueCountsQuestion,
    ValueType,
)
from vedette.model.value_counts import ValueCounts
from vedette.query.series import SeriesRequest, ask_series
from vedette.query.series_shape import shape_timeseries
from vedette.storage.telemetry.chdb_store import ChdbTelemetry, EngineLimits, open_telemetry
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

if TYPE_CHECKING:
    from pathlib import Path

    from vedette.model.question import (
        Selected,
    )

# Everything that means something to SQL, to patterns, to parameters or to the index.
TEXTS = st.one_of(
    st.sampled_from(["", "a", "5", "-1.5", "true", "false", "a=b", "it's", "{p0:String}", "é😀"]),
    st.text(st.sampled_from("aBc'\"\\%_*=;{}:-\n\t\r\0 "), max_size=5),
)
KEYS = ["k", "a", "a=b", "it's", "\\", "%", "host", "resource.host", "resource.k"]
PROMOTED = ["http.method", "http.status_code", "thread.id", "user.id"]
NUMBERS = st.one_of(
    st.integers(-5, 5), st.sampled_from([0.5, -1.5, 1e6, 5.0]), st.just(2**63), st.just(-(2**62))
)
MAPS = {
    "attr_str": st.dictionaries(st.sampled_from(KEYS[:-2]), TEXTS, max_size=3),
    "attr_num": st.dictionaries(
        st.sampled_from(KEYS[:-2]), st.sampled_from([0.0, 5.0, -1.5, 0.25, 7.0]), max_size=2
    ),
    "attr_bool": st.dictionaries(st.sampled_from(KEYS[:-2]), st.booleans(), max_size=2),
}
SPAN_COLUMNS = {
    "name": TEXTS,
    "description": TEXTS,
    "op": st.sampled_from(["", "db", "http.server"]),
    "kind": st.sampled_from(["unspecified", "server", "client"]),
    "status": st.sampled_from(["unset", "ok", "error"]),
    "status_text": st.sampled_from(["", "ok", "aborted"]),
    "is_segment": st.booleans(),
    "duration_ns": st.integers(0, 50),
    "start_time": st.integers(NOON_NS, NOON_NS + 5),
    "parent_span_id": st.sampled_from([span_id(0), span_id(1), span_id(2)]),
    "trace_id": st.sampled_from([trace_id(0), trace_id(1), trace_id(2)]),
    "user_id": st.sampled_from(["", "u", "it's"]),
    "http_method": st.sampled_from(["", "GET", "get"]),
    "http_status": st.sampled_from([0, 200, 404]),
    "thread_id": st.sampled_from(["", "5", "main"]),
    "resource_id": st.integers(0, 2),
    "sample_rate": st.sampled_from([1.0, 0.5, 0.25, 0.0]),
    **MAPS,
}
ERROR_COLUMNS = {
    "title": TEXTS,
    "message": TEXTS,
    "level": st.sampled_from(["error", "warning"]),
    "handled": st.sampled_from(["unknown", "yes", "no"]),
    "user_id": st.sampled_from(["", "u"]),
    "time": st.integers(NOON_NS // 1_000, NOON_NS // 1_000 + 3),
    "tags": MAPS["attr_str"],
}
TEXT_FIELDS = {
    Dataset.SPANS: ["span.name", "span.description", "span.op", "span.kind", "span.status"],
    Dataset.ERRORS: ["title", "message", "level", "error.handled", "user.id"],
}
ID_FIELDS = {Dataset.SPANS: ["trace", "parent_span"], Dataset.ERRORS: ["id", "trace"]}
ORDERINGS = [
    Operator.EQUAL,
    Operator.NOT_EQUAL,
    Operator.LESS,
    Operator.LESS_OR_EQUAL,
    Operator.GREATER,
    Operator.GREATER_OR_EQUAL,
]
TEXT_OPERATORS = [*ORDERINGS, Operator.LIKE, Operator.NOT_LIKE]
LISTS = [Operator.IN, Operator.NOT_IN]
PROJECTS = count(1)
Subjects: TypeAlias = st.SearchStrategy[Any]
Scalars: TypeAlias = st.SearchStrategy[Any]


@dataclass
class Pair:
    """The engine, and plain Python with the same rows."""

    engine: ChdbTelemetry
    memory: MemoryTelemetry

    def put(self, blocks: list[Block], token: str) -> None:
        self.engine.put(blocks, token=token)
        self.memory.put(blocks, token=token)


@pytest.fixture(scope="module", params=[False, True], ids=["plain", "attribute index"])
def pair(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Pair]:
    """Both, for all examples: each example has a project of its own."""
    folder: Path = tmp_path_factory.mktemp("pair")
    engine = open_telemetry(folder / "t", EngineLimits(), has_attribute_index=request.param)
    yield Pair(engine, MemoryTelemetry())
    engine.close()


@cache
def subjects(dataset: Dataset) -> st.SearchStrategy[Subject]:
    fields = [*TEXT_FIELDS[dataset], *ID_FIELDS[dataset], "timestamp"]
    fields += ["span.duration", "is_transaction"] if dataset is Dataset.SPANS else []
    return st.one_of(st.builds(Field, st.sampled_from(fields)), attributes())


@cache
def attributes() -> st.SearchStrategy[Attribute]:
    types = st.sampled_from([None, *ValueType])
    return st.builds(Attribute, st.sampled_from([*KEYS, *PROMOTED]), types)


@cache
def comparisons(dataset: Dataset) -> st.SearchStrategy[Compare]:
    ids = st.sampled_from([trace_id(1).hex(), span_id(1).hex().upper(), "0" * 32, "x", ""])
    texts = st.builds(Field, st.sampled_from(TEXT_FIELDS[dataset]))
    times = st.integers(NOON_NS - 1, NOON_NS + 6)
    anything = st.one_of(TEXTS, NUMBERS, st.booleans())
    numbers = st.just(Field("span.duration" if dataset is Dataset.SPANS else "project.id"))

    def one(
        subject: Subjects, operators: list[Operator], value: Scalars
    ) -> st.SearchStrategy[Compare]:
        return st.builds(Compare, subject, st.sampled_from(operators), st.tuples(value))

    def many(subject: Subjects, value: Scalars) -> st.SearchStrategy[Compare]:
        values = st.lists(value, max_size=3).map(tuple)
        return st.builds(Compare, subject, st.sampled_from(LISTS), values)

    fields_of_ids = st.builds(Field, st.sampled_from(ID_FIELDS[dataset]))
    return st.one_of(
        one(texts, TEXT_OPERATORS, TEXTS),
        many(texts, TEXTS),
        one(fields_of_ids, TEXT_OPERATORS, ids),
        many(fields_of_ids, ids),
        one(st.just(Field("timestamp")), ORDERINGS, times),
        one(numbers, ORDERINGS, NUMBERS),
        many(numbers, NUMBERS),
        one(attributes(), TEXT_OPERATORS, anything),
        many(attributes(), anything),
    )


@cache
def conditions(dataset: Dataset) -> st.SearchStrategy[Condition]:
    leaves: st.SearchStrategy[Condition] = st.one_of(
        comparisons(dataset), st.builds(Has, subjects(dataset)), st.builds(Contains, TEXTS)
    )
    return st.recursive(
        leaves,
        lambda inner: st.one_of(
            st.builds(Not, inner),
            st.builds(AllOf, st.lists(inner, max_size=3).map(tuple)),
            st.builds(AnyOf, st.lists(inner, max_size=3).map(tuple)),
        ),
        max_leaves=5,
    )


@st.composite
def row_questions(draw: st.DrawFn) -> RowQuestion:
    dataset = draw(st.sampled_from([Dataset.SPANS, Dataset.ERRORS]))
    identity = Field("span_id" if dataset is Dataset.SPANS else "id")
    selected = [*draw(st.lists(subjects(dataset), max_size=3)), identity]
    orders = draw(st.lists(st.builds(Order, subjects(dataset), st.booleans()), max_size=2))
    return RowQuestion(
        dataset,
        (1,),
        ALL_TIME,
        tuple(dict.fromkeys(selected)),
        draw(conditions(dataset)),
        (*orders, Order(identity)),
        row_count_max=draw(st.integers(1, 8)),
        row_offset=draw(st.integers(0, 3)),
    )


@cache
def aggregates(dataset: Dataset, *, is_extrapolated: bool) -> st.SearchStrategy[Aggregate]:
    numbers: Subjects = st.sampled_from(
        [Attribute("k", ValueType.NUMBER), Attribute("http.status_code"), Field("timestamp")]
    )
    wheres = st.one_of(st.none(), comparisons(dataset))
    k = st.just(Attribute("k", ValueType.NUMBER))
    counted: Subjects = st.one_of(st.none(), subjects(dataset))
    counts = st.sampled_from([Function.COUNT, Function.SAMPLE_COUNT, Function.WEIGHT_SQUARES])
    ends = st.sampled_from([Function.MIN, Function.MAX])
    sums = st.sampled_from([Function.SUM, Function.AVG])
    none = st.none()
    kinds = [
        st.builds(Aggregate, counts, counted, none, wheres),
        st.builds(Aggregate, st.just(Function.COUNT_UNIQUE), subjects(dataset), none, wheres),
        st.builds(Aggregate, ends, numbers, none, wheres),
        st.builds(Aggregate, sums, k, none, wheres),
    ]
    if not is_extrapolated:
        shares = st.sampled_from([0.0, 0.5, 0.9, 0.95, 1.0])
        kinds.append(st.builds(Aggregate, st.just(Function.PERCENTILE), k, shares, wheres))
    return st.one_of(kinds)


@st.composite
def group_questions(draw: st.DrawFn) -> RowQuestion:
    dataset = draw(st.sampled_from([Dataset.SPANS, Dataset.ERRORS]))
    is_extrapolated = draw(st.booleans())
    steps: st.SearchStrategy[Selected] = st.one_of(
        st.builds(TimeStep, st.sampled_from([1, 2, 7, 10**12]), st.sampled_from([0, NOON_NS - 3])),
        st.builds(LogStep, st.just(Attribute("k", ValueType.NUMBER)), st.integers(1, 3)),
    )
    keys = list(dict.fromkeys(draw(st.lists(st.one_of(subjects(dataset), steps), max_size=2))))
    plain = aggregates(dataset, is_extrapolated=is_extrapolated)
    measures: Subjects = st.recursive(
        plain,
        lambda inner: st.builds(
            Formula,
            st.sampled_from(Arithmetic),
            inner,
            st.one_of(inner, st.builds(Constant, st.sampled_from([0.0, 2.0, -0.5]))),
        ),
        max_leaves=3,
    )
    limits = st.builds(
        CompareMeasure, measures, st.sampled_from(ORDERINGS), st.sampled_from([0, 1.5, 2])
    )
    return RowQuestion(
        dataset,
        (1,),
        ALL_TIME,
        (*keys, *dict.fromkeys(draw(st.lists(measures, min_size=1, max_size=3)))),
        draw(conditions(dataset)),
        tuple(Order(each) for each in keys),
        having=tuple(draw(st.lists(limits, max_size=1))),
        is_extrapolated=is_extrapolated,
    )


@st.composite
def rows_of_project(draw: st.DrawFn) -> list[tuple[str, dict[str, object]]]:
    spans = draw(st.lists(st.fixed_dictionaries(SPAN_COLUMNS), max_size=6))
    errors = draw(st.lists(st.fixed_dictionaries(ERROR_COLUMNS), max_size=4))
    resources = draw(st.lists(st.fixed_dictionaries(MAPS), max_size=2))
    known = draw(st.sets(st.sampled_from(["k", "host"])))
    return [
        *(("spans", a_span(n + 1, **span)) for n, span in enumerate(spans)),
        *(("errors", an_error(n + 1, **error)) for n, error in enumerate(errors)),
        *(("resources", a_resource(n + 1, **each)) for n, each in enumerate(resources)),
        *(
            (
                "attribute_keys",
                row_of("attribute_keys", dataset="spans", key=key, type="string", count=1),
            )
            for key in known
        ),
    ]


def blocks_of(rows: list[tuple[str, dict[str, object]]], project_id: int) -> list[Block]:
    tables = dict.fromkeys(table for table, _ in rows)
    return [
        block_of(name, [{**row, "project_id": project_id} for table, row in rows if table == name])
        for name in tables
    ]


def answer_or_refusal(telemetry: Telemetry, question: RowQuestion) -> Answer | str:
    try:
        return telemetry.rows(question)
    except QuestionRefused as refusal:
        return str(refusal)


def assert_same(found: Answer | str, wanted: Answer | str) -> None:
    if isinstance(found, str) or isinstance(wanted, str):
        assert found == wanted
        return
    assert (found.names, found.was_cut) == (wanted.names, wanted.was_cut)
    for mine, theirs in zip(found.columns, wanted.columns, strict=True):
        assert len(mine) == len(theirs)
        for one, other in zip(mine, theirs, strict=True):
            if isinstance(one, float) and isinstance(other, int | float):
                assert math.isclose(one, other, rel_tol=1e-6), (found, wanted)
            else:
                assert one == other, (found, wanted)


@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=rows_of_project(), questions=st.lists(row_questions(), min_size=3, max_size=5))
def test_rows_are_those_that_plain_python_finds(
    pair: Pair, rows: list[tuple[str, dict[str, object]]], questions: list[RowQuestion]
) -> None:
    ask_both(pair, rows, questions)


@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(rows=rows_of_project(), questions=st.lists(group_questions(), min_size=3, max_size=5))
def test_groups_are_those_that_plain_python_finds(
    pair: Pair, rows: list[tuple[str, dict[str, object]]], questions: list[RowQuestion]
) -> None:
    ask_both(pair, rows, questions)


def ask_both(
    pair: Pair, rows: list[tuple[str, dict[str, object]]], questions: list[RowQuestion]
) -> None:
    project_id = next(PROJECTS)
    pair.put(blocks_of(rows, project_id), token=str(project_id))
    for question in questions:
        own = replace(question, project_ids=(project_id,))
        assert_same(answer_or_refusal(pair.engine, own), answer_or_refusal(pair.memory, own))


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=st.lists(
        st.tuples(st.integers(1, 10**9), st.sampled_from([1.0, 0.5, 0.3, 0.1, 0.01])),
        min_size=1,
        max_size=60,
    ),
    share=st.floats(0.01, 0.99),
)
def test_percentiles_are_weighted_by_what_each_row_stands_for(
    pair: Pair, rows: list[tuple[int, float]], share: float
) -> None:
    project_id = next(PROJECTS)
    spans = [
        a_span(number + 1, duration_ns=duration_ns, sample_rate=rate)
        for number, (duration_ns, rate) in enumerate(rows)
    ]
    pair.put(blocks_of([("spans", span) for span in spans], project_id), token=str(project_id))
    measure = Aggregate(Function.PERCENTILE, Field("span.duration"), share)
    question = RowQuestion(Dataset.SPANS, (project_id,), ALL_TIME, (measure,), is_extrapolated=True)

    found = pair.engine.rows(question).columns[0][0]

    # Between neighbours the engine draws a line, from the middle of one row's weight to the next.
    weighted = [(float(duration_ns), 1 / rate) for duration_ns, rate in rows]
    half = max(weight for _, weight in weighted) / sum(weight for _, weight in weighted) / 2
    lowest = percentile(weighted, max(0.0, share - half - 0.011))
    highest = percentile(weighted, min(1.0, share + half + 0.011))
    assert isinstance(found, int | float)
    assert lowest * (1 - 1e-6) <= found <= highest * (1 + 1e-6)


@settings(
    max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=rows_of_project(),
    dataset=st.sampled_from([Dataset.SPANS, Dataset.ERRORS]),
    data=st.data(),
)
def test_values_are_counted_as_plain_python_counts_them(
    pair: Pair, rows: list[tuple[str, dict[str, object]]], dataset: Dataset, data: st.DataObject
) -> None:
    project_id = next(PROJECTS)
    pair.put(blocks_of(rows, project_id), token=str(project_id))
    question = ValueCountsQuestion(
        dataset,
        (project_id,),
        ALL_TIME,
        where=data.draw(conditions(dataset)),
        selection=data.draw(conditions(dataset)),
        keys=data.draw(st.sampled_from([(), ("k", "span.op", "level", "resource.k")])),
        occurrence_count_min=data.draw(st.integers(1, 2)),
        value_count_max=data.draw(st.integers(1, 50)),
    )

    def counts(telemetry: Telemetry) -> ValueCounts | str:
        try:
            return telemetry.value_counts(question)
        except QuestionRefused as refusal:
            return str(refusal)

    assert counts(pair.engine) == counts(pair.memory)


@settings(
    max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    rows=rows_of_project(),
    key=st.sampled_from(
        ["span.op", "is_transaction", "tags[k,number]", "http.status_code", "trace"]
    ),
    group_count=st.integers(0, 3),
    has_others=st.booleans(),
    before_s=st.sampled_from([None, 1]),
)
def test_charts_are_those_that_plain_python_draws(
    pair: Pair,
    rows: list[tuple[str, dict[str, object]]],
    key: str,
    group_count: int,
    has_others: bool,  # noqa: FBT001 - given by name
    before_s: int | None,
) -> None:
    project_id = next(PROJECTS)
    pair.put(blocks_of(rows, project_id), token=str(project_id))
    request = SeriesRequest(
        "spans",
        (
            "count()",
            "failure_rate()",
            "sum(span.duration)",
            "equation|count_if(span.op,equals,db)*2",
        ),
        "",
        {project_id: "web"},
        TimeRange(NOON_NS - SECOND_NS, NOON_NS + 2 * SECOND_NS),
        NOON_NS + DAY_NS,
        interval="1s",
        group_by=(key,),
        group_count=group_count,
        has_others=has_others,
        before_s=before_s,
    )

    found = shape_timeseries(ask_series(pair.engine, request))
    wanted = shape_timeseries(ask_series(pair.memory, request))

    assert _rounded(found) == _rounded(wanted)


def _rounded(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, list):
        return [_rounded(each) for each in value]
    if isinstance(value, dict):
        return {name: _rounded(each) for name, each in value.items()}
    return value
