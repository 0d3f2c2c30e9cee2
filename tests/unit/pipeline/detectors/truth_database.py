"""Traces with faults of databases, and traces that only nearly have them."""

from tests.unit.pipeline.detectors.told_trace import ToldTrace
from vedette.pipeline.detectors.seen_span import Value


def loop(count: int, length_ms: float, text: str = "SELECT * FROM t WHERE id = {}") -> ToldTrace:
    told = ToldTrace(length_ms=count * (length_ms + 1) + 50)
    told.query(1, 5, "SELECT id FROM orders LIMIT 25")
    for number in range(count):
        told.query(10 + number * (length_ms + 1), length_ms, text.format(number))
    return told


def noisy_loop() -> ToldTrace:
    """Tell of each query as otelsql does: session, query, rows."""
    told = ToldTrace()
    for number in range(10):
        at = 10 + number * 12
        for name, begin, length in (("sql.conn.reset_session", 0, 1), ("sql.rows", 10, 1)):
            told.span(at + begin, length, name, kind="client", attributes={"db.system": "mysql"})
        told.query(at + 1, 9, f"SELECT a FROM b WHERE c = {number}")
    return told


def beside_each_other() -> ToldTrace:
    told = ToldTrace()
    for number in range(25):
        told.query(10 + number * 0.1, 40, f"SELECT * FROM t WHERE id = {number}")
    return told


def queries(*told_of: tuple[float, float, str], **more: Value) -> ToldTrace:
    told = ToldTrace(length_ms=8_000, platform=str(more.pop("platform", "")))
    for start, length, text in told_of:
        told.query(start, length, text, **more)  # type: ignore[arg-type] # attributes alone
    return told


def steps(
    count: int, length_ms: float, *, depth: int = 1, name: str = "resolve item {}", shapes: int = 1
) -> ToldTrace:
    told = ToldTrace(length_ms=count * (length_ms + 3) + 50)
    for number in range(count):
        at = 5 + number * (length_ms + 3)
        step = told.span(at, length_ms + 2, name.format(number))
        for _ in range(depth - 1):
            step = told.span(at, length_ms + 2, "inner", under=step)
        table = "abcdefghijklmnopqrstuvwxyz"[number % shapes]
        told.query(at + 1, length_ms, f"SELECT * FROM {table} WHERE id = {number}", under=step)
    return told


def lookups(count: int, length_ms: float, text: str = "GET ?", **more: str) -> ToldTrace:
    told = ToldTrace()
    for number in range(count):
        told.query(5 + number * (length_ms + 0.5), length_ms, text, system="redis", **more)
    return told


def lookups_beside() -> ToldTrace:
    told = ToldTrace()
    for number in range(50):
        told.query(5 + number * 0.01, 40, "GET ?", system="redis")
    return told


def waits(*of: tuple[str, float], op: str = "db") -> ToldTrace:
    told = ToldTrace()
    for place, (name, length) in enumerate(of):
        told.span(5 + place * 300, length, name, op=op, kind="client")
    return told


def request_with(
    address_query: str, text: str, *, scope: str = "", name: str = "url.query"
) -> ToldTrace:
    told = ToldTrace("/search", attributes={name: address_query})
    told.query(5, 10, text, scope=scope)
    return told


_CUSTOMER = "SELECT * FROM people WHERE name = 'Ann Lee' AND x = 1"

DATABASE = {
    "n_plus_one_query": (
        (loop(12, 8), loop(60, 0.5), noisy_loop()),
        (
            loop(4, 30),
            loop(20, 1),
            beside_each_other(),
            loop(10, 9, "SELECT {0} AS c{0} FROM t{0}x"),
        ),
    ),
    "m_n_plus_one": (
        (steps(10, 8), steps(8, 10, depth=2), steps(6, 20, name="serialize {}")),
        (steps(4, 20), steps(10, 1), steps(10, 8, shapes=10), loop(12, 8)),
    ),
    "repeated_key_lookup": (
        (lookups(50, 2), lookups(12, 4, "HGETALL ?"), lookups(20, 2, "GET user:17")),
        (lookups(8, 5), lookups(50, 0.2), lookups(20, 5, "SET ? ?"), lookups_beside()),
    ),
    "slow_query": (
        (
            queries((5, 1_200, "SELECT * FROM a WHERE b = 1")),
            queries((5, 510, "UPDATE a SET b = 1 WHERE c = 2")),
            queries((5, 1_200, "SELECT 1 FROM a"), (5.1, 1_199, "SELECT 1 FROM a")),
        ),
        (
            queries((5, 490, "SELECT * FROM a")),
            queries((5, 1_200, "select pg_catalog.version()")),
            waits(("pg-pool.connect", 900)),
        ),
    ),
    "consecutive_queries": (
        (
            queries((5, 100, "SELECT a FROM b"), (110, 150, "SELECT c FROM d")),
            queries(
                (5, 80, "SELECT a FROM b WHERE x = 1"),
                (90, 90, "SELECT c FROM d"),
                (190, 90, "SELECT e FROM f"),
            ),
            queries((5, 400, "SELECT a FROM b"), (410, 400, "SELECT count(*) FROM d")),
        ),
        (
            queries((5, 100, "SELECT a FROM b"), (110, 150, "SELECT c FROM d WHERE x = 1")),
            queries((5, 100, "SELECT a FROM b"), (20, 150, "SELECT c FROM d")),
            queries((5, 40, "SELECT a FROM b"), (50, 40, "SELECT c FROM d")),
            queries((5, 200, "SELECT a FROM b"), (210, 200, "SELECT c FROM d"), platform="php"),
        ),
    ),
    "unbounded_query": (
        (
            queries((5, 50, "SELECT * FROM people"), db__response__returned_rows=20_000),
            queries((5, 50, "SELECT a, b FROM t ORDER BY a"), db__row_count=1_000),
            queries((5, 50, "SELECT * FROM a JOIN b ON a.x = b.x"), db__rows_returned="5000"),
        ),
        (
            queries((5, 50, "SELECT * FROM people LIMIT 5000"), db__row_count=5_000),
            queries((5, 50, "SELECT * FROM people WHERE a = 1"), db__row_count=5_000),
            queries((5, 50, "SELECT * FROM people"), db__row_count=20),
            queries((5, 50, "SELECT * FROM people")),
        ),
    ),
    "full_scan": (
        (
            queries((5, 50, "find people"), db__mongodb__docs_examined=50_000, nreturned=3),
            queries((5, 9, "SELECT 1 FROM a"), db__rows_examined=90_000, db__row_count=0),
            queries((5, 9, "find a"), docsExamined=10_000, nreturned=100),
        ),
        (
            queries((5, 50, "find people"), docsExamined=5_000, nreturned=3),
            queries((5, 50, "find people"), docsExamined=50_000, nreturned=40_000),
            queries((5, 50, "find people"), docsExamined=50_000),
        ),
    ),
    "slow_connection_wait": (
        (
            waits(("pg-pool.connect", 250)),
            waits(("connect", 60), ("connect", 60)),
            waits(("take", 150), op="db.connection"),
        ),
        (
            waits(("pg-pool.connect", 0.3)),
            waits(("connect", 40), ("connect", 40)),
            waits(("SELECT 1", 300)),
        ),
    ),
    "injection_shaped_query": (
        (
            request_with("name=Ann+Lee", _CUSTOMER),
            request_with("?name=Ann%20Lee&page=2", _CUSTOMER),
            request_with("https://shop/search?name=Ann+Lee", _CUSTOMER, name="url.full"),
        ),
        (
            request_with("name=Ann+Lee", "SELECT * FROM people WHERE name = $1"),
            request_with("name=Bob+Lee", _CUSTOMER),
            request_with("name=Ann+Lee", _CUSTOMER, scope="sequelize"),
            request_with("name=Ann+Lee", "SELECT 'Ann Lee' AS name FROM people"),
            request_with("x=1", _CUSTOMER),
        ),
    ),
    "lock_wait": (
        (
            queries((5, 900, "SELECT * FROM a WHERE id = 1 FOR UPDATE")),
            queries((5, 900, "SELECT pg_advisory_lock(7)")),
            waits(("lock.acquire", 600), op="lock"),
        ),
        (
            queries((5, 90, "SELECT * FROM a WHERE id = 1 FOR UPDATE")),
            queries((5, 900, "SELECT * FROM a WHERE id = 1")),
            queries((5, 900, "SELECT * FROM a FOR UPDATE NOWAIT")),
            waits(("clock", 900), op="clockwork"),
        ),
    ),
}
"""Traces that have the fault, and those that nearly have it, by kind."""
