"""A read door for every test."""

from collections.abc import Iterator

import pytest

from tests.unit.api.read_server import ReadServer


@pytest.fixture
def server() -> Iterator[ReadServer]:
    made = ReadServer()
    yield made
    made.api.close()
