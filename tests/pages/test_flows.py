"""What people do on the pages, by keyboard where there is a key."""

import re
from urllib.parse import parse_qs, urlsplit

from playwright.sync_api import Route, expect

from tests.pages.conftest import Opens, Signed, Told
from tests.pages.watched_page import WatchedPage
from vedette.app.admin import create_user, set_password
from vedette.app.settings import load_settings

SOMEBODY = "somebody@vedette.example"
PASSWORD = "correct horse battery staple"


def parameters(tab: WatchedPage) -> dict[str, list[str]]:
    return parse_qs(urlsplit(tab.page.url).query)


def test_a_person_signs_in_with_a_password_and_out_again(empty: Signed, open_page: Opens) -> None:
    settings = load_settings({"data": str(empty.server.data)}).settings
    create_user(settings, email=SOMEBODY, role="member")
    set_password(settings, email=SOMEBODY, password=PASSWORD)
    tab = open_page(signed=False)
    tab.open("/traces?statsPeriod=7d")
    tab.page.get_by_label("E-mail address").fill(SOMEBODY)
    tab.page.get_by_label("Password").fill("wrong")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("alert")).to_contain_text("wrong")
    tab.page.get_by_label("Password").fill(PASSWORD)
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="Traces")).to_be_visible()
    assert parameters(tab)["statsPeriod"] == ["7d"], "the address is kept"

    tab.page.get_by_role("button", name=re.compile("^You")).click()
    tab.page.get_by_role("option", name="Sign out").click()
    expect(tab.page.get_by_role("heading", name="Sign in")).to_be_visible()
    tab.complaints = [each for each in tab.complaints if "401" not in each]


def test_what_is_picked_is_in_the_address_and_links_keep_it(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/traces")
    tab.page.get_by_role("button", name=re.compile("^Time")).click()
    tab.page.get_by_role("option", name="Last hour").click()
    tab.page.get_by_role("button", name=re.compile("^Environment")).click()
    tab.page.get_by_role("option", name="production").click()
    tab.page.get_by_role("button", name=re.compile("^Project")).click()
    tab.page.get_by_role("option", name="default").click()
    tab.page.keyboard.press("Escape")
    picked = {"statsPeriod": ["1h"], "environment": ["production"], "project": ["default"]}
    expect(tab.page).to_have_url(re.compile("project=default"))
    assert parameters(tab) == picked

    tab.settle()
    tab.page.locator(".trace-link").first.click()
    expect(tab.page.get_by_role("treegrid")).to_be_visible()
    assert picked.items() <= parameters(tab).items()
    other = open_page()
    other.open(tab.page.url.removeprefix(tab.url))
    expect(other.page.get_by_role("button", name="Time Last hour")).to_be_visible()


def test_the_palette_goes_anywhere_by_keyboard(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/start")
    tab.page.keyboard.press("Control+k")
    expect(tab.page.get_by_label("Search or jump to")).to_be_focused()
    tab.page.keyboard.type("traces compare")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="Compare two traces")).to_be_visible()
    tab.page.keyboard.press("Control+k")
    expect(tab.page.get_by_label("Search or jump to")).to_be_focused()
    tab.page.keyboard.type(told.shop_trace)
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("heading", name="POST /checkout")).to_be_visible()
    tab.page.keyboard.press("?")
    expect(tab.page.get_by_role("dialog", name="All keys")).to_contain_text("Next error")
    tab.page.keyboard.press("Escape")
    expect(tab.page.get_by_role("dialog")).to_have_count(0)


def test_traces_are_found_by_query_and_facet(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/traces?which=entries")
    tab.page.keyboard.press("/")
    tab.page.keyboard.type("service:payment-service")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_role("table", name="Traces").get_by_role("row")).to_have_count(9)
    facet = tab.page.get_by_role("button", name=re.compile("^error"))
    facet.click()
    expect(tab.page).to_have_url(re.compile("span.status"))
    expect(facet).to_have_attribute("aria-pressed", "true")
    tab.page.get_by_label("Query").fill("service:nothing-of-that-name")
    tab.page.keyboard.press("Enter")
    expect(tab.page.get_by_text("No traces match")).to_be_visible()


def test_the_heatmap_leads_to_a_part_of_it_by_keyboard(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/traces?statsPeriod=1h")
    tab.page.get_by_role("application", name=re.compile("^Durations over time")).focus()
    for key in ("ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowUp"):
        tab.page.keyboard.press(key)
    expect(tab.page.locator("figcaption")).to_contain_text("spans of")
    tab.page.keyboard.press("Enter")
    expect(tab.page).to_have_url(re.compile("span.duration"))
    assert parameters(tab)["start"][0] < parameters(tab)["end"][0]
    tab.settle()


def test_a_journey_leads_from_trace_to_trace(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.bet_trace}?view=journey")
    step = tab.page.get_by_role("row").filter(has_text="click place-bet")
    expect(step).to_have_count(8)
    step.first.get_by_role("link", name="click place-bet").click()
    expect(tab.page).not_to_have_url(re.compile(told.bet_trace))
    expect(tab.page.locator("tr.chosen")).to_contain_text("this")


def test_a_wrong_query_says_what_is_wrong(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open("/traces?query=(service:a")
    expect(tab.page.get_by_role("alert").first).to_contain_text("could not be searched")
    tab.complaints = [each for each in tab.complaints if "400" not in each]


def test_the_waterfall_is_walked_by_keyboard(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.bet_trace}")
    grid = tab.page.get_by_role("treegrid")
    grid.focus()
    rows = int(grid.get_attribute("aria-rowcount") or 0)
    assert rows > 10

    def current() -> str:
        name = tab.page.evaluate(
            "() => document.getElementById(document.activeElement.getAttribute("
            "'aria-activedescendant'))?.getAttribute('aria-label')"
        )
        return str(name)

    assert current().startswith("frontend click place-bet")
    tab.page.keyboard.press("ArrowDown")
    tab.page.keyboard.press("ArrowDown")
    assert current().startswith("api-gateway POST /api/bets/place")
    tab.page.keyboard.press("ArrowLeft")
    expect(grid).to_have_attribute("aria-rowcount", "3")
    tab.page.keyboard.press("ArrowRight")
    expect(grid).to_have_attribute("aria-rowcount", str(rows))
    tab.page.keyboard.press("End")
    assert current().startswith("game-engine kafka publish")
    tab.page.keyboard.press("Home")
    tab.page.keyboard.press("w")
    start = tab.page.get_by_role("slider", name="Start of what is shown")
    end = tab.page.get_by_role("slider", name="End of what is shown")
    assert int(end.get_attribute("aria-valuenow") or 0) < int(
        end.get_attribute("aria-valuemax") or 0
    )
    end.focus()
    tab.page.keyboard.press("End")
    start.focus()
    tab.page.keyboard.press("Home")
    assert start.get_attribute("aria-valuenow") == "0"
    tab.page.keyboard.press("!")
    drawer = tab.page.get_by_role("complementary", name="Span")
    expect(drawer).to_contain_text("error")
    tab.page.keyboard.press("Escape")
    expect(drawer).to_have_count(0)


def test_a_link_to_a_span_opens_it_wherever_it_is(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.bet_trace}?find=%22attempt%202%22")
    tab.page.keyboard.press("n")
    expect(tab.page).to_have_url(re.compile("span="))
    other = open_page("light")
    other.open(tab.page.url.removeprefix(tab.url))
    drawer = other.page.get_by_role("complementary", name="Span")
    expect(drawer.get_by_role("heading", name="acquirer.authorize, attempt 2")).to_be_visible()
    expect(drawer).to_contain_text("acquirer-b")
    expect(other.page.locator(".wf-row[aria-selected='true']")).to_contain_text("attempt 2")


def test_a_filter_prunes_and_says_how_much(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.bet_trace}")
    tab.page.get_by_label("Filter spans").fill("service:payment-service status:error")
    expect(tab.page.get_by_role("row", name=re.compile("pruned")).first).to_be_visible()
    expect(tab.page.locator(".foot")).to_contain_text("3 match the filter")
    tab.page.get_by_role("row", name=re.compile("pruned")).first.click()
    tab.page.get_by_label("Filter spans").fill("colour:red")
    expect(tab.page.get_by_role("alert")).to_contain_text("not known here")


def test_errors_and_logs_stand_on_their_spans(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.shop_trace}?view=logs")
    expect(tab.page.get_by_role("cell", name="wallet row locked for 48 ms")).to_be_visible()
    tab.page.get_by_role("button", name="Waterfall").click()
    tab.page.keyboard.press("!")
    drawer = tab.page.get_by_role("complementary", name="Span")
    expect(drawer).to_contain_text("acquirer-b did not answer within 400 ms")


def test_two_traces_are_compared(open_page: Opens, told: Told) -> None:
    tab = open_page()
    tab.open(f"/traces/{told.bet_trace}")
    tab.page.get_by_role("link", name="Compare").click()
    tab.page.get_by_label("After").fill(told.shop_trace)
    tab.page.keyboard.press("Enter")
    row = tab.page.get_by_role("row").filter(has_text="POST /checkout").first
    expect(row).to_contain_text("new")


def test_an_address_without_a_page_and_a_trace_that_is_not_there_say_so(
    open_page: Opens, told: Told
) -> None:
    tab = open_page()
    tab.open("/nothing/of/that/name")
    expect(tab.page.get_by_text("There is no page at this address")).to_be_visible()
    tab.open(f"/traces/{'f' * 32}")
    expect(tab.page.get_by_role("alert")).to_contain_text("could not be read")
    tab.complaints = [each for each in tab.complaints if "404" not in each]


def test_a_server_that_does_not_answer_is_said_and_asked_again(
    open_page: Opens, told: Told
) -> None:
    tab = open_page()
    tab.open("/traces")

    def refuse(route: Route) -> None:
        route.abort()

    list_of_traces = re.compile("/api/v1/traces")
    tab.page.route(list_of_traces, refuse)
    tab.page.get_by_label("Query").fill("service:frontend")
    tab.page.keyboard.press("Enter")
    alert = tab.page.get_by_role("alert").first
    expect(alert).to_contain_text("did not answer", timeout=15_000)
    tab.page.unroute(list_of_traces, refuse)
    alert.get_by_role("button", name="Try again").click()
    expect(tab.page.get_by_role("table", name="Traces")).to_be_visible()
    tab.complaints = [each for each in tab.complaints if "ERR_FAILED" not in each]


def test_the_theme_is_chosen_and_remembered(open_page: Opens, told: Told) -> None:
    tab = open_page("light")
    tab.open("/traces")
    tab.page.keyboard.press("Alt+t")
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
    tab.page.reload()
    expect(tab.page.locator("html")).to_have_attribute("data-theme", "dark")
