"""A read door for every test."""

from collections.abc import Callable, Iterator

import pytest

from tests.unit.api.read_server import ReadServer


@pytest.fixture
def server() -> Iterator[ReadServer]:
    made = ReadServer()
    yield made
    made.api.close()


@pytest.fixture(scope="package")
def one_for_all() -> Iterator[ReadServer]:
    made = ReadServer()
    yield made
    made.api.close()


@pytest.fixture
def shared(one_for_all: ReadServer) -> ReadServer:
    """A server for tests that change nothing: one takes longer to make than to ask."""
    one_for_all.telemetry.asked.clear()
    return one_for_all


@pytest.fixture
def another_server() -> Iterator[Callable[[], ReadServer]]:
    """Makes a server that nobody has asked anything."""
    made: list[ReadServer] = []

    def make() -> ReadServer:
        made.append(ReadServer())
        return made[-1]

    yield make
    for each in made:
        each.api.close()
