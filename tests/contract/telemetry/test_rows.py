"""Questions for rows and groups, on every adapter."""

from dataclasses import replace

import pytest

from tests.contract.telemetry.asking import ALL_TIME, ask, count, field_names
from tests.fakes.telemetry_rows import (
    DAY_NS,
    NOON_NS,
    SECOND_NS,
    a_log,
    a_metric,
    a_resource,
    a_span,
    an_error,
    block_of,
    row_of,
    span_id,
    trace_id,
)
from vedette.model.question import (
    Aggregate,
    AllOf,
    AnyOf,
    Attribute,
    Compare,
    Condition,
    Contains,
    Dataset,
    Field,
    Function,
    Has,
    Not,
    Operator,
    Order,
    RowQuestion,
    Scalar,
    Subject,
    TimeRange,
    ValueType,
)
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

TEXT, NUMBER, BOOLEAN = ValueType.STRING, ValueType.NUMBER, ValueType.BOOLEAN


def put_spans(telemetry: Telemetry, *rows: dict[str, object]) -> None:
    telemetry.put([block_of("spans", rows)], token="spans")


def names_where(telemetry: Telemetry, condition: Condition) -> list[object]:
    """Return the names of the spans for which a condition holds, in order."""
    return [name for (name,) in ask(telemetry, Field("span.name"), where=condition)]


def compare(subject: Subject, operator: Operator, *values: Scalar) -> Compare:
    return Compare(subject, operator, values)


def is_equal(subject: Subject, value: Scalar) -> Compare:
    return Compare(subject, Operator.EQUAL, (value,))


def test_a_span_is_shown_by_its_public_names(telemetry: Telemetry) -> None:
    span = a_span(
        7,
        parent_span_id=span_id(6),
        duration_ns=2**63 + 1,
        name="GET /",
        op="http.server",
        kind="server",
        status="error",
        is_segment=True,
        segment_name="/",
        service="shop",
        user_id="u1",
        sample_rate=0.5,
    )
    put_spans(telemetry, span)

    fields = field_names(
        *("id", "span_id", "trace", "parent_span", "timestamp", "span.duration", "span.name"),
        *("span.description", "span.op", "span.kind", "span.status", "is_transaction"),
        *("transaction", "service", "user.id", "project", "project.id", "sample_rate"),
    )

    assert ask(telemetry, *fields) == [
        (
            *(span_id(7).hex(), span_id(7).hex(), trace_id(7).hex(), span_id(6).hex()),
            *(NOON_NS, 2**63 + 1, "GET /", "GET /", "http.server", "server", "error", True),
            *("/", "shop", "u1", 1, 1, 0.5),
        )
    ]


def test_a_status_of_the_sender_wins_over_the_plain_one(telemetry: Telemetry) -> None:
    put_spans(telemetry, a_span(status="error", status_text="deadline_exceeded", description="d"))

    assert ask(telemetry, *field_names("span.status", "span.description")) == [
        ("deadline_exceeded", "d")
    ]


def test_an_error_is_shown_by_its_public_names(telemetry: Telemetry) -> None:
    error = an_error(
        3, level="fatal", exception_type="E", exception_value="v", handled="no", payload='{"a":1}'
    )
    telemetry.put([block_of("errors", [error])], token="a")

    fields = field_names(
        *("id", "timestamp", "title", "level", "error.type", "error.value", "error.handled"),
        *("payload", "trace"),
    )

    assert ask(telemetry, *fields, dataset=Dataset.ERRORS) == [
        (trace_id(3).hex(), NOON_NS, "an error", "fatal", "E", "v", "false", '{"a":1}', "0" * 32)
    ]


def test_logs_metrics_and_outcomes_are_shown_by_their_public_names(telemetry: Telemetry) -> None:
    outcome = row_of(
        "outcomes",
        project_id=1,
        minute=NOON_NS // SECOND_NS,
        category="error",
        outcome="invalid",
        reason="too_large",
        quantity=2**40,
    )
    telemetry.put(
        [
            block_of("logs", [a_log(4, severity="warn", severity_number=13)]),
            block_of("metrics", [a_metric(type="gauge", unit="s", value=1.5, count=2**63)]),
            block_of("outcomes", [outcome]),
        ],
        token="a",
    )

    log = field_names("id", "sentry.item_id", "timestamp", "message", "severity", "severity_number")
    metric = field_names("metric.name", "metric.type", "metric.unit", "value", "count")
    outcomes = field_names("project.id", "category", "outcome", "reason", "quantity", "timestamp")

    assert ask(telemetry, *log, dataset=Dataset.LOGS) == [
        (trace_id(4).hex(), trace_id(4).hex(), NOON_NS, "a line", "warn", 13)
    ]
    assert ask(telemetry, *metric, dataset=Dataset.METRICS) == [
        ("a metric", "gauge", "s", 1.5, 2**63)
    ]
    assert ask(telemetry, *outcomes, dataset=Dataset.OUTCOMES) == [
        (1, "error", "invalid", "too_large", 2**40, NOON_NS)
    ]


def test_an_answer_has_the_names_that_were_asked(telemetry: Telemetry) -> None:
    put_spans(telemetry, a_span())
    question = RowQuestion(
        Dataset.SPANS,
        (1,),
        ALL_TIME,
        (
            Field("span.op"),
            Attribute("my.key"),
            Aggregate(Function.COUNT),
            Aggregate(Function.PERCENTILE, Field("span.duration"), 0.95),
            Aggregate(Function.COUNT_UNIQUE, Attribute("my.key")),
        ),
    )

    answer = telemetry.rows(question)

    assert answer.names == (
        *("span.op", "my.key", "count()", "p95(span.duration)", "count_unique(my.key)"),
    )


def test_only_the_asked_projects_are_seen(telemetry: Telemetry) -> None:
    put_spans(telemetry, a_span(1, project_id=1), a_span(2, project_id=2), a_span(3, project_id=3))

    assert count(telemetry, project_ids=(1, 3)) == 2
    assert ask(telemetry, Field("id"), project_ids=()) == []


def test_a_condition_on_the_project_does_not_widen_what_is_seen(telemetry: Telemetry) -> None:
    put_spans(telemetry, a_span(1, project_id=2))
    anything = AnyOf((is_equal(Field("project.id"), 2), AllOf(())))

    assert count(telemetry, anything, project_ids=(1,)) == 0


def test_time_includes_its_start_and_excludes_its_end(telemetry: Telemetry) -> None:
    times = [NOON_NS - 1, NOON_NS, NOON_NS + 5, NOON_NS + 6]
    put_spans(telemetry, *(a_span(n, start_time=time) for n, time in enumerate(times)))
    question = RowQuestion(
        Dataset.SPANS,
        (1,),
        TimeRange(NOON_NS, NOON_NS + 6),
        (Field("timestamp"),),
        order=(Order(Field("timestamp")),),
    )

    assert telemetry.rows(question).columns == ((NOON_NS, NOON_NS + 5),)


@pytest.mark.parametrize(
    "time_range",
    [
        pytest.param(TimeRange(0, 2**62), id="all time"),
        pytest.param(TimeRange(-(2**80), 2**80), id="more than there is"),
    ],
)
def test_any_length_of_time_can_be_asked(telemetry: Telemetry, time_range: TimeRange) -> None:
    put_spans(telemetry, a_span())

    answer = telemetry.rows(RowQuestion(Dataset.SPANS, (1,), time_range, (Field("id"),)))

    assert answer.row_count == 1


def test_an_empty_time_has_no_rows(telemetry: Telemetry) -> None:
    put_spans(telemetry, a_span())

    backwards = RowQuestion(
        Dataset.SPANS, (1,), TimeRange(NOON_NS + 1, NOON_NS - 1), (Field("id"),)
    )

    assert telemetry.rows(backwards).row_count == 0


def test_the_newest_rows_come_page_by_page(telemetry: Telemetry) -> None:
    ages_s = [0, 30, 600, 7_200, 200_000, 900_000]
    put_spans(
        telemetry,
        *(a_span(n, start_time=NOON_NS - age * SECOND_NS) for n, age in enumerate(ages_s)),
    )
    first = RowQuestion(
        Dataset.SPANS,
        (1,),
        TimeRange(NOON_NS - 30 * DAY_NS, NOON_NS + 1),
        (Field("span_id"),),
        order=(Order(Field("timestamp"), is_descending=True),),
        row_count_max=2,
    )

    pages = [telemetry.rows(replace(first, row_offset=offset)) for offset in (0, 2, 4, 6)]

    shown = [[int(str(value), 16) for value in page.columns[0]] for page in pages]
    assert shown == [[0, 1], [2, 3], [4, 5], []]
    assert [page.was_cut for page in pages] == [True, True, False, False]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (compare(Field("span.name"), Operator.EQUAL, "b"), ["b"]),
        (compare(Field("span.name"), Operator.NOT_EQUAL, "b"), ["a", "c"]),
        (compare(Field("span.name"), Operator.IN, "a", "c", "x"), ["a", "c"]),
        (compare(Field("span.name"), Operator.IN), []),
        (compare(Field("span.name"), Operator.NOT_IN, "a", "c"), ["b"]),
        (compare(Field("span.name"), Operator.GREATER, "a"), ["b", "c"]),
        (compare(Field("span.duration"), Operator.GREATER_OR_EQUAL, 20), ["b", "c"]),
        (compare(Field("span.duration"), Operator.LESS, 20.5), ["a", "b"]),
        (compare(Field("span.duration"), Operator.IN, 10, 30), ["a", "c"]),
        (compare(Field("span.duration"), Operator.EQUAL, 2**70), []),
        (compare(Field("span.duration"), Operator.GREATER, -5), ["a", "b", "c"]),
        (compare(Field("timestamp"), Operator.LESS_OR_EQUAL, NOON_NS + 1), ["a", "b"]),
        (compare(Field("timestamp"), Operator.IN, NOON_NS, NOON_NS + 2), ["a", "c"]),
        (Compare(Field("is_transaction"), Operator.EQUAL, (True,)), ["c"]),
        (Compare(Field("is_transaction"), Operator.NOT_EQUAL, (True,)), ["a", "b"]),
        (compare(Field("id"), Operator.EQUAL, span_id(2).hex()), ["b"]),
        (compare(Field("id"), Operator.EQUAL, span_id(2).hex().upper()), ["b"]),
        (compare(Field("id"), Operator.IN, span_id(1).hex(), span_id(3).hex()), ["a", "c"]),
        (compare(Field("id"), Operator.EQUAL, "no id"), []),
        (compare(Field("id"), Operator.NOT_EQUAL, "no id"), ["a", "b", "c"]),
        (compare(Field("id"), Operator.LIKE, "*3"), ["c"]),
        (compare(Field("span.status"), Operator.EQUAL, "error"), ["b"]),
        (compare(Field("span.status"), Operator.EQUAL, "no such status"), []),
        (Has(Field("user.id")), ["c"]),
        (Has(Field("parent_span")), ["b"]),
        (Not(Has(Field("user.id"))), ["a", "b"]),
        (AllOf(()), ["a", "b", "c"]),
        (AnyOf(()), []),
        (Not(AllOf((Has(Field("user.id")), is_equal(Field("span.name"), "c")))), ["a", "b"]),
        (AnyOf((is_equal(Field("span.name"), "a"), Has(Field("user.id")))), ["a", "c"]),
    ],
)
def test_fields_are_compared_as_what_they_are(
    telemetry: Telemetry, condition: Condition, names: list[str]
) -> None:
    put_spans(
        telemetry,
        a_span(1, name="a", duration_ns=10),
        a_span(
            2,
            name="b",
            duration_ns=20,
            start_time=NOON_NS + 1,
            status="error",
            parent_span_id=span_id(9),
        ),
        a_span(3, name="c", duration_ns=30, start_time=NOON_NS + 2, user_id="u", is_segment=True),
    )

    assert names_where(telemetry, condition) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (is_equal(Attribute("k", TEXT), "v"), ["text"]),
        (is_equal(Attribute("k"), "v"), ["text"]),
        (compare(Attribute("k"), Operator.NOT_EQUAL, "v"), ["boolean", "none", "number"]),
        (is_equal(Attribute("k", NUMBER), 5), ["number"]),
        (is_equal(Attribute("k"), 5.0), ["number"]),
        (is_equal(Attribute("k"), "5"), ["number"]),
        (compare(Attribute("k"), Operator.GREATER, 4), ["number"]),
        (compare(Attribute("k"), Operator.LIKE, "V*"), ["text"]),
        (Compare(Attribute("k", BOOLEAN), Operator.EQUAL, (False,)), ["boolean"]),
        (is_equal(Attribute("k"), "false"), ["boolean"]),
        (compare(Attribute("k"), Operator.IN, "v", "5"), ["number", "text"]),
        (Has(Attribute("k")), ["boolean", "number", "text"]),
        (Has(Attribute("k", NUMBER)), ["number"]),
        (Not(Has(Attribute("k"))), ["none"]),
        (Has(Attribute("empty")), []),
        (is_equal(Attribute("empty", TEXT), ""), ["none"]),
        (compare(Attribute("empty", TEXT), Operator.LIKE, "*"), ["none"]),
        (is_equal(Attribute("missing", TEXT), ""), []),
        (compare(Attribute("missing", NUMBER), Operator.LESS, 1), []),
    ],
)
def test_attributes_are_found_by_any_or_the_asked_type(
    telemetry: Telemetry, condition: Condition, names: list[str]
) -> None:
    put_spans(
        telemetry,
        a_span(1, name="text", attr_str={"k": "v"}),
        a_span(2, name="number", attr_num={"k": 5.0}),
        a_span(3, name="boolean", attr_bool={"k": False}),
        a_span(4, name="none", attr_str={"empty": ""}),
    )

    assert names_where(telemetry, condition) == names


def test_attributes_are_shown_with_their_type(telemetry: Telemetry) -> None:
    put_spans(
        telemetry,
        a_span(1, name="1", attr_str={"k": "v"}),
        a_span(2, name="2", attr_num={"k": 5.5}),
        a_span(3, name="3", attr_bool={"k": False}),
        a_span(4, name="4"),
    )

    rows = ask(
        telemetry,
        Field("span.name"),
        Attribute("k"),
        Attribute("k", NUMBER),
        order=(Order(Field("span.name")),),
    )

    assert rows == [("1", "v", None), ("2", 5.5, 5.5), ("3", False, None), ("4", None, None)]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (is_equal(Attribute("http.request.method"), "GET"), ["a"]),
        (is_equal(Attribute("http.method"), "GET"), ["a"]),
        (is_equal(Attribute("http.response.status_code", NUMBER), 404), ["a"]),
        (compare(Attribute("http.status_code"), Operator.GREATER_OR_EQUAL, 400), ["a"]),
        (compare(Attribute("http.status_code"), Operator.LESS, 400), []),
        (is_equal(Attribute("http.status_code", TEXT), "404"), ["a"]),
        (is_equal(Attribute("thread.id", NUMBER), 17), ["a"]),
        (Has(Attribute("http.status_code")), ["a"]),
        (Not(Has(Attribute("http.method"))), ["b"]),
    ],
)
def test_promoted_attributes_are_found_under_all_their_names(
    telemetry: Telemetry, condition: Condition, names: list[str]
) -> None:
    put_spans(
        telemetry,
        a_span(1, name="a", http_method="GET", http_status=404, thread_id="17"),
        a_span(2, name="b"),
    )

    assert names_where(telemetry, condition) == names


def test_tags_of_errors_are_attributes(telemetry: Telemetry) -> None:
    rows = [an_error(1, title="a", tags={"k": "7", "b": "true"}), an_error(2, title="b")]
    telemetry.put([block_of("errors", rows)], token="a")

    def titles(condition: Condition) -> list[object]:
        found = ask(telemetry, Field("title"), where=condition, dataset=Dataset.ERRORS)
        return [title for (title,) in found]

    assert titles(is_equal(Attribute("k"), "7")) == ["a"]
    assert titles(compare(Attribute("k", NUMBER), Operator.GREATER, 6.5)) == ["a"]
    assert titles(Compare(Attribute("b", BOOLEAN), Operator.EQUAL, (True,))) == ["a"]
    assert titles(Not(Has(Attribute("k")))) == ["b"]


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        (is_equal(Attribute("resource.host"), "h1"), ["a"]),
        (is_equal(Attribute("host"), "h1"), ["a"]),
        (compare(Attribute("host"), Operator.NOT_EQUAL, "h1"), ["b", "c"]),
        (compare(Attribute("cpus"), Operator.GREATER, 2), ["b"]),
        (Has(Attribute("host")), ["a", "b"]),
        (compare(Attribute("host"), Operator.LIKE, "h*"), ["a", "b"]),
    ],
)
def test_attributes_of_the_resource_are_found(
    telemetry: Telemetry, condition: Condition, names: list[str]
) -> None:
    put_spans(
        telemetry,
        a_span(1, name="a", resource_id=11),
        a_span(2, name="b", resource_id=12),
        a_span(3, name="c", resource_id=13),
    )
    resources = [
        a_resource(11, attr_str={"host": "h1"}),
        a_resource(12, attr_str={"host": "h2"}, attr_num={"cpus": 4.0}),
        a_resource(13, project_id=2, attr_str={"host": "h1"}),
    ]
    telemetry.put([block_of("resources", resources)], token="a")

    assert names_where(telemetry, condition) == names


def test_attributes_of_the_resource_are_shown_and_grouped(telemetry: Telemetry) -> None:
    put_spans(telemetry, *(a_span(n, name=str(n), resource_id=n % 3) for n in range(4)))
    resources = [a_resource(1, attr_str={"host": "h1"}), a_resource(2, attr_num={"host": 2.0})]
    telemetry.put([block_of("resources", resources)], token="a")

    shown = ask(telemetry, Field("span.name"), Attribute("host"))
    grouped = ask(telemetry, Attribute("host", TEXT), Aggregate(Function.COUNT))

    assert shown == [("0", None), ("1", "h1"), ("2", 2.0), ("3", None)]
    assert grouped == [("h1", 1), (None, 3)]


def test_an_attribute_that_rows_have_too_is_asked_of_the_rows(telemetry: Telemetry) -> None:
    key = row_of(
        "attribute_keys",
        project_id=1,
        dataset="spans",
        hour=NOON_NS // SECOND_NS,
        key="host",
        type="string",
        count=1,
    )
    put_spans(
        telemetry, a_span(1, name="a", attr_str={"host": "x"}), a_span(2, name="b", resource_id=5)
    )
    telemetry.put(
        [
            block_of("resources", [a_resource(5, attr_str={"host": "x"})]),
            block_of("attribute_keys", [key]),
        ],
        token="a",
    )

    assert names_where(telemetry, is_equal(Attribute("host"), "x")) == ["a"]
    assert names_where(telemetry, is_equal(Attribute("resource.host"), "x")) == ["b"]


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("a*", ["a%b", "a*b", "a\\b", "a_b", "axxb"]),
        ("a\\*b", ["a*b"]),
        ("a%b", ["a%b"]),
        ("a_b", ["a_b"]),
        ("a\\\\b", ["a\\b"]),
        ("A*B", ["a%b", "a*b", "a\\b", "a_b", "axxb"]),
        ("*", ["", "a%b", "a*b", "a\\b", "a_b", "axxb"]),
        ("*\\", []),
        ("", [""]),
        ("axxb", ["axxb"]),
        ("*x*", ["axxb"]),
    ],
)
def test_a_star_is_the_only_wildcard(telemetry: Telemetry, pattern: str, names: list[str]) -> None:
    all_names = ["", "a%b", "a*b", "a\\b", "a_b", "axxb"]
    put_spans(telemetry, *(a_span(n, name=name) for n, name in enumerate(all_names)))

    assert names_where(telemetry, compare(Field("span.name"), Operator.LIKE, pattern)) == names


def test_words_are_found_whatever_their_case(telemetry: Telemetry) -> None:
    put_spans(
        telemetry,
        a_span(1, name="SELECT Users"),
        a_span(2, name="x", description="delete from USERS"),
        a_span(3, name="users", description="something else"),
    )

    assert names_where(telemetry, Contains("users")) == ["SELECT Users", "x"]
    assert names_where(telemetry, Contains("%")) == []


def test_rows_are_sorted_by_several_keys_and_what_is_missing_stands_last(
    telemetry: Telemetry,
) -> None:
    put_spans(
        telemetry,
        a_span(1, op="a", attr_num={"n": 1.0}),
        a_span(2, op="b", attr_num={"n": 2.0}),
        a_span(3, op="b"),
        a_span(4, op="a", attr_num={"n": 3.0}),
    )
    n = Attribute("n", NUMBER)

    rising = ask(telemetry, Field("span.op"), n, order=(Order(Field("span.op")), Order(n)))
    falling = ask(telemetry, n, order=(Order(n, is_descending=True),))

    assert rising == [("a", 1.0), ("a", 3.0), ("b", 2.0), ("b", None)]
    assert falling == [(3.0,), (2.0,), (1.0,), (None,)]


def test_groups_are_counted_and_measured(telemetry: Telemetry) -> None:
    put_spans(
        telemetry,
        *(a_span(n, op="a", duration_ns=n, user_id=f"u{n % 2}") for n in range(1, 5)),
        a_span(9, op="b", duration_ns=100, start_time=NOON_NS + 7),
    )
    duration = Field("span.duration")
    functions = (Function.SUM, Function.AVG, Function.MIN, Function.MAX)

    rows = ask(
        telemetry,
        Field("span.op"),
        Aggregate(Function.COUNT),
        *(Aggregate(function, duration) for function in functions),
        Aggregate(Function.PERCENTILE, duration, 0.5),
        Aggregate(Function.COUNT_UNIQUE, Field("user.id")),
        Aggregate(Function.COUNT, Field("user.id")),
        Aggregate(Function.MAX, Field("timestamp")),
    )

    assert rows == [
        ("a", 4, 10, 2.5, 1, 4, 2, 2, 4, NOON_NS),
        ("b", 1, 100, 100.0, 100, 100, 100, 0, 0, NOON_NS + 7),
    ]


def test_measures_of_nothing_are_null_and_counts_of_nothing_are_zero(telemetry: Telemetry) -> None:
    n = Attribute("n", NUMBER)
    measures = (Function.SUM, Function.AVG, Function.MIN, Function.MAX)
    counts = [each for each in Function if each not in (*measures, Function.PERCENTILE)]

    empty = ask(
        telemetry,
        *(Aggregate(function, n) for function in (*measures, *counts)),
        Aggregate(Function.PERCENTILE, n, 0.9),
    )

    assert empty == [(*(None for _ in measures), *(0 for _ in counts), None)]


def test_groups_are_sorted_by_their_measures(telemetry: Telemetry) -> None:
    put_spans(telemetry, *(a_span(n, op=op) for n, op in enumerate(["a", "b", "b", "c", "c", "c"])))

    rows = ask(
        telemetry,
        Field("span.op"),
        Aggregate(Function.COUNT),
        order=(Order(Aggregate(Function.COUNT), is_descending=True),),
    )

    assert rows == [("c", 3), ("b", 2), ("a", 1)]


ROWS = RowQuestion(Dataset.SPANS, (1,), ALL_TIME, (Field("id"),))
DEEP: Condition = AllOf(())
for _ in range(30):
    DEEP = Not(DEEP)


@pytest.mark.parametrize(
    ("question", "says"),
    [
        (replace(ROWS, selected=(Field("nonsense"),)), "'nonsense'"),
        (replace(ROWS, where=Has(Field("x; DROP"))), "'x; DROP'"),
        (replace(ROWS, order=(Order(Field("nope")),)), "'nope'"),
        (replace(ROWS, selected=()), "1 to 250 columns"),
        (replace(ROWS, selected=(Field("id"),) * 251), "1 to 250 columns"),
        (replace(ROWS, row_count_max=10_001), "1 to 10000 rows"),
        (replace(ROWS, row_count_max=0), "1 to 10000 rows"),
        (replace(ROWS, row_offset=-1), "rows before"),
        (replace(ROWS, where=AllOf((Has(Field("id")),) * 201)), "200 conditions"),
        (replace(ROWS, where=DEEP), "deep"),
        (replace(ROWS, where=compare(Field("span.op"), Operator.EQUAL, 5)), "span.op is text"),
        (replace(ROWS, where=compare(Field("span.duration"), Operator.EQUAL, "x")), "a number"),
        (replace(ROWS, where=compare(Field("timestamp"), Operator.LIKE, "x")), "a time"),
        (replace(ROWS, where=Compare(Field("is_transaction"), Operator.LESS, (True,))), "true or"),
        (replace(ROWS, where=compare(Field("id"), Operator.EQUAL, 1)), "an id"),
        (replace(ROWS, where=compare(Field("id"), Operator.EQUAL)), "takes one value"),
        (replace(ROWS, where=compare(Field("id"), Operator.IN, *["a"] * 10_001)), "10000 values"),
        (replace(ROWS, where=Has(Attribute(""))), "1 to 1024 characters"),
        (replace(ROWS, where=Has(Attribute("k" * 1_025))), "1 to 1024 characters"),
        (replace(ROWS, where=Contains("x" * 5_000_000)), "bytes together"),
        (replace(ROWS, selected=(Aggregate(Function.AVG, Field("span.op")),)), "of numbers"),
        (replace(ROWS, selected=(Aggregate(Function.AVG),)), "needs a field"),
        (replace(ROWS, dataset=Dataset.OUTCOMES, selected=(Attribute("k"),)), "no attributes"),
        (
            replace(ROWS, selected=(Aggregate(Function.COUNT),), order=(Order(Field("id")),)),
            "select it as well",
        ),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused_with_a_sentence(
    telemetry: Telemetry, question: RowQuestion, says: str
) -> None:
    with pytest.raises(QuestionRefused, match=says):
        telemetry.rows(question)
