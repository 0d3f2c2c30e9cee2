"""What was sent is shown as text, never run, on every page."""

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import NARROW, Opens, Told

VIEWS = ["", "?view=flame", "?view=list", "?view=statistics", "?view=logs"]


@pytest.mark.parametrize("view", VIEWS)
def test_a_trace_of_scripts_runs_none(view: str, open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.hostile_trace}{view}")
    tab.page.keyboard.press("!")
    tab.page.get_by_role("complementary", name="Span").wait_for()
    tab.settle()
    for name in ("Events", "Logs", "Links"):
        part = tab.page.get_by_role("navigation", name="Parts of the span")
        part.get_by_role("button", name=name).click()
    assert tab.page.title() == "Vedette"
    assert tab.page.locator("main img, main script").count() == 0
    tab.page.set_viewport_size({"width": NARROW[0], "height": NARROW[1]})
    assert tab.page.evaluate("document.scrollingElement.scrollWidth") <= NARROW[0]


def test_lists_show_scripts_as_text(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/traces?statsPeriod=1h")
    expect(tab.page.get_by_text("<img src=x").first).to_be_visible()
    assert tab.page.title() == "Vedette"


def test_an_address_of_scripts_is_shown_as_text(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/<script>document.title='broken'</script>?query=<img src=x onerror=alert(1)>")
    tab.open("/traces?query=%3Cimg%20src%3Dx%3E&project=%22%3E%3Cscript%3E&environment=%3Cb%3E")
    assert tab.page.title() == "Vedette"
    tab.complaints = [each for each in tab.complaints if "40" not in each]
