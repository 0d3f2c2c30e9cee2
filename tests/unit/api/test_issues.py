"""Lists of issues: searches, orders, figures."""

import pytest

from tests.fakes.sightings import NOON_NS, SECOND_NS, a_hash, a_sighting, see
from tests.unit.api.read_server import ReadServer, table
from vedette.model.question import Dataset, RowQuestion
from vedette.storage.telemetry.group_port import HASH_COLUMNS, SERIES_COLUMNS

LIST = "/api/0/organizations/default/issues/"


@pytest.fixture
def server(server: ReadServer) -> ReadServer:
    """Return a server with three issues of project `web`, the last one seen last."""
    server.clock.wall_ns = NOON_NS + 3_600 * SECOND_NS
    for number, level in ((2, "warning"), (3, "fatal")):
        see(
            server.metadata,
            a_sighting(
                number, level=level, time_ns=NOON_NS + number * SECOND_NS, title=f"E{number}"
            ),
        )
    return server


def _titles(server: ReadServer, query: str) -> list[str]:
    answer = server.get(f"{LIST}?{query}")
    assert answer.status_code == 200, answer.text
    return [each["title"] for each in answer.json()]


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ("", ["E3", "E2", "Error 1"]),
        ("query=is:resolved", []),
        ("query=level:warning", ["E2"]),
        ("query=!level:warning", ["E3", "Error 1"]),
        ("query=e2", ["E2"]),
        ("query=issue:WEB-1", ["Error 1"]),
        ("query=issue:THEIRS-1", []),
        ("sort=new&limit=1", ["E3"]),
        ("sort=priority", ["E3", "E2", "Error 1"]),
        ("query=&statsPeriod=30m", []),
        ("shortIdLookup=1&query=web-2", ["E2"]),
    ],
)
def test_issues_are_found_by_what_they_are(
    server: ReadServer, query: str, titles: list[str]
) -> None:
    assert _titles(server, query) == titles


def test_issues_are_found_by_an_event_of_theirs(server: ReadServer) -> None:
    server.telemetry.rows_of[Dataset.ERRORS] = table(("p", "h", "c"), (1, a_hash(2), 5))
    assert _titles(server, "query=is:unresolved browser:Firefox&environment=prod") == ["E2"]
    asked = [each for each in server.telemetry.asked if isinstance(each, RowQuestion)]
    assert {each.project_ids for each in asked} == {(1,)}


def test_issues_are_sorted_by_their_events(server: ReadServer) -> None:
    server.telemetry.hashes = table(
        HASH_COLUMNS, (1, a_hash(2), 9, 1, 0, 0), (1, a_hash(1), 5, 4, 0, 0)
    )
    assert _titles(server, "sort=freq") == ["E2", "Error 1", "E3"]
    assert _titles(server, "sort=user") == ["Error 1", "E2", "E3"]


def test_a_list_says_how_many_there_are_and_where_the_next_page_is(server: ReadServer) -> None:
    answer = server.get(f"{LIST}?limit=2")
    assert answer.headers["X-Hits"] == "3"
    assert 'rel="next"; results="true"' in answer.headers["Link"]


def test_an_issue_shows_its_events_by_hour(server: ReadServer) -> None:
    hour_ns = NOON_NS // (3_600 * SECOND_NS) * 3_600 * SECOND_NS
    server.telemetry.series = table(SERIES_COLUMNS, (1, hour_ns, 4))
    (series,) = server.get(f"{LIST}1/").json()["stats"].values()
    assert len(series) == 25
    assert [each for each in series if each[1]] == [[hour_ns // SECOND_NS, 4]]


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ("query=is:sad", "At position 3"),
        ("sort=beauty", "Invalid sort"),
        ("groupStatsPeriod=3d", "Invalid groupStatsPeriod"),
        ("limit=1000", "Invalid per_page"),
    ],
)
def test_what_cannot_be_understood_is_refused_with_a_sentence(
    server: ReadServer, query: str, detail: str
) -> None:
    answer = server.get(f"{LIST}?{query}")
    assert answer.status_code == 400
    assert detail in answer.json()["detail"]


def test_searches_are_counted_together(server: ReadServer) -> None:
    path = "/api/0/organizations/default/issues-count/?query=is:unresolved&query=level:fatal"
    assert server.get(path).json() == {"is:unresolved": 3, "level:fatal": 1}
