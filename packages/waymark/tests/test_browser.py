"""`waymark.js` in a real Chromium, with a real server to call and to send spans to."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from opentelemetry.trace import SpanKind, StatusCode
from playwright.sync_api import sync_playwright
from tests.pages import pages_served

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, Page
    from tests.pages import Pages

pytestmark = pytest.mark.browser

TRACE = "0af7651916cd43dd8448eb211c80319c"
SPAN = "b7ad6b7169203331"
BEGIN = """
const waymark = await import('/waymark.js');
waymark.start({serviceName: 'page', endpoint: '/v1/traces'});
"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    program = shutil.which("chromium") or "/usr/bin/chromium"
    if not Path(program).exists():
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=program,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking"],
        )
        yield opened
        opened.close()


@pytest.fixture
def pages() -> Iterator[Pages]:
    with pages_served() as served:
        yield served


@pytest.fixture
def page(browser: Browser, pages: Pages) -> Iterator[Page]:
    opened = browser.new_page()
    opened.goto(pages.url)
    yield opened
    opened.close()


def run(page: Page, script: str) -> object:
    result: object = page.evaluate(f"async () => {{ {BEGIN} {script} }}")
    return result


def test_a_page_load_and_its_call_arrive_as_one_trace(page: Page, pages: Pages) -> None:
    run(
        page,
        """const load = waymark.tracePageLoad('front page');
        await new Promise((done) => setTimeout(done, 0));
        await waymark.traceApiCall('load events', () => waymark.tracedFetch('/api/events?q=1'));
        await waymark.flush();""",
    )

    assert pages.faults == []
    by_name = {span.name: span for span in pages.spans}
    assert set(by_name) == {"front page", "load events", "GET /api/events"}
    load, call, fetch = (by_name[name] for name in ("front page", "load events", "GET /api/events"))
    assert load.context is not None
    assert load.parent is None
    assert call.parent == load.context
    assert fetch.parent == call.context
    assert fetch.kind is SpanKind.CLIENT
    attributes = fetch.attributes or {}
    assert attributes["http.response.status_code"] == 200
    assert attributes["url.full"] == f"{pages.url}/api/events"
    assert fetch.context is not None
    assert pages.api_traceparents == [
        f"00-{fetch.context.trace_id:032x}-{fetch.context.span_id:016x}-01"
    ]


def test_a_page_continues_the_trace_of_the_server_that_rendered_it(
    page: Page, pages: Pages
) -> None:
    pages.traceparent = f"00-{TRACE}-{SPAN}-01"
    page.reload()

    run(
        page,
        """waymark.tracePageLoad('event page');
        await new Promise((done) => setTimeout(done, 0));
        await waymark.flush();""",
    )

    (span,) = pages.spans
    assert span.parent is not None
    assert (f"{span.parent.trace_id:032x}", f"{span.parent.span_id:016x}") == (TRACE, SPAN)


def test_failures_are_recorded_and_thrown_on(page: Page, pages: Pages) -> None:
    message = run(
        page,
        """await waymark.tracedFetch('/api/broken');
        let message = null;
        try { await waymark.traceApiCall('fails', async () => { throw TypeError('no seats'); }); }
        catch (error) { message = error.message; }
        await waymark.flush();
        return message;""",
    )

    assert message == "no seats"
    by_name = {span.name: span for span in pages.spans}
    assert by_name["GET /api/broken"].status.description == "HTTP 500"
    failed = by_name["fails"]
    assert failed.status.status_code is StatusCode.ERROR
    (event,) = failed.events
    assert (event.attributes or {})["exception.type"] == "TypeError"


def test_other_origins_get_the_header_only_when_named(page: Page, pages: Pages) -> None:
    with pages_served() as named, pages_served() as stranger:
        run(
            page,
            f"""waymark.start({{serviceName: 'page', propagateTo: ['{named.url}']}});
            await waymark.tracedFetch('{named.url}/api/a');
            await waymark.tracedFetch('{stranger.url}/api/a');""",
        )

        assert named.api_traceparents != [None]
        assert stranger.api_traceparents == [None]


def test_without_an_address_spans_stay_in_memory(page: Page, pages: Pages) -> None:
    names = run(
        page,
        """waymark.start({serviceName: 'page'});
        await waymark.traceApiCall('one', () => 1);
        await waymark.flush();
        return waymark.bufferedSpans().map((span) => span.name);""",
    )

    assert names == ["one"]
    assert pages.spans == []


def test_spans_go_out_by_themselves(
    page: Page, pages: Pages, wait_until: Callable[..., None]
) -> None:
    run(page, "await waymark.traceApiCall('one', () => 1);")

    wait_until(lambda: [span.name for span in pages.spans] == ["one"])


def test_what_is_left_goes_out_when_the_page_is_left(
    page: Page, pages: Pages, wait_until: Callable[..., None]
) -> None:
    run(page, "await waymark.traceApiCall('last words', () => 1);")

    page.goto("about:blank")

    wait_until(lambda: [span.name for span in pages.spans] == ["last words"])


def test_no_body_is_larger_than_browsers_allow_and_nothing_is_lost(
    page: Page, pages: Pages, wait_until: Callable[..., None]
) -> None:
    counts = run(
        page,
        """for (let number = 0; number < 200; number += 1) {
          await waymark.traceApiCall(`call ${number}`, (span) => {
            span.setAttribute('text', '€'.repeat(900));
          });
        }
        await waymark.flush();
        return waymark.counts();""",
    )

    assert counts == {"ended": 200, "sent": 200, "dropped": 0}
    assert len(pages.spans) == 200
    assert max(len(body) for body in pages.bodies) <= 60_000


@pytest.mark.parametrize(
    ("status", "waiting", "dropped"),
    [
        pytest.param(503, 1, 0, id="unwell: kept for another try"),
        pytest.param(429, 1, 0, id="busy: kept for another try"),
        pytest.param(400, 0, 1, id="refused: counted as dropped"),
    ],
)
def test_a_door_that_does_not_take_spans(
    page: Page, pages: Pages, status: int, waiting: int, dropped: int
) -> None:
    pages.door_status = status

    result = run(
        page,
        """await waymark.traceApiCall('one', () => 1);
        await waymark.flush();
        return [waymark.bufferedSpans().length, waymark.counts().dropped];""",
    )

    assert result == [waiting, dropped]


def test_the_buffer_is_bounded_and_what_is_lost_is_counted(page: Page, pages: Pages) -> None:
    counts = run(
        page,
        """waymark.start({serviceName: 'page'});
        for (let number = 0; number < 510; number += 1) await waymark.traceApiCall('call', () => 1);
        return [waymark.counts(), waymark.bufferedSpans().length];""",
    )

    assert counts == [{"ended": 510, "sent": 0, "dropped": 10}, 500]
