"""One server for all SDKs, and a project for each."""

from collections.abc import Callable, Iterator
from typing import Final

import pytest

from tests.journey.server import Server, running_server
from tests.wire.project import Project, make_project

WITH_INSTALLING_S: Final = 600


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark the tests of this folder; `tests/conftest.py` keeps them on one worker."""
    item.add_marker(pytest.mark.wire)
    item.add_marker(pytest.mark.timeout(WITH_INSTALLING_S))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("wire") / "data") as started:
        yield started


@pytest.fixture(scope="session")
def new_project(server: Server) -> Callable[[str], Project]:
    return lambda slug: make_project(server, slug)
