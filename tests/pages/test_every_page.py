"""Every page: WCAG 2.2 A and AA in both themes, wide and narrow; and a picture of each.

`--pictures=FOLDER` keeps the pictures; without it they are drawn and forgotten.
"""

from dataclasses import asdict
from pathlib import Path

import pytest

from tests.pages.conftest import NARROW, WIDE, Opens, Told
from tests.pages.routes import PAGES

LAYERS = {"palette": "Control+k", "keys": "?"}
QUALITY = 55
BYTES_MAX = 200_000


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", PAGES)
def test_no_page_breaks_a_rule(
    name: str,
    theme: str,
    open_page: Opens,
    told: Told,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> None:
    folder = Path(request.config.getoption("--pictures") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    tab = open_page(theme)
    tab.open(PAGES[name].format(**asdict(told)))
    for width, height in (WIDE, NARROW):
        tab.page.set_viewport_size({"width": width, "height": height})
        tab.settle()
        path = folder / f"{name}-{theme}-{width}.jpg"
        tab.page.screenshot(path=path, type="jpeg", quality=QUALITY)
        assert path.stat().st_size < BYTES_MAX
        assert tab.violations() == []
        needed = tab.page.evaluate("document.scrollingElement.scrollWidth")
        assert needed <= width, "the page scrolls sideways"


@pytest.mark.parametrize("theme", ["dark", "light"])
@pytest.mark.parametrize("name", LAYERS)
def test_no_layer_breaks_a_rule(name: str, theme: str, open_page: Opens, told: Told) -> None:
    tab = open_page(theme)
    tab.open("/traces")
    tab.page.keyboard.press(LAYERS[name])
    tab.page.get_by_role("dialog").wait_for()
    assert tab.violations() == []


@pytest.mark.parametrize("theme", ["dark", "light"])
def test_the_span_drawer_and_the_sign_in_page_break_no_rule(
    theme: str, open_page: Opens, told: Told
) -> None:
    tab = open_page(theme)
    tab.open(f"/traces/{told.bet_trace}")
    tab.page.keyboard.press("!")
    tab.page.get_by_role("complementary", name="Span").wait_for()
    tab.settle()
    assert tab.violations() == []
    stranger = open_page(theme, signed=False)
    stranger.open("/traces")
    assert stranger.violations() == []
