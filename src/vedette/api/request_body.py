"""Bodies of requests, bounded and checked."""

from collections.abc import Mapping
from typing import Final, TypeVar

import msgspec
from fastapi import Request

from vedette.api.refusal import Refusal, wrong

BODY_BYTES_MAX: Final = 256 * 1024
"""Nothing written here is larger; uploads have bounds of their own."""

Body = TypeVar("Body")


def described(body_type: type[msgspec.Struct]) -> dict[str, object]:
    """Return what the OpenAPI document says of a body."""
    _, components = msgspec.json.schema_components((body_type,))
    schema = _inlined(components[body_type.__name__], components)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}


async def read_body(
    request: Request, body_type: type[Body], *, byte_count_max: int = BODY_BYTES_MAX
) -> Body:
    """Return the JSON body of a request.

    Raises:
        Refusal: It is too large, no JSON, or not of the expected form.
    """
    chunks: list[bytes] = []
    byte_count = 0
    async for chunk in request.stream():
        byte_count += len(chunk)
        if byte_count > byte_count_max:
            raise Refusal(413, f"The body is larger than {byte_count_max} bytes.")
        chunks.append(chunk)
    try:
        return msgspec.json.decode(b"".join(chunks) or b"{}", type=body_type)
    except (msgspec.DecodeError, RecursionError) as error:
        raise wrong(f"The body cannot be read: {error}") from error


def _inlined(schema: object, components: Mapping[str, object]) -> object:
    """Return a schema with what it refers to in its place; no body refers to itself."""
    if isinstance(schema, list):
        return [_inlined(each, components) for each in schema]
    if not isinstance(schema, dict):
        return schema
    reference = schema.get("$ref")
    if isinstance(reference, str):
        return _inlined(components[reference.rpartition("/")[2]], components)
    return {name: _inlined(value, components) for name, value in schema.items()}
