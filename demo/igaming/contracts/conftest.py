"""What every contract needs: settings, the server, a visitor, the scoreboard."""

from collections.abc import Iterator

import pytest

from contracts.scoreboard import Line, write_scoreboard
from contracts.server import Server
from contracts.visitor import Visitor
from control.settings import read_settings

board: list[Line] = []


@pytest.fixture(scope="session")
def settings() -> dict[str, str]:
    return read_settings()


@pytest.fixture(scope="session")
def server(settings: dict[str, str]) -> Server:
    if not settings["VEDETTE_URL"] or not settings["VEDETTE_TOKEN"]:
        pytest.skip("VEDETTE_URL and VEDETTE_TOKEN are not set: there is no server to ask")
    return Server(settings["VEDETTE_URL"], settings["VEDETTE_TOKEN"], settings["VEDETTE_ORGANIZATION"])


@pytest.fixture
def visitor(settings: dict[str, str]) -> Iterator[Visitor]:
    with Visitor(settings) as somebody:
        somebody.all_off()
        yield somebody
        somebody.all_off()


@pytest.fixture(scope="session")
def scoreboard() -> list[Line]:
    return board


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if board:
        terminalreporter.write_line("")
        terminalreporter.write(write_scoreboard(board))
