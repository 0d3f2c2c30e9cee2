"""One server for all SDKs, and a project for each."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.journey.server import Server, running_server
from tests.wire.project import Project, make_project

HERE: Final = Path(__file__).parent
WITH_INSTALLING_S: Final = 600


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Keep the tests of this folder on one worker, so that they share one server."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.wire)
            item.add_marker(pytest.mark.xdist_group("wire"))
            item.add_marker(pytest.mark.timeout(WITH_INSTALLING_S))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("wire") / "data") as started:
        yield started


@pytest.fixture(scope="session")
def new_project(server: Server) -> Callable[[str], Project]:
    return lambda slug: make_project(server, slug)
