"""Settings: a project from its making to its end, keys switched off, tokens shown once."""

import re

from playwright.sync_api import expect

from tests.pages.conftest import Opens, Told


def test_a_project_is_made_its_key_switched_off_and_it_ends_when_asked(
    open_page: Opens, told: Told
) -> None:
    tab = open_page()
    tab.open("/settings")
    tab.page.get_by_label("Name").fill("Short lived")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile("/settings/projects/short-lived"))
    keys = tab.page.get_by_role("region", name="Keys")
    expect(keys).to_contain_text("http://")
    keys.get_by_role("button", name=re.compile("^Switch off the key")).click()
    asked = keys.get_by_role("alertdialog")
    expect(asked.get_by_role("button", name="Keep")).to_be_focused()
    asked.get_by_role("button", name="Switch off").click()
    expect(keys).to_contain_text("switched off")
    tab.page.get_by_role("button", name="Delete the project Short lived").click()
    tab.page.get_by_role("alertdialog").get_by_role("button", name="Delete").click()
    expect(tab.page.get_by_role("heading", name="New project")).to_be_visible()
    expect(tab.page.get_by_role("link", name="Short lived")).to_have_count(0)
    tab.settle()
    tab.complaints = [each for each in tab.complaints if "404" not in each]


def test_a_token_is_shown_once(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/settings/tokens")
    tab.page.get_by_label("Name").fill("Nightly")
    tab.page.get_by_role("button", name="Make the token").click()
    expect(tab.page.get_by_text("it is not shown again")).to_be_visible()
    tab.settle()
    tab.page.reload()
    expect(tab.page.get_by_role("button", name="Revoke the token Nightly")).to_be_visible()
    expect(tab.page.get_by_text("it is not shown again")).to_have_count(0)
    tab.settle()
