"""Routes: the tokens of whoever asks."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.answer_forms import NewTokenForm, TokenForm
from vedette.api.json_answer import answer, answer_list
from vedette.api.parameters import PageParameters
from vedette.api.policy import ALL_SCOPES
from vedette.api.refusal import Refusal, not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.shapes import token_shape
from vedette.api.visit import Admits, Visit
from vedette.model.person import Token
from vedette.storage.secrets import hash_of_secret, new_user_token

router = APIRouter(prefix="/api/0/api-tokens", tags=["who"])

Ours = Annotated[Visit, Depends(Admits(None))]

TOKEN_COUNT_MAX: Final = 200
"""Of a person: scripts that make a token at each run would fill the table."""
NAME_LENGTH_MAX: Final = 200


class NewToken(msgspec.Struct):
    """The body that makes a token."""

    scopes: list[str]
    name: str = ""


class OldToken(msgspec.Struct, rename="camel"):
    """The body that revokes a token."""

    token_id: str | int


@router.get("/", response_model=list[TokenForm])
async def list_tokens(visit: Ours, parameters: Annotated[PageParameters, Query()]) -> Response:
    """The tokens of whoever asks, oldest first, without their secrets."""
    return answer_list(await _tokens(visit), token_shape, visit.request, parameters.page())


@router.post("/", response_model=NewTokenForm, status_code=201, openapi_extra=described(NewToken))
async def create_token(visit: Ours, request: Request) -> Response:
    """Make a token; its secret is shown this once. It may do no more than whoever asks may."""
    body = await read_body(request, NewToken)
    scopes = frozenset(body.scopes)
    unknown = sorted(scopes - ALL_SCOPES)
    if not scopes or unknown:
        raise wrong(f"scopes: name at least one of {', '.join(sorted(ALL_SCOPES))}.")
    above = sorted(scopes - visit.asker.scopes)
    if above:
        raise Refusal(403, f"You may not do this yourself: {', '.join(above)}")
    if len(body.name) > NAME_LENGTH_MAX:
        raise wrong(f"name has at most {NAME_LENGTH_MAX} characters.")
    if len(await _tokens(visit)) >= TOKEN_COUNT_MAX:
        raise wrong(f"You have {TOKEN_COUNT_MAX} tokens: revoke one first.")
    services = visit.door.services
    secret = new_user_token(services.ids)
    token = await visit.look_up(
        lambda: services.metadata.create_token(
            user_id=visit.asker.user.user_id,
            secret_hash=hash_of_secret(secret),
            label=body.name,
            scopes=scopes,
            created_ns=services.clock.now_ns(),
        )
    )
    return answer({**token_shape(token), "token": secret}, status=201)


@router.delete("/", status_code=204, openapi_extra=described(OldToken))
async def delete_token(visit: Ours, request: Request) -> Response:
    """Revoke a token of one's own."""
    body = await read_body(request, OldToken)
    own = {str(token.token_id): token.token_id for token in await _tokens(visit)}
    token_id = own.get(str(body.token_id))
    if token_id is None:
        raise not_found()
    await visit.look_up(lambda: visit.door.services.metadata.delete_token(token_id))
    return Response(status_code=204)


async def _tokens(visit: Visit) -> list[Token]:
    metadata, user_id = visit.door.services.metadata, visit.asker.user.user_id
    return list(await visit.look_up(lambda: metadata.tokens(user_id)))
