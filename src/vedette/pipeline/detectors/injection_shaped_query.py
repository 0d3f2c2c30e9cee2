"""A value of the request stands in the text of a query: what a stranger writes, the database runs.

Values that went through a parameter are not in the text, so that whatever is there was put there.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from vedette.model.finding import Finding
from vedette.pipeline.detectors.detector import Explanation, Sign, make_detector
from vedette.pipeline.detectors.make_finding import make_finding
from vedette.pipeline.detectors.n_plus_one_query import DETECTOR as N_PLUS_ONE
from vedette.pipeline.detectors.queries import queries_by_segment
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

KIND: Final = "injection_shaped_query"
PAIR_COUNT_MAX: Final = 50
_WORDS: Final = frozenset(
    {"select", "where", "order", "asc", "desc", "and", "null", "true", "false"}
)
_INLINING: Final = ("sequelize", "typeorm", "gorm", "mikro-orm", "go-sql-driver")
"""These put values into the text themselves, escaped."""


@dataclass(frozen=True, slots=True)
class InjectionSettings:
    """Which values count."""

    value_length_min: int = 3


def find_injections(tree: TraceTree, settings: InjectionSettings) -> Iterable[Finding]:
    """Return queries that hold a value of the request's address as a literal."""
    for segment, queries in queries_by_segment(tree).items():
        given = {
            name: value
            for name, value in _given(tree.spans[segment])
            if len(value) >= settings.value_length_min
            and value != name
            and value.lower() not in _WORDS
            and not value.isdigit()
        }
        told: set[str] = set()
        for query in queries:
            text = query.text
            is_asked = query.shape.startswith("select") and " where " in f" {query.shape} "
            is_inlining = any(
                each in query.span.origin + query.span.scope_name for each in _INLINING
            )
            if not given or not is_asked or is_inlining or query.shape in told:
                continue
            names = [name for name, value in given.items() if f"'{value}" in text and name in text]
            if names:
                told.add(query.shape)
                yield make_finding(
                    KIND,
                    tree,
                    segment,
                    [query.span],
                    title="Value of the request in a query",
                    subject=query.shape,
                    lost_ns=0,
                    evidence={"query": query.shape, "parameters": ", ".join(names)},
                )


def _given(segment: SeenSpan) -> list[tuple[str, str]]:
    query = segment.text("url.query", "http.query").removeprefix("?")
    if not query:
        address = segment.text("url.full", "http.url", "http.target", "request.url")
        try:
            query = urlsplit(address).query
        except ValueError:
            return []
    try:
        return parse_qsl(query, max_num_fields=PAIR_COUNT_MAX)
    except ValueError:
        return []


DETECTOR: Final = make_detector(
    kind=KIND,
    category="database",
    title="Value of the request in a query",
    explanation=Explanation(
        what="A value that came with the request stands in the text of a query.",
        why="Whoever writes the request may write SQL: data can be read and destroyed.",
        how="Pass values as parameters ($1, ?, %s), never by putting texts together.",
    ),
    settings=InjectionSettings(),
    sign=Sign(where=N_PLUS_ONE.sign.where, count_min=1),
    find=find_injections,
)
