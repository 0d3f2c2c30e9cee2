"""Globs: what they match, and that no pattern makes them slow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.pipeline.grouping.glob import compile_glob, fold_path


@pytest.mark.parametrize(
    ("pattern", "text", "matches"),
    [
        ("shop.cart", "shop.cart", True),
        ("shop.cart", "shop.carts", False),
        ("shop.*", "shop.cart.total", True),
        ("*.total", "shop.cart.total", True),
        ("*cart*", "shop.cart.total", True),
        ("shop.*.total", "shop.cart.total", True),
        ("shop.*.total", "shop.total", False),
        ("a*b*c", "axxbyyc", True),
        ("a*b*c", "axxcyyb", False),
        ("h?t", "hat", True),
        ("h?t", "heat", False),
        ("h[ao]t", "hot", True),
        ("h[!ao]t", "hot", False),
        ("h[!ao]t", "hit", True),
        ("x[0-9]", "x7", True),
        ("x[9-0]", "x9", True),
        ("[[]x]", "[x]", True),
        ("a[b", "a[b", True),
        ("*", "", True),
        ("", "", True),
        ("", "a", False),
        ("A*", "abc", False),
        ("a.c", "abc", False),
        ("line*end", "line\nend", True),
    ],
)
def test_a_name_is_matched(pattern: str, text: str, *, matches: bool) -> None:
    assert compile_glob(pattern)(text) is matches


@pytest.mark.parametrize(
    ("pattern", "path", "matches"),
    [
        ("**/vendor/**", "/srv/vendor/a/b.php", True),
        ("**/vendor/**", "/srv/vendors/a/b.php", False),
        ("/srv/*.py", "/srv/a.py", True),
        ("/srv/*.py", "/srv/shop/a.py", False),
        ("/srv/**.py", "/srv/shop/a.py", True),
        ("/srv/**/t*.py", "/srv/shop/x/test.py", True),
        ("/srv/**/t*.py", "/srv/shop/x/a.py", False),
        ("C:/Windows/**", "c:\\windows\\system32\\ntdll.dll", True),
        ("**/a?c/*", "/x/abc/d", True),
        ("**/a?c/*", "/x/a/c/d", False),
        ("**/[ab]*/**/c*d", "/x/beta/y/z/c--d", True),
    ],
)
def test_a_path_is_matched(pattern: str, path: str, *, matches: bool) -> None:
    assert compile_glob(pattern, is_path=True)(fold_path(path)) is matches


def test_case_can_be_ignored() -> None:
    assert compile_glob("Out Of *", ignore_case=True)("out of memory")


@given(st.text("ab*?/", max_size=9), st.text("ab/", max_size=9))
def test_matching_is_as_the_definition_says(pattern: str, text: str) -> None:
    assert compile_glob(pattern)(text) is by_definition(
        pattern.replace("**", "*"), text, is_path=False
    )
    assert compile_glob(pattern, is_path=True)(text) is by_definition(pattern, text, is_path=True)


@pytest.mark.parametrize("is_path", [False, True])
@pytest.mark.parametrize("pattern", ["*a" * 200, "**a*" * 100, "[a-b]*" * 80, "?*" * 200 + "b"])
def test_a_cruel_pattern_takes_no_more_than_a_moment(pattern: str, *, is_path: bool) -> None:
    # With going back over every star this would not end before the sun does.
    assert not compile_glob(pattern + "c", is_path=is_path)("a" * 512)


def by_definition(pattern: str, text: str, *, is_path: bool) -> bool:
    if not pattern:
        return not text
    if pattern[0] == "*":
        stars = len(pattern) - len(pattern.lstrip("*"))
        rest = pattern[stars:]
        reach = len(text)
        if is_path and stars == 1 and "/" in text:
            reach = text.index("/")
        return any(by_definition(rest, text[begin:], is_path=is_path) for begin in range(reach + 1))
    fits = bool(text) and (
        text[0] == pattern[0] or (pattern[0] == "?" and not (is_path and text[0] == "/"))
    )
    return fits and by_definition(pattern[1:], text[1:], is_path=is_path)
