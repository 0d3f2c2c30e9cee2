"""Triage by keyboard, and the page of one issue."""

import re

from playwright.sync_api import expect

from tests.pages.conftest import Opens, Told


def test_issues_are_triaged_without_a_mouse(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/issues?query=is:unresolved+issue.category:error")
    keyboard = tab.page.keyboard
    rows = tab.page.locator(".issue-link")
    expect(rows).to_have_count(2)
    keyboard.press("j")
    keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    first = rows.nth(0).get_attribute("title") or ""
    keyboard.press("x")
    expect(tab.page.get_by_role("row", selected=True)).to_have_count(1)
    keyboard.press("e")
    expect(rows).to_have_count(1)

    tab.page.get_by_role("button", name=re.compile("^Resolved")).click()
    expect(rows).to_have_count(1)
    expect(rows.nth(0)).to_have_attribute("title", first)
    keyboard.press("j")
    keyboard.press("k")
    expect(rows.nth(0)).to_be_focused()
    keyboard.press("u")
    expect(tab.page.get_by_text("No issues match")).to_be_visible()


def test_an_issue_shows_where_it_failed_and_what_people_did(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/issues?query=TimeoutError")
    tab.page.locator(".issue-link").first.click()
    expect(tab.page.get_by_role("heading", name="TimeoutError")).to_be_visible()
    failed = tab.page.locator(".line.failed")
    expect(failed).to_contain_text("raise TimeoutError")
    tab.page.get_by_role("button", name="Raw").click()
    expect(tab.page.locator("pre.code")).to_contain_text("at charge (shop.py:")
    tab.page.get_by_role("button", name="In app").click()

    tab.page.get_by_label("Comment").fill("the acquirer was down")
    tab.page.get_by_role("button", name="Comment").click()
    expect(tab.page.locator(".feed")).to_contain_text("the acquirer was down")
    tab.page.locator("h1").click()
    tab.page.keyboard.press("a")
    expect(tab.page.locator(".feed")).to_contain_text("assigned it")

    tab.page.get_by_role("link", name="Open its trace").click()
    expect(tab.page.get_by_role("treegrid")).to_be_visible()


def test_a_wrong_search_says_where_it_is_wrong(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/issues?query=is:sad")
    expect(tab.page.get_by_role("alert")).to_contain_text("At position 3")
    tab.complaints = [each for each in tab.complaints if "400" not in each]
