"""A page in a browser that is watched: what it asks for, what it complains of."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Page, Request

AXE: Final = Path(__file__).parents[2] / "ui" / "node_modules" / "axe-core" / "axe.min.js"
STANDARD: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SETTLED_MS: Final = 20_000
LOOK_EVERY_MS: Final = 25
QUIET_LOOKS: Final = 4
"""As often nothing was waited for: what an answer leads to has been asked by then."""


@dataclass
class WatchedPage:
    """One tab."""

    page: Page
    url: str
    complaints: list[str] = field(default_factory=list)
    foreign: list[str] = field(default_factory=list)
    asked: int = 0
    """Requests without an answer yet."""

    def __post_init__(self) -> None:
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("request", self._see)
        self.page.on("requestfinished", self._answered)
        self.page.on("requestfailed", self._answered)
        self.page.set_default_timeout(SETTLED_MS)

    def open(self, path: str) -> None:
        """Go to an address of the pages, and wait until it asks for nothing more."""
        self.page.goto(f"{self.url}{path}")
        self.settle()

    def settle(self) -> None:
        """Wait until what the page waits for has come."""
        quiet = 0
        for _ in range(SETTLED_MS // LOOK_EVERY_MS):
            is_waiting = self.asked > 0 or self.page.locator(".loading").count() > 0
            quiet = 0 if is_waiting else quiet + 1
            if quiet == QUIET_LOOKS:
                return
            self.page.wait_for_timeout(LOOK_EVERY_MS)
        raise AssertionError("the page did not come to rest")

    def violations(self, rules_off: Sequence[str] = ()) -> list[str]:
        """Return what breaks WCAG 2.2 A and AA, each with its place."""
        self.page.evaluate(AXE.read_text())
        options = {
            "runOnly": {"type": "tag", "values": STANDARD},
            "rules": {rule: {"enabled": False} for rule in rules_off},
        }
        found: Any = self.page.evaluate("options => axe.run(document, options)", options)
        return [
            f"{violation['id']}: {node['html'][:200]} ({node['failureSummary']})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type in {"error", "warning"}:
            self.complaints.append(message.text)

    def _answered(self, _request: Request) -> None:
        self.asked -= 1

    def _see(self, request: Request) -> None:
        self.asked += 1
        parts = urlsplit(request.url)
        if parts.scheme in {"http", "https"} and not request.url.startswith(f"{self.url}/"):
            self.foreign.append(request.url)
