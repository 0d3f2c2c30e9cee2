"""What explores, through the door: charts, facets, samples, differences."""

import pytest

from tests.unit.api.read_server import ReadServer, table
from vedette.model.question import Dataset, RowQuestion

ORGANIZATION = "/api/0/organizations/default"
ONE_HOUR = "dataset=spans&start=2026-01-01T00:00:00&end=2026-01-01T01:00:00&interval=30m"
MIDNIGHT_NS = 1_767_225_600 * 10**9


def test_a_chart_has_a_value_for_each_step(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.SPANS] = table(("time", "count()"), (MIDNIGHT_NS, 5))

    answer = server.get(
        f"{ORGANIZATION}/events-timeseries/?{ONE_HOUR}&disableAggregateExtrapolation=1"
    ).json()

    [line] = answer["timeSeries"]
    assert line["yAxis"] == "count()"
    assert [step["value"] for step in line["values"]] == [5, 0]
    assert line["meta"]["interval"] == 1_800_000
    [question] = server.telemetry.asked
    assert isinstance(question, RowQuestion)
    assert question.project_ids == (server.project.project_id,)


def test_the_older_form_of_a_chart(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.SPANS] = table(("time", "count()"), (MIDNIGHT_NS, 5))

    answer = server.get(
        f"{ORGANIZATION}/events-stats/?{ONE_HOUR}&disableAggregateExtrapolation=1"
    ).json()

    assert answer["data"] == [
        [MIDNIGHT_NS // 10**9, [{"count": 5}]],
        [MIDNIGHT_NS // 10**9 + 1_800, [{"count": 0}]],
    ]


@pytest.mark.parametrize("path", ["events-timeseries", "events-stats"])
@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ("interval=1s&statsPeriod=90d", "too many results"),
        ("yAxis=nonsense()", "nonsense() is not a function"),
        ("topEvents=5", "groupBy is a required parameter"),
        ("topEvents=-5", "topEvents"),
        ("comparisonDelta=0", "comparisonDelta"),
        ("dataset=nothing", "dataset must be one of"),
        ("query=a:", "expected a value"),
    ],
)
def test_a_chart_that_cannot_be_drawn_says_why(
    server: ReadServer, path: str, parameters: str, detail: str
) -> None:
    answer = server.get(f"{ORGANIZATION}/{path}/?{parameters}")

    assert answer.status_code == 400
    assert detail in answer.json()["detail"]
