"""Names of scripts and what points from them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.script_url import joined, names_of, path_of


@pytest.mark.parametrize(
    ("base", "reference", "whole"),
    [
        ("~/js/app.js", "app.js.map", "~/js/app.js.map"),
        ("~/js/app.js", "../maps/app.js.map", "~/maps/app.js.map"),
        ("~/js/app.js", "/maps/a.map", "~/maps/a.map"),
        ("~/js/app.js", "~/other.map", "~/other.map"),
        ("https://shop.test/js/app.js?v=1", "a.map", "https://shop.test/js/a.map"),
        ("https://shop.test/js/app.js", "//cdn.test/a.map", "https://cdn.test/a.map"),
        ("app:///dist/main.js", "../src/cart.ts", "app:///src/cart.ts"),
        ("app:///main.js", "../../src/cart.ts", "app:///src/cart.ts"),
        ("file:///srv/dist/main.js", "../src/a.ts", "file:///srv/src/a.ts"),
        ("/srv/dist/main.js", "../src/a.ts", "/srv/src/a.ts"),
        ("dist/main.js", "../src/a.ts", "src/a.ts"),
        ("/srv/dist/main.js", "webpack://shop/./a.ts", "webpack://shop/./a.ts"),
    ],
)
def test_a_reference_is_read_where_it_stands(base: str, reference: str, whole: str) -> None:
    assert joined(base, reference) == whole


def test_the_most_exact_name_comes_first() -> None:
    assert names_of("https://shop.test/a.js?v=1#x") == (
        "https://shop.test/a.js?v=1",
        "https://shop.test/a.js",
        "~/a.js?v=1",
        "~/a.js",
    )


@given(st.text(max_size=60), st.text(max_size=60))
def test_any_text_has_names_and_can_be_joined(base: str, reference: str) -> None:
    joined(base, reference)
    path_of(base)
    names = names_of(base)
    assert len(set(names)) == len(names) <= 4
