"""Browsers, systems and devices are told by what the sender says of itself."""

from dataclasses import replace
from typing import Any

from tests.unit.pipeline.test_normalise_event import FACTS, normalised
from vedette.model.json_value import JsonValue
from vedette.pipeline.agent_contexts import add_agent, agent_of

CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
)
IPHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML,"
    " like Gecko) Version/17.1 Mobile/15E148 Safari/604.1"
)


def told(event: dict[str, JsonValue], *, platform: str = "javascript", by: str = "") -> Any:
    found = normalised(event, replace(FACTS, platform=platform))
    add_agent(found, agent_of(found, user_agent=by))
    return found.body


def headers(**values: str) -> dict[str, JsonValue]:
    named: JsonValue = {key.replace("_", "-"): value for key, value in values.items()}
    return {"request": {"headers": named}}


def test_a_browser_is_known_by_its_user_agent() -> None:
    body = told(headers(User_Agent=CHROME))

    assert body["contexts"]["browser"] == {
        "name": "Chrome",
        "version": "120.0.0",
        "type": "browser",
    }
    assert body["contexts"]["os"] == {"name": "Windows", "version": ">=10", "type": "os"}
    assert ["browser", "Chrome 120.0.0"] in body["tags"]
    assert ["os.name", "Windows"] in body["tags"]


def test_devices_are_known_too() -> None:
    body = told(headers(User_Agent=IPHONE))

    assert body["contexts"]["device"]["brand"] == "Apple"
    assert ["device.family", "iPhone"] in body["tags"]


def test_client_hints_are_believed_before_the_user_agent() -> None:
    body = told(
        headers(
            User_Agent=CHROME,
            Sec_CH_UA='"Chromium";v="121", "Not A(Brand";v="99", "Google Chrome";v="121"',
            Sec_CH_UA_Platform='"Windows"',
            Sec_CH_UA_Platform_Version='"15.0.0"',
        )
    )

    assert body["contexts"]["browser"]["name"] == "Chrome"
    assert body["contexts"]["browser"]["version"] == "121"
    assert body["contexts"]["os"]["version"] == "15.0.0"


def test_a_servers_own_system_stays_apart_from_its_clients() -> None:
    event = headers(User_Agent=CHROME) | {"contexts": {"os": {"name": "Linux", "version": "6.1"}}}

    contexts = told(event, platform="python")["contexts"]

    assert contexts["os"]["name"] == "Linux"
    assert contexts["client_os"]["name"] == "Windows"


def test_what_the_event_says_itself_stays() -> None:
    event = headers(User_Agent=CHROME) | {
        "contexts": {"browser": {"name": "Ours"}},
        "tags": {"browser": "mine"},
    }

    body = told(event)

    assert body["contexts"]["browser"] == {"name": "Ours"}
    assert ["browser", "mine"] in body["tags"]
    assert ["browser.name", "Ours"] in body["tags"]


def test_reports_of_browsers_are_known_by_the_request_that_brought_them() -> None:
    assert told({"type": "csp"}, by=CHROME)["contexts"]["browser"]["name"] == "Chrome"
    assert "contexts" not in told({}, by=CHROME)


def test_tags_follow_from_the_error_and_the_request() -> None:
    event: dict[str, JsonValue] = {
        "request": {"url": "https://shop.test/cart?token=1#top"},
        "exception": [{"type": "E", "mechanism": {"type": "onerror", "handled": False}}],
    }

    tags = told(event)["tags"]

    assert ["url", "https://shop.test/cart"] in tags
    assert ["handled", "no"] in tags
    assert ["mechanism", "onerror"] in tags


def test_no_header_breaks_it() -> None:
    for text in ("", " ", "x" * 100_000, "\x00", "(" * 5_000, "Mozilla/5.0 " * 80):
        told(headers(User_Agent=text, Sec_CH_UA=text, Sec_CH_UA_Platform=text))
    told({"request": {"headers": [["User-Agent"], "x", 7, ["User-Agent", ["a"]]]}})
