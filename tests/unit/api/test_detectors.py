"""How detectors are set for a project."""

import pytest

from tests.unit.api.read_server import ReadServer
from vedette.pipeline.detectors.catalogue import DETECTORS
from vedette.pipeline.detectors.detector_options import is_enabled, read_detector_settings

PATH = "/api/v1/projects/default/web/detectors"


def test_every_detector_says_what_it_finds_and_how_it_is_set(server: ReadServer) -> None:
    listed = server.get(PATH).json()
    assert [each["kind"] for each in listed] == [each.kind for each in DETECTORS]
    assert all(each["enabled"] and each["what"] and each["how"] for each in listed)


def test_what_is_set_holds_for_the_rounds_that_come(server: ReadServer) -> None:
    body = {"enabled": False, "settings": {"duration_ms_min": 800}}
    changed = server.ask(f"{PATH}/slow_query", method="PUT", json=body, headers=server.token())
    assert changed.json()["enabled"] is False
    assert changed.json()["settings"][0]["value"] == 800
    settings = read_detector_settings(server.metadata.options(1))
    assert not is_enabled(settings, "slow_query")
    assert settings["slow_query"]["duration_ms_min"] == 800

    body = {"enabled": None, "settings": {"duration_ms_min": None}}
    server.ask(f"{PATH}/slow_query", method="PUT", json=body, headers=server.token())
    assert server.metadata.options(1) == {}


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({"beauty": 1}, "slow_query has duration_ms_min"),
        ({"duration_ms_min": "long"}, "give a value such as 500.0"),
        ({"duration_ms_min": -1}, "give a value such as 500.0"),
        ({"duration_ms_min": True}, "give a value such as 500.0"),
    ],
)
def test_what_makes_no_sense_is_refused(
    server: ReadServer, settings: dict[str, object], sentence: str
) -> None:
    answer = server.ask(
        f"{PATH}/slow_query", method="PUT", json={"settings": settings}, headers=server.token()
    )
    assert answer.status_code == 400
    assert sentence in answer.json()["detail"]
