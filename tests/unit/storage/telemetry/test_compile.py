"""The text of composed SQL: what a client says stands in parameters alone."""

import pytest
from inline_snapshot import snapshot

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
    TimeRange,
    ValueType,
)
from vedette.storage.telemetry.compile import Statement, compile_rows
from vedette.storage.telemetry.conditions import INDEX_EXPRESSION
from vedette.storage.telemetry.migrate import index_definition
from vedette.storage.telemetry.tables.catalogue import TABLES

EVIL = "'; DROP TABLE spans; -- {p0:String} \\' ` \" %"


def compiled(
    *selected: Field | Attribute | Aggregate,
    where: Condition = AllOf(()),  # noqa: B008 - a frozen noun
    dataset: Dataset = Dataset.SPANS,
    order: tuple[Order, ...] = (),
    uses_index: bool = False,
) -> Statement:
    question = RowQuestion(dataset, (1, 2), TimeRange(10, 20), selected, where, order)
    return compile_rows(question, TABLES[dataset], uses_index=uses_index)


def test_a_list_of_rows() -> None:
    statement = compiled(
        Field("id"),
        Field("span.description"),
        Field("timestamp"),
        where=Compare(Field("span.op"), Operator.EQUAL, ("db",)),
        order=(Order(Field("timestamp"), is_descending=True),),
    )

    assert statement.text == snapshot("""\
SELECT
  lower(hex(span_id)) AS c0,
  if(description != '', description, name) AS c1,
  toUnixTimestamp64Nano(toDateTime64(start_time, 9, 'UTC')) AS c2
FROM spans
WHERE project_id IN {p0:Array(UInt32)}
  AND toStartOfTenMinutes(start_time) >= toStartOfTenMinutes(fromUnixTimestamp64Nano({p1:Int64}, 'UTC'))
  AND toStartOfTenMinutes(start_time) <= toStartOfTenMinutes(fromUnixTimestamp64Nano({p2:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({p1:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({p2:Int64}, 'UTC')
  AND (op = {p3:String})
ORDER BY start_time DESC NULLS LAST
LIMIT {p4:UInt64} OFFSET {p5:UInt64}\
""")  # noqa: E501 - SQL as it is composed
    assert statement.parameters == snapshot(
        {"p0": (1, 2), "p1": 10, "p2": 20, "p3": "db", "p4": 101, "p5": 0}
    )


def test_groups() -> None:
    statement = compiled(
        Field("span.op"),
        Aggregate(Function.COUNT),
        Aggregate(Function.PERCENTILE, Field("span.duration"), 0.95),
        Aggregate(Function.COUNT_UNIQUE, Field("user.id")),
        dataset=Dataset.SPANS,
        order=(Order(Aggregate(Function.COUNT), is_descending=True),),
    )

    assert statement.text == snapshot("""\
SELECT
  op AS c0,
  count() AS c1,
  quantileTDigestOrNull(0.95)(duration_ns) AS c2,
  uniqIf(tuple(user_id), (user_id != '')) AS c3
FROM spans
WHERE project_id IN {p0:Array(UInt32)}
  AND toStartOfTenMinutes(start_time) >= toStartOfTenMinutes(fromUnixTimestamp64Nano({p1:Int64}, 'UTC'))
  AND toStartOfTenMinutes(start_time) <= toStartOfTenMinutes(fromUnixTimestamp64Nano({p2:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({p1:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({p2:Int64}, 'UTC')
GROUP BY c0
ORDER BY c1 DESC NULLS LAST
LIMIT {p3:UInt64} OFFSET {p4:UInt64}\
""")  # noqa: E501 - SQL as it is composed


def test_every_kind_of_condition() -> None:
    statement = compiled(
        Field("id"),
        where=AllOf(
            (
                AnyOf((Has(Field("user.id")), Not(Has(Attribute("k"))))),
                Compare(Attribute("n", ValueType.NUMBER), Operator.GREATER, (5,)),
                Compare(Field("span.name"), Operator.NOT_LIKE, ("a*b",)),
                Compare(Field("trace"), Operator.IN, ("a" * 32, "b" * 32)),
                Compare(Attribute("resource.host"), Operator.EQUAL, ("h",)),
                Contains("words"),
            )
        ),
    )

    assert statement.text == snapshot("""\
SELECT
  lower(hex(span_id)) AS c0
FROM spans
WHERE project_id IN {p0:Array(UInt32)}
  AND toStartOfTenMinutes(start_time) >= toStartOfTenMinutes(fromUnixTimestamp64Nano({p1:Int64}, 'UTC'))
  AND toStartOfTenMinutes(start_time) <= toStartOfTenMinutes(fromUnixTimestamp64Nano({p2:Int64}, 'UTC'))
  AND start_time >= fromUnixTimestamp64Nano({p1:Int64}, 'UTC')
  AND start_time < fromUnixTimestamp64Nano({p2:Int64}, 'UTC')
  AND (((user_id != '') OR (NOT ((attr_str[{p3:String}] != '') OR mapContains(attr_num, {p3:String}) OR mapContains(attr_bool, {p3:String})))) AND (mapContains(attr_num, {p4:String}) AND ifNull((attr_num[{p4:String}] > {p5:Int64}), false)) AND (NOT (name ILIKE {p6:String})) AND (trace_id IN arrayMap(id -> toFixedString(unhex(id), 16), {p7:Array(String)})) AND (resource_id IN (SELECT resource_id FROM resources WHERE project_id IN {p0:Array(UInt32)} AND (attr_str[{p8:String}] = {p9:String}))) AND (positionCaseInsensitiveUTF8(if(description != '', description, name), {p10:String}) > 0))
LIMIT {p11:UInt64} OFFSET {p12:UInt64}\
""")  # noqa: E501 - SQL as it is composed


def test_an_attribute_of_any_type_is_one_column_of_three_parts() -> None:
    statement = compiled(Attribute("k"), Attribute("http.method"), Attribute("k", ValueType.NUMBER))

    any_type, *others = statement.text.splitlines()[1:4]
    assert any_type.startswith("  tuple(if(mapContains(attr_str, {p1:String}), ")
    assert others == snapshot(
        [
            "  nullIf(http_method, '') AS c1,",
            "  if(mapContains(attr_num, {p1:String}), attr_num[{p1:String}], NULL) AS c2",
        ]
    )
    assert statement.of_many_types == {0}


def test_equality_of_an_attribute_is_asked_of_the_index_where_there_is_one() -> None:
    where = Compare(Attribute("k", ValueType.STRING), Operator.EQUAL, ("v",))

    indexed = compiled(Field("id"), where=where, uses_index=True)

    assert f"AND has({INDEX_EXPRESSION}, {{p4:String}})" in indexed.text
    assert indexed.parameters["p4"] == "k=v"
    assert "has(" not in compiled(Field("id"), where=where).text


def test_the_index_is_made_of_the_very_expression_that_is_asked() -> None:
    assert index_definition().startswith(INDEX_EXPRESSION + " TYPE text")


def test_a_key_with_an_equals_sign_is_told_from_a_value_with_one() -> None:
    where = Compare(Attribute("a=b", ValueType.STRING), Operator.EQUAL, ("c",))

    assert "attr_str[{" in compiled(Field("id"), where=where, uses_index=True).text


@pytest.mark.parametrize(
    "where",
    [
        Compare(Field("span.name"), Operator.EQUAL, (EVIL,)),
        Compare(Field("span.name"), Operator.LIKE, (EVIL,)),
        Compare(Field("span.name"), Operator.IN, (EVIL, "x")),
        Compare(Field("trace"), Operator.EQUAL, (EVIL,)),
        Compare(Field("trace"), Operator.LIKE, (EVIL,)),
        Compare(Attribute(EVIL), Operator.EQUAL, (EVIL,)),
        Compare(Attribute(EVIL, ValueType.NUMBER), Operator.LESS, (5,)),
        Compare(Attribute(f"resource.{EVIL}"), Operator.EQUAL, (EVIL,)),
        Has(Attribute(EVIL)),
        Contains(EVIL),
    ],
)
@pytest.mark.parametrize("uses_index", [False, True])
def test_nothing_that_a_client_says_stands_in_the_text(
    where: Condition, *, uses_index: bool
) -> None:
    statement = compiled(
        Field("id"),
        Attribute(EVIL),
        Aggregate(Function.COUNT_UNIQUE, Attribute(EVIL)),
        where=where,
        order=(Order(Attribute(EVIL)),),
        uses_index=uses_index,
    )

    assert "DROP" not in statement.text
    assert any("DROP" in str(value) for value in statement.parameters.values())


def test_columns_are_named_as_the_port_promises() -> None:
    statement = compiled(
        Field("id"),
        Attribute("k"),
        Aggregate(Function.COUNT),
        Aggregate(Function.SUM, Field("sample_rate")),
    )

    assert statement.names == ("id", "k", "count()", "sum(sample_rate)")
