"""Somebody who uses the platform: through the gateway, with a real browser, or by deploying to it."""

import os
import shutil
import subprocess
import time
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

import httpx

from contracts.contract import Step
from control.settings import PLATFORM_DIR

CALL_SECONDS_MAX: Final = 30.0
TRIES_MAX: Final = 8
RATE_PAUSE_SECONDS: Final = 0.5
EFFECTIVE_SECONDS_MAX: Final = 5.0
BROWSER_MILLISECONDS_MAX: Final = 30_000
DEPLOY_SECONDS_MAX: Final = 180.0
PLAYER: Final = "player-0001"
FIRST_VERSION: Final = "1.0.0"


@dataclass(frozen=True, slots=True)
class Observed:
    """What a step told us: by these ids its signals are found in the server."""

    step: str
    at: float
    status: int
    trace_id: str
    fault_id: str = ""


class NoBrowserError(Exception):
    """There is no Chromium on this machine."""


class Visitor:
    """Performs steps. Use as a context manager: it may hold a browser."""

    def __init__(self, settings: dict[str, str]) -> None:
        self._settings = settings
        self._debug = {"X-Debug-Token": settings["DEBUG_TOKEN"]}
        self._http = httpx.Client(
            base_url=f"http://127.0.0.1:{settings['API_GATEWAY_PORT']}", timeout=CALL_SECONDS_MAX
        )
        self._token = ""
        self._browser: Browser | None = None
        self._version = FIRST_VERSION

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._version != FIRST_VERSION:
            self._deploy(FIRST_VERSION)
        if self._browser:
            self._browser.close()
        self._http.close()

    def perform(self, step: Step) -> Observed:
        """Do one step as often as it says; the last time counts."""
        observed = None
        for _ in range(step.times):
            if step.deploy:
                self._deploy(step.deploy)
                observed = Observed(step.name, time.time(), 0, "")
            else:
                observed = self._in_browser(step) if step.browser else self._by_http(step)
        assert observed is not None
        return observed

    def switch(self, fault: str, *, on: bool) -> None:
        """Switch a fault and, when it goes on, wait until its service has taken note."""
        body = {"enabled": on, "seconds_to_live": 300}
        self._http.put(f"/api/faults/{fault}", json=body, headers=self._debug).raise_for_status()
        if fault.startswith(("frontend/", "admin-panel/")):
            return  # a page takes note when it is open
        deadline = time.monotonic() + EFFECTIVE_SECONDS_MAX
        while on and time.monotonic() < deadline:
            states = self._http.get("/api/faults").json()
            if any(state["name"] == fault and state.get("effective_at") for state in states):
                return
            time.sleep(0.05)
        if on:
            raise TimeoutError(f"{fault} was not in effect after {EFFECTIVE_SECONDS_MAX} s")

    def all_off(self) -> None:
        """Switch every fault off and wait until every service has asked since."""
        self._http.post("/api/faults/all-off", headers=self._debug).raise_for_status()
        time.sleep(0.6)  # services ask every half second; there is no sign for "has noted off"

    def figures(self) -> dict[str, object]:
        """Return what the business counts of itself."""
        answer: dict[str, object] = self._http.get("/api/analytics/business").json()
        return answer

    def games(self) -> list[dict[str, object]]:
        """Return the games with the return to player that their mathematics promise."""
        answer: list[dict[str, object]] = self._http.get("/api/games").json()
        return answer

    def _by_http(self, step: Step) -> Observed:
        headers = dict(self._debug)
        if step.as_player:
            headers["Authorization"] = f"Bearer {self._sign_in()}"
        for _ in range(TRIES_MAX):
            at = time.time()
            answer = self._http.request(step.method, step.path, json=step.body, headers=headers)
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(RATE_PAUSE_SECONDS)  # the gateway's own word: wait a second
        body = answer.json() if answer.headers.get("Content-Type", "").startswith("application/json") else {}
        told = body if isinstance(body, dict) else {}
        return Observed(
            step.name,
            at,
            told.get("service_status", answer.status_code),
            told.get("trace_id") or answer.headers.get("X-Trace-Id", ""),
            told.get("fault_id", ""),
        )

    def _deploy(self, version: str) -> None:
        self._version = version
        command = [str(PLATFORM_DIR / "releases" / "deploy.sh"), version]
        done = subprocess.run(
            command, check=False, capture_output=True, text=True, timeout=DEPLOY_SECONDS_MAX
        )
        if done.returncode:
            raise RuntimeError(f"version {version} could not be deployed: {done.stderr}")

    def _sign_in(self) -> str:
        if not self._token:
            answer = self._http.post("/api/sessions", json={"player": PLAYER})
            self._token = str(answer.raise_for_status().json()["token"])
        return self._token

    def _in_browser(self, step: Step) -> Observed:
        if self._browser is None:
            self._browser = Browser(self._settings)
        return self._browser.perform(step)


class Browser:
    """A real Chromium that opens the front ends."""

    def __init__(self, settings: dict[str, str]) -> None:
        from playwright.sync_api import sync_playwright

        path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
        if not path:
            raise NoBrowserError("Chromium is not installed; install the system package `chromium`")
        self._playwright = sync_playwright().start()
        self._chromium = self._playwright.chromium.launch(
            executable_path=path,
            args=[
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--no-first-run",
            ],
        )
        self._frontend = f"http://127.0.0.1:{settings['FRONTEND_PORT']}"
        self._admin = f"http://127.0.0.1:{settings['ADMIN_PANEL_PORT']}"

    def close(self) -> None:
        """End the browser."""
        self._chromium.close()
        self._playwright.stop()

    def perform(self, step: Step) -> Observed:
        """Open the page that a step needs, do what it says, let the SDK send what it has."""
        page = self._chromium.new_page()
        page.set_default_timeout(BROWSER_MILLISECONDS_MAX)
        try:
            where, _, what = step.browser.partition(":")
            at = time.time()
            trace_id = ""
            if where == "spin":
                page.goto(self._frontend)
                page.wait_for_selector("[data-action=spin]:enabled")
                at = time.time()
                page.click("[data-action=spin]")
                # The page names the trace of the round as soon as it has the result.
                page.wait_for_function("/^[0-9a-f]{32}$/.test(document.querySelector('dd code').textContent)")
                trace_id = page.text_content("dd code") or ""
            elif where == "frontend":
                page.goto(f"{self._frontend}/debug")
                page.click(f"[data-fault='frontend/{what}']")
                page.wait_for_timeout(500)  # the error is thrown in a task of its own
            elif where == "admin":
                page.goto(f"{self._admin}/#{what}")
                page.wait_for_selector("section")
                page.wait_for_timeout(2500)  # the page asks for its faults every two seconds
            page.goto("about:blank")  # leaving the page makes the SDK send the rest
            return Observed(step.name, at, 200, trace_id)
        finally:
            page.close()
