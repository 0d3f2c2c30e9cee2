"""How the tests are spread over workers."""

from typing import Final

import pytest
from typing_extensions import override
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

ON_ONE_WORKER: Final = ("tests/wire/", "tests/pages/")
"""Folders whose tests share one server from the first to the last."""


class SharedServers(LoadScopeScheduling):  # type: ignore[misc] # xdist is not typed
    """Every test by itself, but those that share a server one after the other.

    The marks of `--dist loadgroup` would say the same, but pytest 9.2 does not let xdist 3.8 write
    them into the names of tests, and they are lost.
    """

    @override
    def _split_scope(self, nodeid: str) -> str:
        return next((each for each in ON_ONE_WORKER if nodeid.startswith(each)), nodeid)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--pictures", help="Folder for the pictures of all pages (tests/pages).")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedServers:
    return SharedServers(config, log)
