"""Whatever a client names, in whichever place: it stands in parameters, never in a statement."""

import contextlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias, cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vedette.model.question import (
    AttributeKeysQuestion,
    AttributeValuesQuestion,
    TimeRange,
)
from vedette.query.differences import DifferenceRequest, ask_differences
from vedette.query.events_table import TableRequest, ask_table, in_environments
from vedette.query.exemplars import ExemplarRequest, ask_exemplars
from vedette.query.facets import FacetRequest, ask_facets
from vedette.query.fields import MEANINGS
from vedette.query.heatmap import HeatmapRequest, ask_heatmap
from vedette.query.paging import Page
from vedette.query.refusal import QuestionWrong
from vedette.query.search import SearchError
from vedette.query.series import SeriesRequest, ask_series
from vedette.query.subject import read_subject
from vedette.storage.telemetry.attribute_reader import AttributeReader
from vedette.storage.telemetry.port import QuestionRefused, TelemetryReader
from vedette.storage.telemetry.reader import RowReader
from vedette.storage.telemetry.value_counts import ValueCountReader

if TYPE_CHECKING:
    from collections.abc import Mapping

    from vedette.storage.telemetry.engine import Engine, Parameter

MARK = "zq"
DAY_NS = 86_400 * 10**9
NOW_NS = 20_000 * DAY_NS
WHEN = TimeRange(NOW_NS - DAY_NS, NOW_NS)
SLUGS = {7: "web"}
REFUSALS = (QuestionWrong, SearchError, QuestionRefused)


@dataclass
class HearingEngine:
    """Hears statements and answers that there is much, and nothing of it."""

    heard: list[str] = field(default_factory=list)

    def ask(
        self,
        sql: str,
        parameters: "Mapping[str, Parameter] | None" = None,  # noqa: ARG002 - the engine's face
        *,
        settings: str = "",
        form: str = "JSONCompactColumns",  # noqa: ARG002 - the engine's face
    ) -> bytes:
        self.heard.append(sql + settings)
        return b"[[90000000],[90000000]]" if sql.startswith("SELECT countIf(") else b"[]"


class HearingTelemetry(RowReader, ValueCountReader, AttributeReader):
    """The readers of the engine, without the engine."""

    def __init__(self) -> None:
        self.engine = HearingEngine()
        RowReader.__init__(self, cast("Engine", self.engine), has_attribute_index=True)


Asking: TypeAlias = Callable[[TelemetryReader, str, str], object]


TABLE = TableRequest("spans", ("count()",), "", (), SLUGS, WHEN, Page(0, 10), NOW_NS)
SERIES = SeriesRequest("spans", ("count()",), "", SLUGS, WHEN, NOW_NS)


def table(reader: TelemetryReader, dataset: str, **given: Any) -> object:
    return ask_table(reader, replace(TABLE, dataset=dataset, is_extrapolated=True, **given))


def series(reader: TelemetryReader, dataset: str, **given: Any) -> object:
    return ask_series(reader, replace(SERIES, dataset=dataset, **given))


def values(reader: TelemetryReader, dataset: str, key: str) -> object:
    subject, _ = read_subject(key, MEANINGS[dataset])
    question = AttributeValuesQuestion(
        MEANINGS[dataset].dataset, (7,), WHEN, subject, part_of_value=key
    )
    return reader.attribute_values(question)


PLACES: dict[str, Asking] = {
    "field": lambda reader, dataset, text: table(reader, dataset, field_names=(text, "id")),
    "attribute": lambda reader, dataset, text: table(
        reader, dataset, field_names=(f"tags[{text},number]",)
    ),
    "argument": lambda reader, dataset, text: table(
        reader, dataset, field_names=(f"count_unique({text})", f"avg({text})")
    ),
    "condition of a function": lambda reader, dataset, text: table(
        reader, dataset, field_names=(f"count_if({text},equals,{text})",)
    ),
    "equation": lambda reader, dataset, text: table(
        reader, dataset, field_names=(f"equation|count({text}) * 2",)
    ),
    "sort": lambda reader, dataset, text: table(
        reader, dataset, field_names=("timestamp",), sorts=(text,)
    ),
    "sort of groups": lambda reader, dataset, text: table(
        reader, dataset, field_names=(text, "count()"), sorts=(f"-{text}",)
    ),
    "query": lambda reader, dataset, text: table(reader, dataset, search=text),
    "key": lambda reader, dataset, text: table(reader, dataset, search=f'"{text}":>5 has:"{text}"'),
    "value": lambda reader, dataset, text: table(reader, dataset, search=f'k:"{text}"'),
    "function in a query": lambda reader, dataset, text: table(
        reader, dataset, search=f"count({text}):>5"
    ),
    "environment": lambda reader, dataset, text: table(
        reader, dataset, where=in_environments([text])
    ),
    "yAxis": lambda reader, dataset, text: series(
        reader, dataset, axes=(f"count({text})", "p95(k)")
    ),
    "interval": lambda reader, dataset, text: series(reader, dataset, interval=text),
    "groupBy": lambda reader, dataset, text: series(
        reader, dataset, group_by=(text,), group_count=3, sorts=("-count()",)
    ),
    "facet": lambda reader, dataset, text: ask_facets(
        reader, FacetRequest(dataset, f'k:"{text}"', SLUGS, WHEN, NOW_NS, keys=(text,))
    ),
    "selection": lambda reader, dataset, text: ask_differences(
        reader, DifferenceRequest(dataset, f'k:"{text}"', text, SLUGS, WHEN, NOW_NS)
    ),
    "heatmap": lambda reader, dataset, text: ask_heatmap(
        reader, HeatmapRequest(SeriesRequest(dataset, (), "", SLUGS, WHEN, NOW_NS), text)
    ),
    "exemplars": lambda reader, dataset, text: ask_exemplars(
        reader, ExemplarRequest(dataset, f"max({text})", "", SLUGS, WHEN, NOW_NS)
    ),
    "part of a name": lambda reader, dataset, text: reader.attribute_keys(
        AttributeKeysQuestion(MEANINGS[dataset].dataset, (7,), WHEN, part_of_name=text)
    ),
    "name and part of a value": values,
}
EVIL = st.lists(
    st.sampled_from(
        [
            *(
                "'",
                '"',
                "`",
                "\\",
                "{",
                "}",
                "{p0:String}",
                ";",
                "--",
                "/*",
                "*/",
                "(",
                ")",
                "[",
                "]",
            ),
            *(" ", "\n", "\0", "%", "*", "=", ",", "|", ":", "é", "😀", "\ud800", "0x", "5", "a"),
            "'; DROP TABLE spans; --",
        ]
    ),
    max_size=6,
).map("".join)


@pytest.mark.parametrize("place", PLACES)
@settings(max_examples=12, deadline=None)
@given(before=EVIL, after=EVIL, dataset=st.sampled_from(sorted(MEANINGS)))
def test_a_text_in_any_place_is_never_part_of_a_statement(
    place: str, before: str, after: str, dataset: str
) -> None:
    telemetry = HearingTelemetry()

    with contextlib.suppress(*REFUSALS):
        PLACES[place](cast("TelemetryReader", telemetry), dataset, f"{before}{MARK}{after}")

    assert [sql for sql in telemetry.engine.heard if MARK in sql] == []


@pytest.mark.parametrize("place", sorted(PLACES.keys() - {"interval"}))
def test_a_plain_text_in_the_same_place_reaches_the_engine(place: str) -> None:
    telemetry = HearingTelemetry()

    PLACES[place](cast("TelemetryReader", telemetry), "spans", f"my.{MARK}")

    assert telemetry.engine.heard
