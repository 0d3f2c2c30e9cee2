"""Bundles that real build tools minify and upload: what breaks is shown as it was written."""

import functools
import json
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import pytest
from typing_extensions import override

from tests.journey.server import wait_for
from tests.wire.installs import PROGRAMS, node_with, run, run_node
from tests.wire.project import Project

BROWSER: Final = (
    "sentry-browser-11.12.0",
    "@sentry/browser@11.12.0",
    "esbuild@0.28.2",
    "playwright-core@1.65.1",
)
SHOP: Final = PROGRAMS / "source_maps"
THROWS: Final = "    throw new RangeError(`no price for ${item.name}`);"


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found is None:
        pytest.skip("needs Chromium")
    return found


@pytest.fixture(scope="module")
def browser() -> Path:
    return node_with(*BROWSER)


def minified(browser: Path, folder: Path) -> Path:
    """Bundle the shop with esbuild; return the folder with script, map and page."""
    out = folder / "dist"
    shutil.copytree(SHOP / "src", folder / "src")
    command = [str(browser / "node_modules" / ".bin" / "esbuild"), str(folder / "src" / "main.ts")]
    flags = ["--bundle", "--minify", "--sourcemap", "--log-level=error", f"--outdir={out}/assets"]
    run([*command, *flags], environment={"NODE_PATH": str(browser / "node_modules")})
    (out / "index.html").write_text("<title>Shop</title><script src='/assets/main.js'></script>")
    return out


def access(project: Project) -> dict[str, str]:
    """Return the environment with which build tools upload."""
    return {
        "SENTRY_URL": project.server.url,
        "SENTRY_AUTH_TOKEN": project.server.token,
        "SENTRY_ORG": "default",
        "SENTRY_PROJECT": project.slug,
        "SENTRY_LOG_LEVEL": "debug",
        "CI": "1",
    }


def thrown(
    project: Project, chromium: str, browser: Path, dist: Path, release: str = ""
) -> dict[str, Any]:
    """Let the page break in a real browser; return the event."""
    with page_server(dist) as origin:
        query = {"dsn": project.dsn, **({"release": release} if release else {})}
        url = f"{origin}/?{urlencode(query)}"
        printed = run_node(browser, "browser_driver.js", chromium, url)
    return project.event(json.loads(printed.splitlines()[-1])["event_id"])


def exception_of(event: dict[str, Any]) -> dict[str, Any]:
    [entry] = [each for each in event["entries"] if each["type"] == "exception"]
    [value] = entry["data"]["values"]
    return dict(value)


def assert_shown_as_written(event: dict[str, Any]) -> None:
    """Hold the innermost frames against the TypeScript that they came from."""
    value = exception_of(event)
    frames = value["stacktrace"]["frames"]
    innermost, caller = frames[-1], frames[-2]
    assert value["value"] == "no price for ink"
    assert innermost["filename"] == "src/cart.ts"
    assert innermost["function"] == "priceOf"
    assert innermost["lineNo"] == 25
    assert dict(innermost["context"])[25] == THROWS
    assert dict(innermost["context"])[23] == "function priceOf(item: Item): number {"
    assert innermost["inApp"] is True
    assert caller["function"] == "Cart.total"
    assert caller["lineNo"] == 17
    assert {"checkOut"} <= {each["function"] for each in frames}
    raw = value["rawStacktrace"]["frames"]
    assert raw[-1]["filename"].endswith(".js")
    assert raw[-1]["function"] != "priceOf"
    assert not [each for each in event["errors"] if each["type"].startswith("js_")]
    assert "src/cart" in event["culprit"]
    assert "priceOf" in event["culprit"]


@contextmanager
def page_server(folder: Path) -> Iterator[str]:
    """Serve a folder."""

    class Handler(SimpleHTTPRequestHandler):
        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    handler = functools.partial(Handler, directory=str(folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.mark.parametrize("version", ["3.8.0", "2.58.6", "2.22.3"])
def test_esbuild_and_sentry_cli_by_debug_id(
    new_project: Callable[[str], Project],
    chromium: str,
    browser: Path,
    tmp_path: Path,
    version: str,
) -> None:
    command = sentry_cli(version)
    project = new_project(f"maps-cli-{version.replace('.', '-')}")
    dist = minified(browser, tmp_path)

    run([*command, "sourcemaps", "inject", str(dist)], environment=access(project))
    run([*command, "sourcemaps", "upload", str(dist)], environment=access(project))

    assert_shown_as_written(thrown(project, chromium, browser, dist))


def test_an_event_that_came_before_its_maps_is_shown_as_written_when_they_are_there(
    new_project: Callable[[str], Project], chromium: str, browser: Path, tmp_path: Path
) -> None:
    command = sentry_cli("3.8.0")
    project = new_project("maps-late")
    dist = minified(browser, tmp_path)
    run([*command, "sourcemaps", "inject", str(dist)], environment=access(project))

    before = thrown(project, chromium, browser, dist)
    assert exception_of(before)["stacktrace"]["frames"][-1]["filename"].endswith("main.js")
    assert [each["type"] for each in before["errors"]] == ["js_no_source"]
    run([*command, "sourcemaps", "upload", str(dist)], environment=access(project))

    def look() -> dict[str, Any] | None:
        event = project.event(before["id"])
        return event if exception_of(event)["rawStacktrace"] else None

    after = wait_for(look, "the event in its sources")
    assert exception_of(after)["stacktrace"]["frames"][-1]["lineNo"] == 25
    assert not after["errors"]


@pytest.mark.parametrize("version", ["3.8.0", "2.58.6"])
def test_sentry_cli_by_release_and_url(
    new_project: Callable[[str], Project],
    chromium: str,
    browser: Path,
    tmp_path: Path,
    version: str,
) -> None:
    project = new_project(f"maps-release-{version.replace('.', '-')}")
    dist = minified(browser, tmp_path)
    words = ["sourcemaps", "upload", "--release", "shop@3.1", "--url-prefix", "~/", str(dist)]

    run([*sentry_cli(version), *words], environment=access(project))

    assert_shown_as_written(thrown(project, chromium, browser, dist, "shop@3.1"))


def test_files_of_a_release_one_by_one(
    new_project: Callable[[str], Project], chromium: str, browser: Path, tmp_path: Path
) -> None:
    project = new_project("maps-files")
    dist = minified(browser, tmp_path)
    url = f"{project.server.url}/api/0/projects/default/{project.slug}/releases/shop@4/files/"
    headers = {"authorization": f"Bearer {project.server.token}"}
    for name in ("main.js", "main.js.map"):
        sent = httpx.post(
            url,
            headers=headers,
            files={"file": (name, (dist / "assets" / name).read_bytes())},
            data={"name": f"~/assets/{name}"},
        )
        assert sent.status_code == 201, sent.text

    event = thrown(project, chromium, browser, dist, "shop@4")

    assert_shown_as_written(event)


def test_vite_and_its_plugin(
    new_project: Callable[[str], Project], chromium: str, browser: Path, tmp_path: Path
) -> None:
    installed = node_with(
        "sentry-vite-11.9.0",
        "vite@8.3.8",
        "@sentry/vite-plugin@11.9.0",
        "@sentry/browser@11.12.0",
    )
    project = new_project("maps-vite")
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop)
    (shop / "node_modules").symlink_to(installed / "node_modules")
    # The plugin's client remembers at home where it found an organization.
    environment = access(project) | {"SHOP_RELEASE": "shop@5", "HOME": str(tmp_path)}

    run([str(installed / "node_modules/.bin/vite"), "build"], shop, environment=environment)

    assert_shown_as_written(thrown(project, chromium, browser, shop / "dist"))


def sentry_cli(version: str) -> list[str]:
    """Return the command of an installed sentry-cli."""
    installed = node_with(f"sentry-cli-{version}", f"@sentry/cli@{version}")
    return [str(installed / "node_modules" / ".bin" / "sentry-cli")]
