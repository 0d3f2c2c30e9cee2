"""Pages and their cursors."""

import pytest

from vedette.query.paging import ROW_OFFSET_MAX, Page, cut_page, link_header, read_page
from vedette.query.refusal import QuestionWrong


def test_the_first_page_needs_no_cursor() -> None:
    assert read_page(cursor=None, per_page=None) == Page(0, 50)


def test_a_cursor_of_a_link_header_leads_to_the_next_page() -> None:
    header = link_header("http://host/path/?field=a&cursor=0:0:0", Page(0, 100), has_more=True)
    _, following = header.split(", ")

    assert following == (
        '<http://host/path/?field=a&cursor=0%3A100%3A0>; rel="next"; results="true"; '
        'cursor="0:100:0"'
    )
    assert read_page(cursor="0:100:0", per_page=100) == Page(100, 100)


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after() -> None:
    header = link_header("http://host/", Page(0, 10), has_more=False)

    assert header.count('results="false"') == 2


def test_nothing_in_an_address_can_break_the_header() -> None:
    url = 'http://host/\r\nX: \0\U0001f642/?q=">,\r\nX: 1\ud800'
    header = link_header(url, Page(0, 10), has_more=False)

    assert header.isascii()
    assert header.isprintable()
    assert '">,' not in header.replace('">, <', "")


@pytest.mark.parametrize(
    "cursor", ["x", "0:1", "0:-1:0", "0:1:2", "1:1:1:1", f"0:{ROW_OFFSET_MAX + 1}:0"]
)
def test_a_foreign_or_too_deep_cursor_is_refused(cursor: str) -> None:
    with pytest.raises(QuestionWrong):
        read_page(cursor=cursor, per_page=None)


@pytest.mark.parametrize("per_page", [0, -1, 1_001])
def test_pages_have_a_bound(per_page: int) -> None:
    with pytest.raises(QuestionWrong, match="Must be between 1 and 1000"):
        read_page(cursor=None, per_page=per_page)


def test_lists_at_hand_are_cut_into_pages() -> None:
    assert cut_page([1, 2, 3], Page(0, 2)) == ([1, 2], True)
    assert cut_page([1, 2, 3], Page(2, 2)) == ([3], False)
    assert cut_page([1, 2, 3], Page(4, 2)) == ([], False)
