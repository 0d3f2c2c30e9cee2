"""One server for all journeys that only send and read."""

from collections.abc import Iterator

import pytest

from tests.journey.server import Server, running_server


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    with running_server(tmp_path_factory.mktemp("vedette") / "data") as started:
        yield started
