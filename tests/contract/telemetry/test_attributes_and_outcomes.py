"""Names and values of attributes, and sums of outcomes, on every adapter."""

import pytest

from tests.contract.telemetry.asking import ALL_TIME
from tests.fakes.telemetry_rows import (
    NOON_NS,
    SECOND_NS,
    a_resource,
    a_span,
    an_error,
    block_of,
    row_of,
)
from vedette.model.question import (
    Attribute,
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    Dataset,
    Field,
    OutcomeQuestion,
    Subject,
    TimeRange,
    ValueType,
)
from vedette.storage.telemetry.port import QuestionRefused, Telemetry

HOUR_S = NOON_NS // SECOND_NS
MINUTE_NS = 60 * SECOND_NS


def a_key(key: str, count: int, **given: object) -> dict[str, object]:
    return row_of(
        "attribute_keys",
        **{
            "project_id": 1,
            "dataset": "spans",
            "hour": HOUR_S,
            "key": key,
            "type": "string",
            "count": count,
            **given,
        },
    )


def an_outcome(quantity: int, **given: object) -> dict[str, object]:
    return row_of(
        "outcomes",
        **{
            "project_id": 1,
            "minute": HOUR_S,
            "category": "error",
            "outcome": "accepted",
            "quantity": quantity,
            **given,
        },
    )


def test_attribute_names_come_most_frequent_first(telemetry: Telemetry) -> None:
    keys = [a_key("b", 5), a_key("a", 2), a_key("b", 1), a_key("n", 9, type="number")]
    telemetry.put([block_of("attribute_keys", keys)], token="a")

    answer = telemetry.attribute_keys(AttributeKeysQuestion(Dataset.SPANS, (1,), ALL_TIME))

    assert answer.names == ("key", "type", "count")
    assert answer.columns == (("n", "b", "a"), ("number", "string", "string"), (9, 6, 2))


def test_attribute_names_are_those_of_project_dataset_and_time(telemetry: Telemetry) -> None:
    keys = [
        a_key("here", 1),
        a_key("other_project", 1, project_id=2),
        a_key("other_dataset", 1, dataset="logs"),
        a_key("before", 1, hour=HOUR_S - 3_600),
        a_key("after", 1, hour=HOUR_S + 3_600),
    ]
    telemetry.put([block_of("attribute_keys", keys)], token="a")
    minute = TimeRange(NOON_NS + 5 * MINUTE_NS, NOON_NS + 6 * MINUTE_NS)

    answer = telemetry.attribute_keys(AttributeKeysQuestion(Dataset.SPANS, (1,), minute))

    assert answer.columns[0] == ("here",)
    nothing = telemetry.attribute_keys(AttributeKeysQuestion(Dataset.SPANS, (), minute))
    assert nothing.row_count == 0


def test_attribute_names_are_found_by_a_part_of_them(telemetry: Telemetry) -> None:
    keys = [a_key("http.url", 1), a_key("URL_path", 1), a_key("u%", 1)]
    telemetry.put([block_of("attribute_keys", keys)], token="a")

    def find(part: str) -> list[str]:
        question = AttributeKeysQuestion(Dataset.SPANS, (1,), ALL_TIME, part)
        return sorted(str(key) for key in telemetry.attribute_keys(question).columns[0])

    assert find("url") == ["URL_path", "http.url"]
    assert find("%") == ["u%"]
    assert find("u*l") == []


def test_attribute_names_of_resources_are_names_too(telemetry: Telemetry) -> None:
    resource = a_resource(1, attr_str={"host.name": "h"}, attr_num={"cpus": 2.0})
    telemetry.put([block_of("resources", [resource])], token="a")

    answer = telemetry.attribute_keys(AttributeKeysQuestion(Dataset.LOGS, (1,), ALL_TIME))

    assert sorted(answer.columns[0]) == ["cpus", "host.name"]  # type: ignore[type-var] # texts


def test_names_of_tags_are_those_that_errors_have(telemetry: Telemetry) -> None:
    rows = [an_error(1, tags={"a": "1", "b": "2"}), an_error(2, tags={"a": "3"})]
    telemetry.put([block_of("errors", rows)], token="a")

    answer = telemetry.attribute_keys(AttributeKeysQuestion(Dataset.ERRORS, (1,), ALL_TIME))

    assert answer.columns == (("a", "b"), ("string", "string"), (2, 1))


def test_more_names_than_asked_for_are_cut(telemetry: Telemetry) -> None:
    keys = [a_key(name, 1) for name in "abc"]
    telemetry.put([block_of("attribute_keys", keys)], token="a")

    answer = telemetry.attribute_keys(
        AttributeKeysQuestion(Dataset.SPANS, (1,), ALL_TIME, row_count_max=2)
    )

    assert (answer.row_count, answer.was_cut) == (2, True)


@pytest.mark.parametrize(
    ("subject", "values"),
    [
        (Field("span.op"), [("db", 2), ("http", 1)]),
        (Attribute("k"), [("x", 2), (5.0, 1)]),
        (Attribute("k", ValueType.NUMBER), [(5.0, 1)]),
        (Attribute("missing"), []),
        (Field("user.id"), []),
    ],
)
def test_values_come_most_frequent_first(
    telemetry: Telemetry, subject: Subject, values: list[tuple[object, int]]
) -> None:
    spans = [
        a_span(1, op="db", attr_str={"k": "x"}),
        a_span(2, op="db", attr_str={"k": "x"}, start_time=NOON_NS + 9),
        a_span(3, op="http", attr_num={"k": 5.0}),
        a_span(4, op="other", project_id=2),
    ]
    telemetry.put([block_of("spans", spans)], token="a")

    answer = telemetry.attribute_values(
        AttributeValuesQuestion(Dataset.SPANS, (1,), ALL_TIME, subject)
    )

    assert answer.names == ("value", "count", "first_seen", "last_seen")
    assert list(zip(answer.columns[0], answer.columns[1], strict=True)) == values


def test_values_say_when_they_were_seen(telemetry: Telemetry) -> None:
    spans = [a_span(n, op="db", start_time=NOON_NS + n) for n in range(3)]
    telemetry.put([block_of("spans", spans)], token="a")

    answer = telemetry.attribute_values(
        AttributeValuesQuestion(Dataset.SPANS, (1,), ALL_TIME, Field("span.op"))
    )

    assert answer.columns[2:] == ((NOON_NS,), (NOON_NS + 2,))


def test_values_are_found_by_a_part_of_them(telemetry: Telemetry) -> None:
    spans = [a_span(n, name=name) for n, name in enumerate(["GET /a", "get /b", "post", "100%"])]
    telemetry.put([block_of("spans", spans)], token="a")

    def find(part: str) -> list[str]:
        question = AttributeValuesQuestion(
            Dataset.SPANS, (1,), ALL_TIME, Field("span.name"), part_of_value=part
        )
        return sorted(str(value) for value in telemetry.attribute_values(question).columns[0])

    assert find("GET") == ["GET /a", "get /b"]
    assert find("%") == ["100%"]


def test_values_of_an_unknown_field_are_refused(telemetry: Telemetry) -> None:
    question = AttributeValuesQuestion(Dataset.SPANS, (1,), ALL_TIME, Field("nonsense"))

    with pytest.raises(QuestionRefused, match="nonsense"):
        telemetry.attribute_values(question)


def test_too_many_names_or_values_are_refused(telemetry: Telemetry) -> None:
    for count in (0, 10_001):
        keys = AttributeKeysQuestion(Dataset.SPANS, (1,), ALL_TIME, row_count_max=count)
        values = AttributeValuesQuestion(
            Dataset.SPANS, (1,), ALL_TIME, Field("id"), row_count_max=count
        )
        with pytest.raises(QuestionRefused, match="rows"):
            telemetry.attribute_keys(keys)
        with pytest.raises(QuestionRefused, match="rows"):
            telemetry.attribute_values(values)


def test_outcomes_are_summed_by_what_is_asked(telemetry: Telemetry) -> None:
    rows = [
        an_outcome(2),
        an_outcome(3),
        an_outcome(5, outcome="invalid", reason="too_large"),
        an_outcome(7, category="span", key_id=4),
        an_outcome(11, project_id=2),
        an_outcome(13, project_id=3),
    ]
    telemetry.put([block_of("outcomes", rows)], token="a")

    def sums(*group_by: str) -> list[tuple[object, ...]]:
        answer = telemetry.outcomes(OutcomeQuestion((1, 2), ALL_TIME, group_by))
        assert answer.names == (*group_by, "quantity")
        return sorted(zip(*answer.columns, strict=True))

    assert sums() == [(28,)]
    assert sums("project") == [(1, 17), (2, 11)]
    assert sums("category", "outcome", "reason") == [
        ("error", "accepted", "", 16),
        ("error", "invalid", "too_large", 5),
        ("span", "accepted", "", 7),
    ]
    assert sums("key") == [(0, 21), (4, 7)]


def test_outcomes_are_summed_by_steps_of_time(telemetry: Telemetry) -> None:
    minutes = [0, 1, 2, 3]
    rows = [an_outcome(1, minute=HOUR_S + 60 * minute) for minute in minutes]
    telemetry.put([block_of("outcomes", rows)], token="a")
    until = TimeRange(NOON_NS, NOON_NS + 3 * MINUTE_NS)

    answer = telemetry.outcomes(OutcomeQuestion((1,), until, ("outcome",), interval_s=120))

    assert answer.names == ("outcome", "time", "quantity")
    assert answer.columns[1:] == ((NOON_NS, NOON_NS + 2 * MINUTE_NS), (2, 1))


def test_no_outcomes_are_no_rows(telemetry: Telemetry) -> None:
    assert telemetry.outcomes(OutcomeQuestion((1,), ALL_TIME, ())).row_count == 0
    assert telemetry.outcomes(OutcomeQuestion((), ALL_TIME, ("project",))).row_count == 0


def test_outcomes_by_something_unknown_are_refused(telemetry: Telemetry) -> None:
    with pytest.raises(QuestionRefused, match="'quantity; DROP'"):
        telemetry.outcomes(OutcomeQuestion((1,), ALL_TIME, ("quantity; DROP",)))
    with pytest.raises(QuestionRefused, match="one second"):
        telemetry.outcomes(OutcomeQuestion((1,), ALL_TIME, (), interval_s=0))
