"""Asking one's own questions: completion, what is wrong, groups, differences, logs, files."""

import csv
import io
import json
import re
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import expect

from tests.pages.conftest import Opens, Told
from tests.pages.watched_page import WatchedPage


def parameters(tab: WatchedPage) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.page.url).query)


def saved(tab: WatchedPage, button: str) -> str:
    with tab.page.expect_download() as download:
        tab.page.get_by_role("button", name=button).click()
    return Path(download.value.path()).read_text(encoding="utf-8")


def test_a_question_is_completed_from_what_was_seen(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h")
    tab.page.locator("[data-query]").wait_for()
    tab.page.keyboard.press("/")
    expect(tab.page.get_by_role("textbox", name="Query")).to_be_focused()
    tab.page.keyboard.type("serv")
    tab.page.get_by_role("option", name=re.compile("^service:")).first.wait_for()
    tab.page.keyboard.press("Enter")
    value = tab.page.get_by_role("option", name=re.compile("^user-service"))
    value.wait_for()
    tab.page.keyboard.type("payment")
    expect(tab.page.get_by_role("option", name=re.compile("^payment-service"))).to_be_visible()
    expect(value).to_have_count(0)
    tab.page.keyboard.press("Enter")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile("query=service%3Apayment-service"))
    tab.settle()
    expect(tab.page.locator(".foot")).to_contain_text("32 of 32 spans shown")


def test_a_wrong_question_is_marked_where_it_is_wrong(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h&query=service:api+(span.op:db")
    expect(tab.page.get_by_role("status").filter(has_text="At position 23")).to_be_visible()
    expect(tab.page.locator(".query-wrong")).to_have_text("b")
    expect(tab.page.get_by_role("alert")).to_contain_text("closing parenthesis")
    tab.page.get_by_role("textbox", name="Query").press("End")
    tab.page.keyboard.type(")")
    expect(tab.page.locator(".query-wrong")).to_have_count(0)
    tab.complaints = [each for each in tab.complaints if "400" not in each]


def test_groups_lead_to_differences_and_rows(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h&by=span.status&figure=count()")
    tab.page.get_by_role("button", name="What differs in error").click()
    side = tab.page.get_by_role("complementary", name="What differs")
    expect(side).to_contain_text("40 selected")
    expect(side).to_contain_text("ReadTimeout")
    assert parameters(tab)["selection"] == ["span.status:error"]
    other = open_page("light")
    other.open(tab.page.url.removeprefix(tab.url))
    expect(other.page.get_by_role("complementary", name="What differs")).to_contain_text("40")
    tab.page.get_by_role("button", name="Rows of error").click()
    expect(tab.page.get_by_role("region", name="Spans")).to_be_visible()
    tab.settle()
    expect(tab.page.locator(".foot")).to_contain_text("40 of 40 spans shown")
    tab.page.get_by_role("link", name="trace", exact=True).first.click()
    expect(tab.page.get_by_role("treegrid")).to_be_visible()
    tab.settle()
    other.settle()


def test_figures_and_groups_are_picked_by_keyboard(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h")
    tab.page.get_by_role("button", name=re.compile("^Group by")).focus()
    tab.page.keyboard.press("Enter")
    tab.page.get_by_role("option", name="service", exact=True).wait_for()
    tab.page.keyboard.press("Space")
    tab.page.keyboard.press("Escape")
    expect(tab.page).to_have_url(re.compile("by=service"))
    expect(tab.page.get_by_role("region", name="Groups")).to_contain_text("payment-service")
    tab.page.get_by_role("button", name=re.compile("^Show")).click()
    tab.page.get_by_label("Own figure").fill("p90(span.duration)")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("button", name="p90(span.duration)", exact=True)).to_be_visible()
    tab.settle()
    assert parameters(tab)["figure"] == ["count()", "p90(span.duration)"]


def test_a_log_line_opens_to_what_was_kept_with_it(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h&dataset=logs&query=locked")
    line = tab.page.get_by_role("button", name=re.compile("wallet row locked for 48 ms")).first
    line.focus()
    tab.page.keyboard.press("Enter")
    expect(line).to_have_attribute("aria-expanded", "true")
    opened = tab.page.locator(".log-open")
    expect(opened).to_contain_text("message.template")
    expect(opened).to_contain_text("wallet row locked for {ms} ms")
    opened.get_by_role("link", name="Open the trace").click()
    expect(tab.page.get_by_role("heading", name="POST /checkout")).to_be_visible()
    tab.settle()


def test_an_error_leads_to_its_issue(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h&dataset=errors&query=error.type:TimeoutError")
    tab.page.get_by_role("link", name="issue", exact=True).first.click()
    expect(tab.page.get_by_role("heading", name="Issues")).to_be_visible()
    expect(tab.page.get_by_text("TimeoutError").first).to_be_visible()
    tab.settle()


def test_what_is_shown_is_saved_as_files(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/explore?statsPeriod=1h&by=service&figure=count()")
    rows = list(csv.DictReader(io.StringIO(saved(tab, "Save as CSV"))))
    counts = {row["service"]: row["count()"] for row in rows}
    assert counts["payment-service"] == "32"
    kept = json.loads(saved(tab, "JSON"))
    assert {row["service"]: str(row["count()"]) for row in kept["data"]} == counts
