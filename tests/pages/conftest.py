"""One server with data of real SDKs and one browser, for all tests of the pages."""

import json
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, StorageState, expect, sync_playwright

from tests.journey.server import Server, running_server, wait_for
from tests.pages.watched_page import AXE, WatchedPage

PROGRAMS: Final = Path(__file__).parent / "programs"
FLAGS: Final = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDE: Final = (1440, 900)
NARROW: Final = (390, 844)
RUN_WITHIN_S: Final = 60
ERRORS_TOLD: Final = 2
"""One of the shop, one of hostile data."""
SEEN_WITHIN_MS: Final = 20_000
"""Other tests run beside these: a page that is slow for a while is not wrong."""

expect.set_options(timeout=SEEN_WITHIN_MS)


@dataclass(frozen=True)
class Told:
    """What the SDKs told."""

    bet_trace: str
    shop_trace: str
    hostile_trace: str


@dataclass(frozen=True)
class Signed:
    """A server, and the cookies of its owner."""

    server: Server
    state: StorageState


Opens = Callable[..., WatchedPage]


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("needs chromium")
    if not AXE.is_file():
        pytest.skip("needs ui/node_modules: make pages")
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=list(FLAGS))
        yield started
        started.close()


@pytest.fixture(scope="package")
def empty(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Signed]:
    """A server to which nothing was sent yet; the first test of the package uses it up."""
    with running_server(tmp_path_factory.mktemp("pages") / "data") as started:
        context = browser.new_context()
        context.new_page().goto(str(started.facts["login_url"]))
        state = context.storage_state()
        context.close()
        yield Signed(started, state)


@pytest.fixture(scope="package")
def told(empty: Signed) -> Told:
    """Send everything that the other tests look at; wait until it can be read."""
    facts = empty.server.facts
    bets = run("bets.py", str(facts["otlp_http"]), str(facts["otlp_key"]))
    shop = run("shop.py", empty.server.dsn)
    hostile = run("hostile.py", empty.server.dsn)
    for trace, count in ((bets, 19), (shop, 3), (hostile, 2)):
        wait_for(partial(is_there, empty.server, trace, count), trace)
    wait_for(lambda: error_count(empty.server) >= ERRORS_TOLD, "an issue of each error")
    return Told(bets, shop, hostile)


@pytest.fixture
def open_page(browser: Browser, empty: Signed) -> Iterator[Opens]:
    """Return what opens a tab for the signed-in owner; each must end without a complaint."""
    pages: list[WatchedPage] = []

    def open_one(
        theme: str = "dark", size: tuple[int, int] = WIDE, *, signed: bool = True
    ) -> WatchedPage:
        context = browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            color_scheme="dark" if theme == "dark" else "light",
            reduced_motion="reduce",
            storage_state=empty.state if signed else None,
        )
        pages.append(WatchedPage(context.new_page(), empty.server.url))
        return pages[-1]

    yield open_one
    for page in pages:
        page.page.context.close()
    for page in pages:
        assert page.foreign == [], "asked another host"
        assert page.complaints == [], "complained"


def run(program: str, *words: str) -> str:
    """Run a program of ours; return the id of the trace that it told."""
    done = subprocess.run(
        [sys.executable, str(PROGRAMS / program), *words],
        capture_output=True,
        text=True,
        timeout=RUN_WITHIN_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return str(json.loads(done.stdout.splitlines()[-1])["trace"])


def is_there(server: Server, trace: str, span_count: int) -> bool:
    answer = server.get(f"/api/v1/traces/{trace}")
    return answer.status_code == 200 and int(answer.json()["shown"]) >= span_count


def error_count(server: Server) -> int:
    answer = server.get("/api/0/organizations/default/issues/?query=issue.category:error")
    return len(answer.json())
