"""Which browser, system and device a User-Agent and its client hints name."""

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from ua_parser import Parser
from ua_parser.loaders import load_builtins
from ua_parser.regex import Resolver

TEXT_LENGTH_MAX: Final = 1_000
"""Longer ones are no browser's."""

_KNOWN_MAX: Final = 4_096
_BRAND: Final = re.compile(r'"([^"]*)"\s*;\s*v="([^"]*)"')
_NO_BRAND: Final = re.compile(r"not.{0,5}brand", re.IGNORECASE)
# Browsers stopped counting these up; the real version is this one or any later.
_FROZEN_SYSTEMS: Final = {("Windows", "10"): ">=10", ("Mac OS X", "10.15.7"): ">=10.15.7"}


@dataclass(frozen=True, slots=True)
class Named:
    """A browser or a system; the version is empty if it is not known."""

    name: str
    version: str

    @property
    def major(self) -> int:
        """Return the first number of the version; 0 if there is none."""
        digits = re.match(r"\D*(\d{1,9})", self.version)
        return int(digits[1]) if digits else 0


@dataclass(frozen=True, slots=True)
class Device:
    """What the browser runs on."""

    family: str
    model: str
    brand: str


@dataclass(frozen=True, slots=True)
class Agent:
    """What is known of a sender. What is not known is None."""

    browser: Named | None
    system: Named | None
    device: Device | None


@dataclass(frozen=True, slots=True)
class Hints:
    """Headers by which newer browsers say more, as they were sent."""

    brands: str = ""
    platform: str = ""
    platform_version: str = ""
    model: str = ""


_NO_HINTS: Final = Hints()


def read_agent(text: str, hints: Hints = _NO_HINTS) -> Agent:
    """Return what a User-Agent says; where hints say something, they are believed instead."""
    agent = _read_text(text[:TEXT_LENGTH_MAX])
    if hints == _NO_HINTS:
        return agent
    return Agent(
        _browser_by(hints) or agent.browser,
        _system_by(hints) or agent.system,
        _device_by(hints, agent.device) or agent.device,
    )


@cache
def _parser() -> Parser:
    # Takes a fifth of a second: at the first browser, not at the start.
    return Parser(Resolver(load_builtins()))


@lru_cache(maxsize=_KNOWN_MAX)
def _read_text(text: str) -> Agent:
    if not text.strip():
        return Agent(None, None, None)
    found = _parser().parse(text)
    browser, system, device = found.user_agent, found.os, found.device
    return Agent(
        Named(browser.family, _version(browser.major, browser.minor, browser.patch))
        if browser is not None and browser.family != "Other"
        else None,
        _system(system.family, _version(system.major, system.minor, system.patch))
        if system is not None and system.family != "Other"
        else None,
        Device(device.family, device.model or device.family, device.brand or "")
        if device is not None and device.family != "Other"
        else None,
    )


def _version(*parts: str | None) -> str:
    known: list[str] = []
    for part in parts:
        if not part:
            break
        known.append(part)
    return ".".join(known)


def _system(name: str, version: str) -> Named:
    return Named(name, _FROZEN_SYSTEMS.get((name, version), version))


def _browser_by(hints: Hints) -> Named | None:
    brands = [
        (name, version)
        for name, version in _BRAND.findall(hints.brands[:TEXT_LENGTH_MAX])
        if not _NO_BRAND.search(name)
    ]
    # Every such browser also calls itself by the name of the engine it is made of.
    own = [each for each in brands if each[0] != "Chromium"] or brands
    if not own:
        return None
    name, version = own[0]
    return Named("Chrome" if name == "Google Chrome" else name, version)


def _system_by(hints: Hints) -> Named | None:
    name = _unquoted(hints.platform)
    return Named(name, _unquoted(hints.platform_version)) if name else None


def _device_by(hints: Hints, known: Device | None) -> Device | None:
    model = _unquoted(hints.model)
    if not model:
        return None
    return Device(known.family if known else model, model, known.brand if known else "")


def _unquoted(text: str) -> str:
    return text[:TEXT_LENGTH_MAX].strip().strip('"')
