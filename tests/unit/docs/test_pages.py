"""What the pages name is there: files they link to, tests that they call by name."""

import re
from pathlib import Path

import pytest

PAGES = [
    *map(Path, ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md")),
    *sorted(Path("docs").rglob("*.md")),
]
LINK = re.compile(r"\]\((?!https?://)([^)#]+)(?:#[^)]*)?\)")
TEST_NAME = re.compile(r"`(test_\w+)`")
PAGE_NAME = re.compile(r"\bdocs/[\w/-]+\.md")
TEST_TEXT = "\n".join(path.read_text("utf-8") for path in sorted(Path("tests").rglob("test_*.py")))


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_links_lead_somewhere(page: Path) -> None:
    missing = [
        target
        for target in LINK.findall(page.read_text("utf-8"))
        if not (page.parent / target).exists()
    ]

    assert missing == []


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_tests_that_a_page_names_are_there(page: Path) -> None:
    named = TEST_NAME.findall(page.read_text("utf-8"))

    assert [name for name in named if f"def {name}(" not in TEST_TEXT] == []


def test_pages_that_the_code_names_are_there() -> None:
    named = {
        (str(source), page)
        for source in sorted(Path("src").rglob("*.py"))
        for page in PAGE_NAME.findall(source.read_text("utf-8"))
    }

    assert {each for each in named if not Path(each[1]).exists()} == set()
    assert named, "the pattern finds what it looks for"
