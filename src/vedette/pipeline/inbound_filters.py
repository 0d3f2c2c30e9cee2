"""Which events a project does not want at all, and why not, in the words of Sentry's statistics."""

import ipaddress
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeAlias
from urllib.parse import urlsplit

from vedette.model.json_value import JsonObject
from vedette.model.project_rules import FilterRules
from vedette.pipeline.event_reading import (
    exceptions_of,
    frames_of,
    header_of,
    release_of,
    text_at,
    text_of,
)
from vedette.pipeline.grouping.glob import Matches, compile_glob
from vedette.pipeline.normalise_event import NormalisedEvent
from vedette.pipeline.user_agent import Agent

_Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

_LOCAL_ADDRESSES: Final = ("127.0.0.1", "::1")
_LOCAL_HOSTS: Final = ("localhost", "127.0.0.1")
_ANONYMOUS: Final = ("<anonymous>", "[native code]")
_TEXT_LENGTH_MAX: Final = 1_000
"""Of a message so much is compared with patterns."""

_CRAWLERS: Final = re.compile(
    r"""Mediapartners-Google|AdsBot|Googlebot|FeedFetcher|Bingbot|BingPreview|Baiduspider|Slurp
    |Sogou|facebookexternalhit|meta-external|ia_archiver|Yandex|DuckDuck|Applebot|AhrefsBot
    |SemrushBot|Twitterbot|LinkedInBot|Slackbot-LinkExpanding|Slack-ImgProxy|Pinterest|Discordbot
    |TelegramBot|WhatsApp|Bytespider|GPTBot|OAI-SearchBot|ClaudeBot|Claude-Web|CCBot|PerplexityBot
    |Amazonbot|Lighthouse|GTmetrix|Pingdom|UptimeRobot|Better.Uptime|StatusCake|HubSpot
    |AWS.Security.Scanner|ELB-HealthChecker|Cloudflare-Healthchecks|GoogleHC|kube-probe|Lightpanda
    |(?:bot|spider|crawler)(?:[/;,)\s]|$)""",
    re.IGNORECASE | re.VERBOSE,
)
_NO_CRAWLERS: Final = re.compile(
    r"Slackbot\s1\.\d|SentryUptimeBot|ChatGPT-User|CUBOT", re.IGNORECASE
)
"""Somebody waits for the answer, or it is a telephone of that name."""

_EXTENSION_SOURCES: Final = re.compile(
    r"""^chrome(-extension)?://|^moz-extension://|^safari(-web)?-extension://|webkit-masked-url
    |graph\.facebook\.com|connect\.facebook\.net|woopra|127\.0\.0\.1:4001/isrunning
    |webappstoolbarba\.texthelp\.com|metrics\.itunes\.apple\.com\.edgesuite|kaspersky-labs\.com""",
    re.IGNORECASE | re.VERBOSE,
)
_EXTENSION_TEXTS: Final = re.compile(
    "|".join(
        re.escape(text)
        for text in (
            *("Extension context invalidated", "webkit-masked-url:", "can't access dead object"),
            *("top.GLOBALS", "originalCreateNotification", "canvas.contentDocument", "_gCrWeb"),
            *("MyApp_RemoveAllHighlights", "Can't find variable: ZiteReader", "fb_xd_fragment"),
            *("jigsaw is not defined", "ComboSearch is not defined", "atomicFindClose"),
            *("bmi_SafeAddOnload", "EBCallBackMessageReceived", "conduitPage"),
            *("http://tt.epicplay.com", "http://loading.retry.widdit.com/"),
            "null is not an object (evaluating 'elt.parentNode')",
            "plugin.setSuspendState is not a function",
        )
    ),
    re.IGNORECASE,
)
_HYDRATION: Final = re.compile(
    r"""hydration\sfailed|error(\sthat\soccurred)?\s(occurred\s)?while\shydrating
    |text\scontent\sdoes\snot\smatch\sserver-rendered
    |did\snot\smatch\.\sserver:|didn't\smatch\sthe\sclient|hydrated\sbut\ssome\sattributes
    |suspense\sboundary\sreceived\san\supdate\sbefore\sit\sfinished\shydrating
    |(?:react\.dev/errors/|error-decoder(?:\.html)?/?\?invariant=|minified\sreact\serror\s\#)
     (?:418|419|422|423|425)(?!\d)""",
    re.IGNORECASE | re.VERBOSE,
)
_CHUNK: Final = re.compile(
    r"loading (?:css )?chunk \S{1,100} failed|ChunkLoadError|dynamically imported module",
    re.IGNORECASE,
)

# Browser, first version that is let go, first that is not.
_OLD: Final[dict[str, tuple[str, int, int]]] = {
    "ie_pre_9": ("IE", 0, 9),
    "ie9": ("IE", 9, 10),
    "ie10": ("IE", 10, 11),
    "ie11": ("IE", 11, 12),
    "ie": ("IE", 0, 12),
    "edge_pre_79": ("Edge", 0, 79),
    "edge": ("Edge", 0, 111),
    "safari_pre_6": ("Safari", 0, 6),
    "safari": ("Safari", 0, 16),
    "opera_pre_15": ("Opera", 0, 15),
    "opera": ("Opera", 0, 99),
    "opera_mini_pre_8": ("Opera Mini", 0, 8),
    "opera_mini": ("Opera Mini", 0, 35),
    "android_pre_4": ("Android", 0, 4),
    "android": ("Android", 0, 118),
    "firefox": ("Firefox", 0, 111),
    "chrome": ("Chrome", 0, 111),
}
_FAMILIES: Final = {"IE Mobile": "IE", "Edge Mobile": "Edge", "Mobile Safari": "Safari"}


class FilterReason:
    """Why an event was let go."""

    ADDRESS: Final = "ip-address"
    RELEASE: Final = "release-version"
    LOCALHOST: Final = "localhost"
    ERROR_MESSAGE: Final = "error-message"
    BROWSER_EXTENSION: Final = "browser-extensions"
    LEGACY_BROWSER: Final = "legacy-browsers"
    WEB_CRAWLER: Final = "web-crawlers"
    HYDRATION_ERROR: Final = "react-hydration-errors"
    CHUNK_LOAD_ERROR: Final = "chunk-load-error"


def filter_reason(
    event: NormalisedEvent, agent: Agent, rules: FilterRules, *, client_address: str
) -> str | None:
    """Return why the project does not want the event; None if it does.

    Args:
        event: The event.
        agent: Who is behind it.
        rules: What the project does not want.
        client_address: Who sent it.
    """
    subject = _Subject(event.body, event.platform, agent, rules, client_address)
    return next((reason for reason, holds in _FILTERS if holds(subject)), None)


@dataclass(frozen=True, slots=True)
class _Subject:
    body: JsonObject
    platform: str
    agent: Agent
    rules: FilterRules
    client_address: str


def _is_from(subject: _Subject) -> bool:
    networks = _networks(subject.rules.addresses)
    if not networks:
        return False
    for text in (subject.client_address, text_at(subject.body, "user", "ip_address")):
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            continue
        if any(address in network for network in networks):
            return True
    return False


@lru_cache(maxsize=64)
def _networks(texts: tuple[str, ...]) -> tuple[_Network, ...]:
    found: list[_Network] = []
    for text in texts:
        try:
            found.append(ipaddress.ip_network(text, strict=False))
        except ValueError:
            # Options are checked when they are set: this is of an older version.
            continue
    return tuple(found)


def _is_release(subject: _Subject) -> bool:
    patterns = subject.rules.releases
    if not patterns:
        return False
    release = release_of(subject.body)
    return bool(release) and _matches_any(patterns, [release])


def _is_local(subject: _Subject) -> bool:
    body = subject.body
    if not subject.rules.localhost:
        return False
    if text_at(body, "user", "ip_address") in _LOCAL_ADDRESSES:
        return True
    if header_of(body, "x-forwarded-for") in _LOCAL_ADDRESSES:
        return True
    url = text_at(body, "request", "url")
    if url:
        try:
            parts = urlsplit(url)
            host = (parts.hostname or "").lower()
        except ValueError:
            return False
        return parts.scheme == "file" or any(
            host == local or host.endswith(f".{local}") for local in _LOCAL_HOSTS
        )
    hosts = (header_of(body, name).partition(":")[0] for name in ("host", "x-forwarded-host"))
    return any(host.lower() in _LOCAL_HOSTS for host in hosts)


def _says(subject: _Subject) -> bool:
    patterns = subject.rules.error_messages
    return bool(patterns) and _matches_any(patterns, list(_messages(subject.body)))


def _messages(body: JsonObject) -> Iterator[str]:
    for exception in exceptions_of(body):
        kind, value = text_of(exception.get("type")), text_of(exception.get("value"))
        yield f"{kind}: {value}" if kind and value else kind or value
        if kind and value:
            yield value
    for key in ("formatted", "message"):
        text = text_at(body, "logentry", key)
        if text:
            yield text


def _matches_any(patterns: tuple[str, ...], texts: Sequence[str]) -> bool:
    return any(matches(text[:_TEXT_LENGTH_MAX]) for matches in _globs(patterns) for text in texts)


@lru_cache(maxsize=128)
def _globs(patterns: tuple[str, ...]) -> tuple[Matches, ...]:
    return tuple(compile_glob(pattern, ignore_case=True) for pattern in patterns)


def _is_from_extension(subject: _Subject) -> bool:
    if not subject.rules.browser_extensions:
        return False
    for exception in exceptions_of(subject.body):
        if _EXTENSION_TEXTS.search(text_of(exception.get("value"))[:_TEXT_LENGTH_MAX]):
            return True
        paths = (text_of(frame.get("abs_path")) for frame in reversed(frames_of(exception)))
        source = next((path for path in paths if path not in _ANONYMOUS), "")
        if _EXTENSION_SOURCES.search(source[:_TEXT_LENGTH_MAX]):
            return True
    return False


def _is_old(subject: _Subject) -> bool:
    browser, chosen = subject.agent.browser, subject.rules.legacy_browsers
    if not chosen or browser is None or not browser.version:
        return False
    family = _FAMILIES.get(browser.name, browser.name)
    return any(
        family == name and first <= browser.major < end
        for name, first, end in (_OLD[each] for each in chosen if each in _OLD)
    )


def _is_crawler(subject: _Subject) -> bool:
    if not subject.rules.web_crawlers:
        return False
    text = header_of(subject.body, "user-agent")[:_TEXT_LENGTH_MAX]
    return bool(_CRAWLERS.search(text)) and not _NO_CRAWLERS.search(text)


def _is_hydration_error(subject: _Subject) -> bool:
    return subject.rules.hydration_errors and _any_error_is(subject, _HYDRATION)


def _is_chunk_load_error(subject: _Subject) -> bool:
    return subject.rules.chunk_load_errors and _any_error_is(subject, _CHUNK)


def _any_error_is(subject: _Subject, pattern: re.Pattern[str]) -> bool:
    # Both are errors of browsers; a server that tells of one has a problem of its own.
    if subject.platform != "javascript":
        return False
    return any(pattern.search(text[:_TEXT_LENGTH_MAX]) for text in _messages(subject.body))


_FILTERS: Final[tuple[tuple[str, Callable[[_Subject], bool]], ...]] = (
    (FilterReason.ADDRESS, _is_from),
    (FilterReason.RELEASE, _is_release),
    (FilterReason.LOCALHOST, _is_local),
    (FilterReason.ERROR_MESSAGE, _says),
    (FilterReason.BROWSER_EXTENSION, _is_from_extension),
    (FilterReason.LEGACY_BROWSER, _is_old),
    (FilterReason.WEB_CRAWLER, _is_crawler),
    (FilterReason.HYDRATION_ERROR, _is_hydration_error),
    (FilterReason.CHUNK_LOAD_ERROR, _is_chunk_load_error),
)
"""Reason and test, in the order in which they are asked."""
