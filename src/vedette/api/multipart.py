"""Bodies of forms with files, within bounds; large files lie on the disk while they come in."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Final

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request

from vedette.api.refusal import Refusal, wrong

if TYPE_CHECKING:
    from starlette.types import Message

FIELDS_MAX: Final = 100
FIELD_BYTES_MAX: Final = 64 * 1024


@asynccontextmanager
async def read_form(
    request: Request, *, files_max: int, byte_count_max: int
) -> AsyncIterator[FormData]:
    """Give the parts of a form for the length of a block.

    Raises:
        Refusal: It is too large, has too many parts, or is no form.
    """
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise wrong("The body must be a form with files (multipart/form-data).")
    declared = request.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > byte_count_max:
        raise _too_large(byte_count_max)
    byte_count = 0

    async def receive() -> "Message":
        nonlocal byte_count
        message = await request.receive()
        byte_count += len(message.get("body", b""))
        if byte_count > byte_count_max:
            raise _too_large(byte_count_max)
        return message

    bounded = Request(request.scope, receive)
    async with bounded.form(
        max_files=files_max, max_fields=FIELDS_MAX, max_part_size=FIELD_BYTES_MAX
    ) as form:
        yield form


def files_of(form: FormData, name: str) -> list[UploadFile]:
    """Return the files of this name."""
    return [each for each in form.getlist(name) if isinstance(each, UploadFile)]


def text_of(form: FormData, name: str) -> str:
    """Return a field; empty if it is not there."""
    value = form.get(name)
    return value if isinstance(value, str) else ""


def texts_of(form: FormData, name: str) -> list[str]:
    """Return all fields of this name."""
    return [each for each in form.getlist(name) if isinstance(each, str)]


def _too_large(byte_count_max: int) -> Refusal:
    return Refusal(413, f"The body is larger than {byte_count_max} bytes.")
