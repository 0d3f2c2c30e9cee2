"""Metrics through the door."""

import pytest

from tests.unit.api.read_server import ReadServer
from vedette.model.question import RowQuestion


def test_a_metric_that_nobody_sends_has_no_lines(server: ReadServer) -> None:
    answer = server.get(
        "/api/v1/metrics/query?name=load&project=web&statsPeriod=1h&interval=10m"
    ).json()

    assert answer["lines"] == []
    assert answer["type"] is None
    assert answer["interval"] == 600_000
    assert all(
        isinstance(question, RowQuestion) and question.project_ids == (server.project.project_id,)
        for question in server.telemetry.asked
    )


@pytest.mark.parametrize(
    ("parameters", "detail"),
    [
        ("", "name is missing"),
        ("name=load&aggregate=p101", "aggregate must be one such as"),
        ("name=load&formula=a^b", "formula must be one of a"),
        ("name=load&query=a:", "expected a value"),
        ("name=load&interval=1s&statsPeriod=90d", "too many results"),
        ("name=load&groupBy=a&groupBy=b&groupBy=c&groupBy=d&groupBy=e&groupBy=f", "at most 5"),
    ],
)
def test_what_is_wrong_with_a_question_is_said(
    server: ReadServer, parameters: str, detail: str
) -> None:
    answer = server.get(f"/api/v1/metrics/query?{parameters}")

    assert answer.status_code == 400
    assert detail in answer.json()["detail"]


def test_a_project_of_others_is_unknown(server: ReadServer) -> None:
    assert server.get("/api/v1/metrics/names?project=nobody").status_code == 404
    assert server.get("/api/v1/metrics/query?name=load&project=nobody").status_code == 404
