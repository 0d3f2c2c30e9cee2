"""Pages of a long answer, and the cursors that lead from one to the next."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, TypeVar
from urllib.parse import parse_qsl, quote, urlencode, urlsplit, urlunsplit

from vedette.query.refusal import QuestionWrong

ROWS_PER_PAGE_DEFAULT: Final = 50
ROWS_PER_PAGE_MAX: Final = 1_000
ROW_OFFSET_MAX: Final = 100_000
"""Every row before the page is read to be thrown away: deeper, a narrower time is the way."""
_CURSOR: Final = re.compile(r"(-?\d{1,19}):(\d{1,19}):([01])")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Page:
    """Which rows of a sorted answer are wanted."""

    offset: int
    row_count_max: int


def read_page(
    *, cursor: str | None, per_page: int | None, row_count_max: int = ROWS_PER_PAGE_MAX
) -> Page:
    """Return the wanted page.

    Raises:
        QuestionWrong: The cursor is none of ours, or a number is out of bounds.
    """
    count = _row_count(per_page, row_count_max)
    if not cursor:
        return Page(0, count)
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise QuestionWrong("Invalid cursor parameter.")
    offset = int(found[2])
    if offset > ROW_OFFSET_MAX:
        raise QuestionWrong(
            f"Pages end after {ROW_OFFSET_MAX} rows: narrow the time or the query to see more."
        )
    return Page(offset, count)


def cut_page(items: Sequence[Item], page: Page) -> tuple[Sequence[Item], bool]:
    """Return one page of a list that is at hand, and whether there is more."""
    end = page.offset + page.row_count_max
    return items[page.offset : end], len(items) > end


def link_header(url: str, page: Page, *, has_more: bool) -> str:
    """Return the Link header that names the pages before and after this one."""
    previous = Page(max(0, page.offset - page.row_count_max), page.row_count_max)
    following = Page(page.offset + page.row_count_max, page.row_count_max)
    return ", ".join(
        [
            _link(url, previous, relation="previous", has_results=page.offset > 0),
            _link(url, following, relation="next", has_results=has_more),
        ]
    )


def _link(url: str, page: Page, *, relation: str, has_results: bool) -> str:
    cursor = f"0:{page.offset}:{int(relation == 'previous')}"
    parts = urlsplit(url)
    parameters = [
        (name, value)
        for name, value in parse_qsl(parts.query, keep_blank_values=True)
        if name != "cursor"
    ]
    # The path was unquoted when it came: in a header nothing but plain text may stand.
    path = quote(parts.path, errors="replace")
    query = urlencode([*parameters, ("cursor", cursor)], errors="replace")
    address = urlunsplit(parts._replace(path=path, query=query))
    results = str(has_results).lower()
    return f'<{address}>; rel="{relation}"; results="{results}"; cursor="{cursor}"'


def _row_count(asked: int | None, row_count_max: int) -> int:
    if asked is None:
        return min(ROWS_PER_PAGE_DEFAULT, row_count_max)
    if not 1 <= asked <= row_count_max:
        raise QuestionWrong(f"Invalid per_page value. Must be between 1 and {row_count_max}.")
    return asked
