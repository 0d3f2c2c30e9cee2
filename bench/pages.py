"""How long a person waits for a trace of 10,000, 100,000 and 1,000,000 spans, in Chromium.

`python -m bench.pages` serves the built pages, and answers from files in place of the server's:
what is measured is the browser's part, from the click to the first row that obeys a key; then all
rows are unfolded and scrolled through.
"""

import http.server
import json
import shutil
import subprocess
import sys
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, sync_playwright
from typing_extensions import override

ROOT: Final = Path(__file__).parents[1]
PAGES: Final = ROOT / "src" / "vedette" / "ui_pages"
SIZES: Final = (10_000, 100_000, 1_000_000)
INTERACTIVE_S_MAX: Final = {10_000: 0.5, 100_000: 1.5, 1_000_000: 5.0}
FRAME_MS_MAX: Final = 50
FLAGS: Final = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-background-networking")
SCROLLS: Final = 120

_SCROLL: Final = """async steps => {
  const place = document.querySelector('[data-waterfall]');
  const gaps = [];
  let last = performance.now();
  for (let step = 0; step < steps; step += 1) {
    place.scrollTop += place.scrollHeight / steps;
    await new Promise(requestAnimationFrame);
    const now = performance.now();
    gaps.push(now - last);
    last = now;
  }
  gaps.sort((one, other) => one - other);
  return {worst: gaps.at(-1), p95: gaps[Math.floor(gaps.length * 0.95)]};
}"""


@dataclass(frozen=True)
class Measured:
    """What one size took."""

    spans: int
    mib: float
    interactive_s: float
    frame_ms_p95: float
    frame_ms_worst: float
    heap_mib: float


def main() -> int:
    """Measure, print the table, keep it; return how the process ends."""
    chromium = shutil.which("chromium")
    if chromium is None or not PAGES.is_dir():
        sys.stderr.write("needs chromium and the built pages (make pages)\n")
        return 1
    with tempfile.TemporaryDirectory() as kept:
        folder = Path(kept)
        for size in SIZES:
            _write_trace(size, folder / str(size))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _handler(folder))
        threading.Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        measured = [_measure(chromium, url, size, folder) for size in SIZES]
        server.shutdown()
    _print(measured)
    results = ROOT / "bench" / "results"
    results.mkdir(exist_ok=True)
    table = [vars(each) for each in measured]
    (results / "pages.json").write_text(json.dumps(table, indent=2) + "\n")
    return 0 if all(each.interactive_s <= INTERACTIVE_S_MAX[each.spans] for each in measured) else 1


def _measure(chromium: str, url: str, size: int, folder: Path) -> Measured:
    with sync_playwright() as playwright:
        flags = [*FLAGS, "--enable-precise-memory-info"]
        browser = playwright.chromium.launch(executable_path=chromium, args=flags)
        page = browser.new_page(viewport={"width": 1440, "height": 900})
        page.goto(f"{url}/traces/compare")
        page.get_by_role("heading", name="Compare two traces").wait_for()
        interactive_s = _open(page, size)
        page.keyboard.press("]")
        page.wait_for_function(
            "size => +document.querySelector('[data-waterfall]').ariaRowCount > size * 0.9",
            arg=size,
        )
        frames: Any = page.evaluate(_SCROLL, SCROLLS)
        heap: Any = page.evaluate("performance.memory.usedJSHeapSize")
        browser.close()
    mib = (folder / str(size)).stat().st_size / 2**20
    return Measured(size, mib, interactive_s, frames["p95"], frames["worst"], heap / 2**20)


def _open(page: Page, size: int) -> float:
    """Go to a trace as a link does, press a key as soon as there is a row; return seconds."""
    page.evaluate(
        """path => {
          window.begun = performance.now();
          window.obeyed = new Promise(resolve => {
            const look = () => {
              const grid = document.querySelector('[data-waterfall]');
              if (grid && document.querySelector('.wf-row')) {
                if (document.activeElement !== grid) grid.focus();
                const key = {key: 'ArrowDown', bubbles: true, cancelable: true};
                grid.dispatchEvent(new KeyboardEvent('keydown', key));
                const current = document.querySelector('.wf-row.current');
                if (current && current.id !== 'row-0') {
                  requestAnimationFrame(() => resolve(performance.now() - window.begun));
                  return;
                }
              }
              requestAnimationFrame(look);
            };
            look();
          });
          history.pushState({}, '', path);
          window.dispatchEvent(new PopStateEvent('popstate', {state: {}}));
        }""",
        f"/traces/{size:032d}",
    )
    taken: Any = page.evaluate("() => window.obeyed")
    return float(taken) / 1000


def _write_trace(size: int, path: Path) -> None:
    tool = ROOT / "ui" / "tools" / "write_large_trace.ts"
    node = subprocess.run(
        [str(ROOT / "ui" / "tools" / "node.sh")], check=True, capture_output=True, text=True
    ).stdout.strip()
    heap = "--max-old-space-size=8192"
    subprocess.run([f"{node}/node", heap, str(tool), str(size), str(path)], check=True)


def _handler(folder: Path) -> type[http.server.BaseHTTPRequestHandler]:
    project = {"slug": "default", "platform": None}
    answers: dict[str, object] = {
        "/api/0/": {"version": "0", "user": {"email": "a@b"}, "auth": {"scopes": []}},
        "/api/0/organizations/": [{"slug": "default"}],
        "/api/0/organizations/default/": {"slug": "default", "projects": [project]},
        "/api/0/organizations/default/events/": {"data": [], "meta": {}},
    }

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            if path in answers:
                self._send(json.dumps(answers[path]).encode(), "application/json")
            elif path.startswith("/api/v1/traces/"):
                size = path.rpartition("/")[2].lstrip("0")
                self._send((folder / size).read_bytes(), "application/json")
            elif (file := PAGES / path.lstrip("/")).is_file():
                kinds = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
                self._send(file.read_bytes(), kinds.get(file.suffix, "text/plain"))
            else:
                self._send((PAGES / "index.html").read_bytes(), "text/html")

        def _send(self, body: bytes, kind: str) -> None:
            self.send_response(200)
            self.send_header("content-type", kind)
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        @override
        def log_message(self, format: str, *args: object) -> None:
            """Say nothing."""

    return Handler


def _print(measured: list[Measured]) -> None:
    out = sys.stdout.write
    out("     spans   answer  interactive  allowed  frame p95   worst    heap\n")
    for each in measured:
        out(
            f"{each.spans:>10,} {each.mib:>6.1f} MB {each.interactive_s:>9.2f} s "
            f"{INTERACTIVE_S_MAX[each.spans]:>6.1f} s {each.frame_ms_p95:>7.0f} ms "
            f"{each.frame_ms_worst:>5.0f} ms {each.heap_mib:>5.0f} MB\n"
        )
    slow = [each for each in measured if each.frame_ms_worst > FRAME_MS_MAX]
    if slow:
        out(f"frames over {FRAME_MS_MAX} ms were seen\n")


if __name__ == "__main__":
    sys.exit(main())
