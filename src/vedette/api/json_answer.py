"""Answers in JSON."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, TypeVar

import orjson
from fastapi import Request, Response

from vedette.model.json_value import JsonValue
from vedette.query.paging import Page, cut_page, link_header

JSON_TYPE: Final = "application/json"

Item = TypeVar("Item")


def answer(
    content: JsonValue, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return the content as JSON."""
    return answer_bytes(orjson.dumps(content), status=status, headers=headers)


def answer_bytes(
    body: bytes, *, status: int = 200, headers: Mapping[str, str] | None = None
) -> Response:
    """Return bytes that are JSON already."""
    return Response(body, status, dict(headers or {}), JSON_TYPE)


def answer_list(
    items: Sequence[Item],
    shape: Callable[[Item], JsonValue],
    request: Request,
    page: Page,
    *,
    was_cut: bool = False,
) -> Response:
    """Return one page of a list that is at hand.

    A list that was cut where it came from says so: its last page is not the end of it.
    """
    shown, has_more = cut_page(items, page)
    answered = answer_page([shape(one) for one in shown], request, page, has_more=has_more)
    if was_cut:
        answered.headers["X-Shown"] = f"{len(items)} of more; narrow the question to see others"
    return answered


def answer_page(content: JsonValue, request: Request, page: Page, *, has_more: bool) -> Response:
    """Return one page, with the cursors of the pages beside it."""
    link = link_header(str(request.url), page, has_more=has_more)
    return answer(content, headers={"Link": link})
