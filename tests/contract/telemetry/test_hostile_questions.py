"""Questions that are meant to hurt: a clear refusal, or an answer within bounds."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

from tests.fakes.telemetry_rows import DAY_NS, NOON_NS, a_span, block_of
from vedette.model.json_value import JsonValue
from vedette.model.question import TimeRange
from vedette.query.events_table import TableRequest, ask_table
from vedette.query.paging import Page
from vedette.query.refusal import QuestionWrong
from vedette.query.search import SearchError
from vedette.query.series import SeriesRequest, ask_series
from vedette.storage.telemetry.chdb_store import ChdbTelemetry, EngineLimits, open_telemetry
from vedette.storage.telemetry.port import QuestionRefused

if TYPE_CHECKING:
    from pathlib import Path

ROW_COUNT_MAX = 8_000
YEAR = TimeRange(NOON_NS - 365 * DAY_NS, NOON_NS + DAY_NS)
ODD_KEYS = [
    "it's",
    'say "hi"',
    "`back`",
    "{p0:String}",
    "a\\b",
    "'; DROP TABLE spans; --",
    "schlüssel.😀",
    "a[b](c),d:e",
    "%_*",
]


@pytest.fixture(scope="module")
def telemetry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ChdbTelemetry]:
    """A span with odd attributes and a long description, and a thousand more like it."""
    folder: Path = tmp_path_factory.mktemp("hostile")
    limits = EngineLimits(query_row_count_max=ROW_COUNT_MAX)
    engine = open_telemetry(folder / "t", limits, has_attribute_index=True)
    odd = dict.fromkeys(ODD_KEYS, "odd value's")
    spans = [
        a_span(number, description="a" * 20_000 if number == 1 else "short", attr_str=odd)
        for number in range(1, 1_001)
    ]
    engine.put([block_of("spans", spans)], token="1")
    many = [a_span(number, project_id=2) for number in range(2 * ROW_COUNT_MAX)]
    engine.put([block_of("spans", many)], token="2")
    yield engine
    engine.close()


def rows(
    telemetry: ChdbTelemetry, search: str, *fields: str, project_id: int = 1
) -> list[dict[str, JsonValue]]:
    request = TableRequest(
        dataset="spans",
        field_names=fields or ("id",),
        search=search,
        sorts=(),
        project_slugs={project_id: "web"},
        time_range=YEAR,
        page=Page(0, 10),
        now_ns=NOON_NS,
    )
    return ask_table(telemetry, request).rows


@pytest.mark.parametrize(
    "search",
    [
        pytest.param(" OR ".join(f"k:{n}" for n in range(10_000)), id="10,000 conditions"),
        pytest.param(" OR ".join(f"k:{n}" for n in range(300)), id="300 conditions"),
        pytest.param("(" * 5_000, id="5,000 parentheses"),
        pytest.param("(" * 100 + "a:b" + ")" * 100, id="100 parentheses with something inside"),
        pytest.param("!" * 5_000, id="5,000 negations"),
        pytest.param(f"k:[{','.join(map(str, range(1_500)))}]", id="a list of 1,500"),
        pytest.param("x" * 10_000, id="a very long word"),
        pytest.param(f"{'k' * 2_000}:x", id="a very long key"),
        pytest.param(f"span.duration:>{'9' * 400}s", id="a very large number"),
    ],
)
def test_what_is_too_large_is_refused_with_a_sentence(
    telemetry: ChdbTelemetry, search: str
) -> None:
    with pytest.raises((SearchError, QuestionWrong, QuestionRefused)) as caught:
        rows(telemetry, search)

    assert str(caught.value)


def test_conditions_that_alternate_deeply_are_refused(telemetry: ChdbTelemetry) -> None:
    search = "a:1"
    for _ in range(25):
        search = f"(b:2 OR (c:3 {search}))"

    with pytest.raises((SearchError, QuestionRefused)):
        rows(telemetry, search)


@pytest.mark.parametrize(
    ("pattern", "count"),
    [("*a" * 2_000, 1), ("*a" * 2_000 + "b", 0), ("*" * 4_000, 10), ("a*" * 2_000 + "*b", 0)],
)
def test_a_catastrophic_wildcard_is_answered(
    telemetry: ChdbTelemetry, pattern: str, count: int
) -> None:
    assert len(rows(telemetry, f"span.description:{pattern}")) == count


@pytest.mark.parametrize("key", ODD_KEYS)
def test_an_attribute_of_any_name_is_found_shown_and_grouped(
    telemetry: ChdbTelemetry, key: str
) -> None:
    quoted = key.replace("\\", "\\\\").replace('"', '\\"').replace("*", "\\*")

    found = rows(telemetry, f'"{quoted}":"odd value\'s"', key, "count()")

    assert found == [{key: "odd value's", "count()": 1_000}]


@pytest.mark.parametrize("interval", ["1s", "1m"])
def test_a_year_in_short_steps_is_refused(telemetry: ChdbTelemetry, interval: str) -> None:
    request = SeriesRequest(
        "spans", ("count()",), "", {1: "web"}, YEAR, NOON_NS + DAY_NS, interval=interval
    )

    with pytest.raises(QuestionWrong, match="too many results"):
        ask_series(telemetry, request)


def test_a_question_that_reads_too_much_says_what_to_narrow(telemetry: ChdbTelemetry) -> None:
    with pytest.raises(QuestionRefused, match="ask for less time or add conditions"):
        rows(telemetry, "", "span.op", "count()", project_id=2)
