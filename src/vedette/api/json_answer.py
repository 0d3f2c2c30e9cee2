"""Answers in JSON."""

from collections.abc import Mapping
from typing import Final

import orjson
from fastapi import Request, Response

from vedette.model.json_value import JsonValue
from vedette.query.paging import Page, link_header

JSON_TYPE: Final = "application/json"


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


def answer_page(content: JsonValue, request: Request, page: Page, *, has_more: bool) -> Response:
    """Return one page, with the cursors of the pages beside it."""
    link = link_header(str(request.url), page, has_more=has_more)
    return answer(content, headers={"Link": link})
