"""What is asked here is understood by the store's compiler."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.question import TimeRange
from vedette.query.events_table import TableRequest, meaning_of, table_question
from vedette.query.fields import MEANINGS, Kind
from vedette.query.paging import Page
from vedette.query.search import SearchError
from vedette.query.select import read_columns
from vedette.storage.telemetry.compile import compile_rows
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.tables.catalogue import TABLES

VALUE_OF_KIND = {
    Kind.ID: "1" * 32,
    Kind.NUMBER: ">1.5",
    Kind.INTEGER: "[1,2]",
    Kind.BOOLEAN: "true",
    Kind.DURATION: ">10ms",
    Kind.TIME: "-1h",
    Kind.SECONDS: ">2026-01-01",
    Kind.NANOSECONDS: "2026-01-01",
    Kind.PROJECT_SLUG: "[web,api]",
    Kind.TEXT: "[a,b*]",
    Kind.JSON: "*a*",
}
NAMES = [
    (dataset, name, field.kind)
    for dataset, meaning in MEANINGS.items()
    for name, field in meaning.fields.items()
]


def compiled(dataset: str, fields: list[str], search: str, sorts: list[str]) -> str:
    meaning = meaning_of(dataset)
    request = TableRequest(
        dataset=dataset,
        field_names=fields,
        search=search,
        sorts=sorts,
        project_slugs={7: "web"},
        time_range=TimeRange(0, 10**18),
        page=Page(0, 50),
        now_ns=10**18,
    )
    question = table_question(request, read_columns(fields, meaning), meaning)
    return compile_rows(question, TABLES[meaning.dataset], uses_index=True).text


@pytest.mark.parametrize(("dataset", "name", "kind"), NAMES)
def test_every_name_can_be_shown_grouped_sorted_and_searched(
    dataset: str, name: str, kind: Kind
) -> None:
    search = f'"{name}":{VALUE_OF_KIND[kind]} has:"{name}"'

    assert compiled(dataset, [name], search, [f"-{name}"]).startswith("SELECT")
    assert "GROUP BY" in compiled(dataset, [name, "count()"], search, [name])


@pytest.mark.parametrize(
    "search",
    [
        "http.response.status_code:500",
        "http.response.status_code:[200,500]",
        "http.response.status_code:>=500",
        "http.response.status_code:5*",
        "tags[http.response.status_code,string]:500",
        "http.response.status_code:never",
        "resource.host.name:web*",
        "my.key:true",
        "my.key:>5",
        r"my.key:a\*b*",
        "words OR (op:db !has:my.key)",
    ],
)
def test_attributes_can_be_asked_for_whatever_their_type(search: str) -> None:
    assert "WHERE" in compiled("spans", ["id", "my.key"], search, ["-my.key"])


@given(
    st.text(alphabet="ab:[]()!\"*\\,<>= OR.1%_{}'", max_size=50), st.sampled_from(sorted(MEANINGS))
)
def test_nothing_of_a_search_becomes_part_of_the_statement(search: str, dataset: str) -> None:
    text = ""
    try:
        text = compiled(dataset, ["project.id", "zqshown"], f"zqkey:zqvalue{search}", ["zqsorted"])
    except (SearchError, QuestionRefused):
        text = "refused"

    assert text
    assert "zq" not in text
