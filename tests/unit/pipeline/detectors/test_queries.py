"""Faults of queries, as real instrumentation tells of them."""

from collections.abc import Iterator

from vedette.pipeline.detectors.n_plus_one_query import DETECTOR as N_PLUS_ONE
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.slow_query import DETECTOR as SLOW
from vedette.pipeline.detectors.trace_tree import grow_tree

MS = 1_000_000


def _request(service: str = "shop") -> SeenSpan:
    return SeenSpan(
        span_id="root",
        parent_id="",
        project_id=1,
        start_ns=0,
        end_ns=900 * MS,
        name="GET /list",
        kind="server",
        is_segment=True,
        service=service,
        attributes={"http.route": "/list"},
    )


def _query(name: str, start_ms: float, length_ms: float, text: str) -> SeenSpan:
    return SeenSpan(
        span_id=name,
        parent_id="root",
        project_id=1,
        start_ns=int(start_ms * MS),
        end_ns=int((start_ms + length_ms) * MS),
        name="SELECT",
        kind="client",
        service="shop",
        attributes={"db.system": "postgresql", "db.query.text": text},
    )


def _pool_and_mapper(count: int) -> Iterator[SeenSpan]:
    """Tell of each query as a pool, a mapper and a driver together do."""
    for number in range(count):
        at_ms = 10 + number * 10
        text = f"SELECT name FROM stock WHERE id = {number}"
        yield SeenSpan(f"p{number}", "root", 1, at_ms * MS, at_ms * MS + 9, "pg-pool.connect", "db")
        yield _query(f"m{number}", at_ms + 0.1, 8, text)
        yield _query(f"d{number}", at_ms + 0.2, 7, text)


def test_a_loop_of_queries_is_found_however_many_spans_tell_of_each() -> None:
    source = _query("source", 1, 5, "SELECT id FROM orders LIMIT 25")
    tree = grow_tree("t", [_request(), source, *_pool_and_mapper(25)])
    (found,) = N_PLUS_ONE.find(tree, {})
    assert found.evidence["count"] == 25
    assert found.cause_span_ids == ("source",)
    assert found.offender_span_ids == tuple(f"m{number}" for number in range(25))
    assert found.shape == ("shop", "/list", "select name from stock where id = ?")


def test_queries_side_by_side_and_a_few_or_quick_ones_are_no_loop() -> None:
    beside = [_query(f"q{n}", 10, 20, f"SELECT a FROM t WHERE id = {n}") for n in range(20)]
    few = [_query(f"q{n}", 10 + 20 * n, 20, f"SELECT a FROM t WHERE id = {n}") for n in range(4)]
    quick = [_query(f"q{n}", 10 + n, 0.1, f"SELECT a FROM t WHERE id = {n}") for n in range(20)]
    for queries in (beside, few, quick):
        assert not list(N_PLUS_ONE.find(grow_tree("t", [_request(), *queries]), {}))


def test_a_slow_query_told_of_twice_is_found_once() -> None:
    text = "SELECT sum(amount) FROM sales"
    spans = [_request(), _query("m", 10, 800, text), _query("d", 10.1, 799, text)]
    (found,) = SLOW.find(grow_tree("t", spans), {})
    assert found.offender_span_ids == ("m",)
    assert not list(SLOW.find(grow_tree("t", spans), {"duration_ms_min": 900}))
