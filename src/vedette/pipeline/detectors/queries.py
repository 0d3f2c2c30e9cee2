"""The database queries of a trace: one for each that ran, however many spans tell of it.

Instrumentations differ: a pool tells of every connection it hands out, a driver of sessions and
rows, and a mapper and its driver both of the same query. What is wanted is the queries.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from vedette.pipeline.detectors.query_shape import query_shape
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

_CONNECTION_NAMES: Final = frozenset(
    {
        "connect",
        "pg.connect",
        "pg-pool.connect",
        "sql.conn.reset_session",
        "sql.conn.ping",
        "sql.conn.begin_tx",
        "sql.connector.connect",
        "sql.rows",
        "prisma:engine:connection",
    }
)
_KEY_STORES: Final = frozenset({"redis", "memcached", "valkey"})
_SELF_QUESTIONS: Final = (
    "select pg_catalog.version(",
    "select current_schema(",
    "show ",
    "select version(",
    "set ",
)
"""What drivers ask when they connect."""


@dataclass(frozen=True, slots=True)
class Query:
    """One query, as the outermost of the spans that tell of it saw it."""

    place: int
    """Of the span in the trace."""
    span: SeenSpan
    text: str
    shape: str
    is_key_store: bool


def is_database_span(span: SeenSpan) -> bool:
    """Tell whether a span speaks of a database at all."""
    return (
        span.op == "db"
        or span.op.startswith("db.")
        or bool(span.text("db.system.name", "db.system"))
    )


def query_of(place: int, span: SeenSpan) -> Query | None:
    """Return the query that a span tells of; None if it tells of none."""
    if not is_database_span(span) or span.name in _CONNECTION_NAMES:
        return None
    if span.description in _CONNECTION_NAMES or span.op.startswith("db.connection"):
        return None
    text = span.text("db.query.text", "db.statement") or (
        span.description if span.op.startswith("db") else ""
    )
    system = span.text("db.system.name", "db.system")
    is_key_store = system in _KEY_STORES or span.op == "db.redis"
    text = text or span.text("db.query.summary") or (span.name if is_key_store else "")
    shape = query_shape(text)
    if not shape or shape.startswith(_SELF_QUESTIONS):
        return None
    return Query(place, span, text, shape, is_key_store)


@lru_cache(maxsize=2)  # one trace is asked for by many detectors, one after the other
def queries_by_segment(tree: TraceTree) -> dict[int, list[Query]]:
    """Return the queries of each request or job, in the order of their start."""
    found: dict[int, list[Query]] = defaultdict(list)
    for place, span in enumerate(tree.spans):
        query = query_of(place, span)
        if query is not None:
            found[tree.segment_of(place)].append(query)
    return {segment: _told_once(queries) for segment, queries in found.items()}


def _told_once(queries: Sequence[Query]) -> list[Query]:
    """Leave out spans that lie wholly inside another one with the same query."""
    kept: list[Query] = []
    open_until: dict[str, int] = {}
    for query in queries:
        if query.span.end_ns <= open_until.get(query.shape, 0):
            continue
        open_until[query.shape] = max(open_until.get(query.shape, 0), query.span.end_ns)
        kept.append(query)
    return kept


def time_covered_ns(spans: Iterable[SeenSpan]) -> int:
    """Return how long at least one of the spans was open."""
    total_ns = 0
    covered_up_to = 0
    for span in sorted(spans, key=lambda each: each.start_ns):
        start_ns = max(span.start_ns, covered_up_to)
        if span.end_ns > start_ns:
            total_ns += span.end_ns - start_ns
            covered_up_to = span.end_ns
    return total_ns
