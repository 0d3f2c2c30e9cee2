"""A read door for every test."""

from collections.abc import Callable, Iterator

import pytest

from tests.unit.api.read_server import ReadServer


@pytest.fixture
def server() -> Iterator[ReadServer]:
    made = ReadServer()
    yield made
    made.api.close()


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
