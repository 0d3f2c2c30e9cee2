"""From nothing to the first event, as a new owner sees it."""

import re

from playwright.sync_api import expect

from tests.pages.conftest import Opens, Signed, run


def test_the_page_waits_and_turns_into_the_first_event(empty: Signed, open_page: Opens) -> None:
    tab = open_page()
    tab.page.goto(f"{tab.url}/")
    expect(tab.page).to_have_url(re.compile("/start$"))
    expect(tab.page.get_by_role("status").filter(has_text="Waiting for your first")).to_be_visible()
    assert tab.page.locator("[data-dsn]").inner_text() == empty.server.dsn
    assert tab.violations() == []

    trace = run("shop.py", empty.server.dsn)

    expect(tab.page.get_by_text("First event received")).to_be_visible(timeout=20_000)
    tab.page.get_by_role("link", name="Open trace").click()
    expect(tab.page).to_have_url(re.compile(trace))


def test_every_platform_has_a_snippet_with_the_address(empty: Signed, open_page: Opens) -> None:
    tab = open_page()
    tab.open("/start")
    for number in range(1, 7):
        tab.page.keyboard.press(str(number))
        code = tab.page.locator("pre.start-code")
        expect(tab.page.locator(".start-tabs [aria-current]")).to_have_count(1)
        expect(code).to_contain_text(empty.server.key)
    expect(tab.page).to_have_url(re.compile("platform=otel"))
