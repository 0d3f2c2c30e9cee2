"""The pages in a real Chromium: axe, keyboard, phone width, copy, and the browser's own spans."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from ticketing.platform.seed import ADMIN_EMAIL, GATE_EMAIL

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    import psycopg
    from playwright.sync_api import Browser, BrowserContext, Page

    from ticketing.platform.layout import Layout
    from ticketing.scenario_visitor import Placed, Visitor

pytestmark = [pytest.mark.platform, pytest.mark.browser]
WIDTHS = [1440, 390]


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
def context(browser: Browser, layout: Layout) -> Iterator[BrowserContext]:
    """A browser that is signed in at both doors."""
    opened = browser.new_context(permissions=["clipboard-read", "clipboard-write"])
    doors = (
        ("pass-lounge", ADMIN_EMAIL, layout.secrets.admin_password),
        ("gate-scanner", GATE_EMAIL, layout.secrets.gate_password),
    )
    for site, email, password in doors:
        form: dict[str, str | float | bool] = {"email": email, "password": password}
        opened.request.post(layout.url(site) + "/sign-in", form=form)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Page:
    return context.new_page()


@pytest.fixture
def placed(
    visitor: Visitor, journal: psycopg.Connection, wait_until: Callable[..., None]
) -> Placed:
    """An order that was scanned and whose trace is stored."""
    order = visitor.order("open-air", quantity=2)
    visitor.scan(order.codes[0], "open-air")
    question = "SELECT count(*) FROM traces WHERE trace_id = %s AND span_name = 'deliver scan.log'"
    wait_until(lambda: journal.execute(question, [order.trace_id]).fetchone() == (1,))
    return order


def addresses(layout: Layout, placed: Placed) -> dict[str, str]:
    lounge, gate = layout.url("pass-lounge"), layout.url("gate-scanner")
    return {
        "events": f"{lounge}/",
        "event": f"{lounge}/events/open-air",
        "order": lounge + placed.order_path,
        "sign in": f"{lounge}/sign-in",
        "error": f"{lounge}/nothing-here",
        "traces": f"{lounge}/admin/traces",
        "no traces": f"{lounge}/admin/traces?search=nobody",
        "trace": f"{lounge}/admin/traces/{placed.trace_id}",
        "orders": f"{lounge}/admin/orders",
        "faults": f"{lounge}/admin/faults",
        "scan": f"{gate}/scan",
        "nights": layout.url("nights"),
    }


@pytest.mark.parametrize("width", WIDTHS)
def test_every_page_is_clean_by_axe_and_fits_its_screen(
    page: Page, layout: Layout, placed: Placed, width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    problems: dict[str, object] = {}
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    for name, address in addresses(layout, placed).items():
        page.goto(address, wait_until="networkidle")
        for span in page.locator("details.span").all()[:3]:
            span.locator("summary").click()
        found = Axe().run(page).response["violations"]
        overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if found or overflow > 0:
            problems[name] = ([one["id"] for one in found], overflow)

    assert problems == {}
    assert errors == []


def test_a_trace_is_copied_opened_and_searched_for(
    page: Page, layout: Layout, placed: Placed
) -> None:
    page.goto(f"{layout.url('pass-lounge')}/admin/traces/{placed.trace_id}")

    page.get_by_role("button", name="Copy trace id").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("navigator.clipboard.readText()")
    page.get_by_role("link", name="All traces").click()
    page.get_by_label("Trace id or service").fill(copied)
    page.get_by_role("button", name="Show").click()

    assert copied == placed.trace_id
    expect(page.get_by_text("1 shown")).to_be_visible()


def test_the_list_is_narrowed_by_its_filters(
    page: Page, layout: Layout, placed: Placed, visitor: Visitor
) -> None:
    page.goto(f"{layout.url('pass-lounge')}/admin/traces")

    page.locator("select[name=service]").select_option("gate-scanner")
    page.locator("select[name=status]").select_option("success")
    page.get_by_role("button", name="Show").click()

    assert "service=gate-scanner" in page.url
    services = page.locator("tbody tr td:nth-child(3)").all_inner_texts()
    assert services
    assert all("gate-scanner" in one for one in services)


def test_a_span_is_opened_with_the_keyboard(page: Page, layout: Layout, placed: Placed) -> None:
    page.goto(f"{layout.url('pass-lounge')}/admin/traces/{placed.trace_id}")
    summary = page.locator("details.span summary").filter(has_text="scan.update-status")
    summary.focus()

    page.keyboard.press("Enter")

    opened = page.locator("details.span[open]")
    expect(opened.get_by_text("Span id")).to_be_visible()
    expect(opened.get_by_text("gate-1")).to_be_visible()


def test_the_way_from_the_event_to_the_gate_needs_no_mouse(page: Page, layout: Layout) -> None:
    page.goto(f"{layout.url('pass-lounge')}/events/choir")
    page.get_by_label("Name").focus()
    page.keyboard.type("Keyboard Person")
    page.keyboard.press("Tab")
    page.keyboard.type("keys@example.org")
    page.keyboard.press("Enter")
    page.wait_for_url("**/orders/*")
    code = page.locator("[data-copy]").first.get_attribute("data-copy")
    assert code is not None

    page.goto(f"{layout.url('gate-scanner')}/scan?event_id=choir")
    expect(page.locator("input[autofocus]")).to_be_focused()
    page.keyboard.type(code)  # scanners type like keyboards
    page.keyboard.press("Enter")

    expect(page.get_by_role("status")).to_contain_text("Welcome")


def test_the_marketing_page_and_the_lounge_are_one_trace(
    page: Page, layout: Layout, journal: psycopg.Connection, wait_until: Callable[..., None]
) -> None:
    page.goto(layout.url("nights"))
    expect(page.get_by_role("link", name="Open Air on the Quay")).to_be_visible()
    page.goto("about:blank")

    question = """
        SELECT array_agg(DISTINCT service_name || ': ' || span_name) FROM traces
         WHERE trace_id IN (SELECT trace_id FROM traces WHERE span_name = 'nights home')
         GROUP BY trace_id"""
    expected = {
        "nights-browser: nights home",
        "nights-browser: load coming events",
        "nights-browser: GET /api/events",
        "pass-lounge: GET /api/events",
    }
    wait_until(
        lambda: any(expected <= set(names) for (names,) in journal.execute(question).fetchall())
    )
