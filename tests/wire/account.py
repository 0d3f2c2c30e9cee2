"""What came in is in the tables or has an outcome: the sum is held against the rows."""

from typing import Final

from tests.wire.project import Project

TABLE_OF_CATEGORY: Final = {
    "error": "errors",
    "span": "spans",
    "log_item": "logs",
    "trace_metric": "tracemetrics",
}
"""Categories whose accepted things are rows, one each; transactions are counted by their spans."""


def assert_account_balances(project: Project) -> None:
    """Hold what a project was told to have accepted against the rows that it has."""
    outcomes = project.outcomes()
    accepted = {
        category: sum(
            quantity
            for (name, outcome, _), quantity in outcomes.items()
            if (name, outcome) == (category, "accepted")
        )
        for category in TABLE_OF_CATEGORY
    }

    stored = {
        category: sum(each["count()"] for each in project.rows(table, ["count()"]))
        for category, table in TABLE_OF_CATEGORY.items()
    }

    assert stored == accepted
    assert sum(accepted.values()) > 0
