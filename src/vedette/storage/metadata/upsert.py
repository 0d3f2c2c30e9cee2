"""Insert rows or, where they are already, change them: one statement on either database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, TypeAlias

from sqlalchemy import ColumnElement, Connection, Table, case, func
from sqlalchemy.dialects import postgresql, sqlite

ROWS_PER_STATEMENT_MAX: Final = 500
"""SQLite takes 32,766 values in a statement, PostgreSQL 65,535; no table here has 60 columns."""

Excluded: TypeAlias = Callable[[str], ColumnElement[object]]
Change: TypeAlias = Callable[[Table, Excluded], Mapping[str, object]]


def upsert(
    connection: Connection,
    table: Table,
    rows: Sequence[Mapping[str, object]],
    *,
    key: Sequence[str],
    change: Change | None = None,
) -> None:
    """Insert the rows; of those whose key is there, make the change, or leave them alone."""
    make = sqlite.insert if connection.dialect.name == "sqlite" else postgresql.insert
    for part in in_parts(rows):
        statement = make(table).values([dict(row) for row in part])
        if change is None:
            connection.execute(statement.on_conflict_do_nothing(index_elements=list(key)))
            continue
        new = statement.excluded
        changes = dict(change(table, lambda name, new=new: new[name]))  # type: ignore[misc] # bound now
        connection.execute(statement.on_conflict_do_update(index_elements=list(key), set_=changes))


def in_parts(rows: Sequence[Mapping[str, object]]) -> Iterator[Sequence[Mapping[str, object]]]:
    """Return the rows in parts that a statement can take."""
    for start in range(0, len(rows), ROWS_PER_STATEMENT_MAX):
        yield rows[start : start + ROWS_PER_STATEMENT_MAX]


def earlier(old: ColumnElement[object], new: ColumnElement[object]) -> ColumnElement[object]:
    """Return the smaller of two values, the other where one is missing."""
    return func.coalesce(case((new < old, new), else_=old), new)


def later(old: ColumnElement[object], new: ColumnElement[object]) -> ColumnElement[object]:
    """Return the larger of two values, the other where one is missing."""
    return func.coalesce(case((new > old, new), else_=old), new)
