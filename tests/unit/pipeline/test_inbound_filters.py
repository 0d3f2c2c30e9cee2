"""Each filter lets go of what it is for, says why, and touches nothing else."""

from dataclasses import replace
from typing import Final

import pytest

from tests.unit.pipeline.test_normalise_event import FACTS, normalised
from vedette.model.json_value import JsonValue
from vedette.model.project_rules import LEGACY_BROWSERS_BY_DEFAULT, FilterRules
from vedette.pipeline.agent_contexts import agent_of
from vedette.pipeline.inbound_filters import filter_reason

NOTHING: Final = FilterRules(hydration_errors=False, chunk_load_errors=False, health_checks=False)
CHROME: Final = "Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/120.0.0.0 Safari/537.36"
IE9: Final = "Mozilla/5.0 (compatible; MSIE 9.0; Windows NT 6.1; Trident/5.0)"
GOOGLE: Final = "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)"


def reason(event: JsonValue, rules: FilterRules, *, platform: str = "javascript") -> str | None:
    found = normalised(event, replace(FACTS, platform=platform))
    agent = agent_of(found, user_agent="")
    return filter_reason(found, agent, rules, client_address="203.0.113.7")


def error(kind: str, value: str, path: str = "https://shop.test/a.js") -> JsonValue:
    frames: JsonValue = [{"abs_path": path, "function": "f"}, {"abs_path": "<anonymous>"}]
    return {"exception": [{"type": kind, "value": value, "stacktrace": {"frames": frames}}]}


def by(user_agent: str) -> JsonValue:
    return {"message": "x", "request": {"headers": {"User-Agent": user_agent}}}


@pytest.mark.parametrize(
    ("event", "rules", "expected"),
    [
        (by(GOOGLE), replace(NOTHING, web_crawlers=True), "web-crawlers"),
        (by("Acme-Spider/1.0 (x)"), replace(NOTHING, web_crawlers=True), "web-crawlers"),
        (by("ChatGPT-User/1.0; bot)"), replace(NOTHING, web_crawlers=True), None),
        (by(CHROME), replace(NOTHING, web_crawlers=True), None),
        (by(IE9), replace(NOTHING, legacy_browsers=frozenset({"ie9"})), "legacy-browsers"),
        (by(IE9), replace(NOTHING, legacy_browsers=frozenset({"ie_pre_9"})), None),
        (by(CHROME), replace(NOTHING, legacy_browsers=LEGACY_BROWSERS_BY_DEFAULT), None),
        (
            {"request": {"url": "http://app.localhost:3000/"}},
            replace(NOTHING, localhost=True),
            "localhost",
        ),
        ({"request": {"url": "file:///a"}}, replace(NOTHING, localhost=True), "localhost"),
        ({"request": {"url": "http://localhost.com"}}, replace(NOTHING, localhost=True), None),
        ({"request": {"url": "http://[::1"}}, replace(NOTHING, localhost=True), None),
        (
            {"request": {"headers": {"Host": "localhost:80"}}},
            replace(NOTHING, localhost=True),
            "localhost",
        ),
        ({"user": {"ip_address": "::1"}}, replace(NOTHING, localhost=True), "localhost"),
        (
            error("TypeError", "x", "chrome-extension://abc/x.js"),
            replace(NOTHING, browser_extensions=True),
            "browser-extensions",
        ),
        (
            error("Error", "Extension context invalidated."),
            replace(NOTHING, browser_extensions=True),
            "browser-extensions",
        ),
        (error("TypeError", "x"), replace(NOTHING, browser_extensions=True), None),
        ({"release": "shop@1.2.3"}, replace(NOTHING, releases=("shop@1.*",)), "release-version"),
        ({"release": "shop@2.0"}, replace(NOTHING, releases=("shop@1.*",)), None),
        (
            error("KeyError", "no such thing"),
            replace(NOTHING, error_messages=("keyerror: no*",)),
            "error-message",
        ),
        (
            {"message": "disk full on web-1"},
            replace(NOTHING, error_messages=("disk*",)),
            "error-message",
        ),
        ({"message": "x"}, replace(NOTHING, addresses=("203.0.113.0/24",)), "ip-address"),
        (
            {"user": {"ip_address": "10.1.2.3"}},
            replace(NOTHING, addresses=("10.0.0.0/8",)),
            "ip-address",
        ),
        ({"message": "x"}, replace(NOTHING, addresses=("198.51.100.1", "no address")), None),
        (
            error("Error", "Minified React error #418; visit https://react.dev/errors/418 for"),
            replace(NOTHING, hydration_errors=True),
            "react-hydration-errors",
        ),
        (
            error("Error", "Minified React error #4180"),
            replace(NOTHING, hydration_errors=True),
            None,
        ),
        (
            error("ChunkLoadError", "Loading chunk 7 failed. (timeout)"),
            replace(NOTHING, chunk_load_errors=True),
            "chunk-load-error",
        ),
    ],
)
def test_a_filter_lets_go_of_what_it_is_for(
    event: JsonValue, rules: FilterRules, expected: str | None
) -> None:
    assert reason(event, rules) == expected
    assert reason(event, NOTHING) is None


def test_errors_of_browsers_are_looked_for_in_browsers() -> None:
    rules = replace(NOTHING, chunk_load_errors=True)

    assert reason(error("ChunkLoadError", "x"), rules, platform="node") is None
