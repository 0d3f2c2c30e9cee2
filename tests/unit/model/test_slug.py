"""Slugs of projects: one rule for the API and the command line."""

import pytest

from vedette.model.slug import SLUG_LENGTH_MAX, is_slug


@pytest.mark.parametrize(
    ("text", "can_be"),
    [
        pytest.param("web-shop_2", True, id="letters, digits, dashes"),
        pytest.param("7up", True, id="begins with a digit"),
        pytest.param("a" * SLUG_LENGTH_MAX, True, id="just short enough"),
        pytest.param("a" * (SLUG_LENGTH_MAX + 1), False, id="too long"),
        pytest.param("42", False, id="would be taken for an id"),
        pytest.param("-web", False, id="would be taken for a flag"),
        pytest.param("Web", False, id="capitals"),
        pytest.param("wéb", False, id="not ASCII"),
        pytest.param("web\n", False, id="a line break at the end"),
        pytest.param("", False, id="nothing"),
    ],
)
def test_what_a_slug_can_be(text: str, *, can_be: bool) -> None:
    assert is_slug(text) is can_be
