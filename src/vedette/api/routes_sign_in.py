"""Routes: sign in by a one-time link or a password, and out again."""

import math
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Request, Response

from vedette.api.answer_forms import UserForm
from vedette.api.asker import SECRET_LENGTH_MAX, SESSION_COOKIE, refuse_foreign_origin
from vedette.api.door import Door, door_of
from vedette.api.json_answer import answer
from vedette.api.refusal import Refusal, not_signed_in
from vedette.api.request_body import described, read_body
from vedette.api.shapes import user_shape
from vedette.api.visit import Admits, Visit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.person import User
from vedette.storage.secrets import hash_of_secret, is_password_right

router = APIRouter(tags=["sign in"])

SESSION_S: Final = 14 * 86_400
SESSION_BYTES: Final = 32


class SignIn(msgspec.Struct):
    """The body that signs a person in."""

    email: str
    password: str


@router.get("/auth/login/{secret}")
async def use_link(request: Request, secret: str) -> Response:
    """Sign in by a one-time link and go to the start page."""
    door = door_of(request)
    people, clock = door.services.metadata, door.services.clock

    def spend() -> User | None:
        if len(secret) > SECRET_LENGTH_MAX:
            return None
        return people.use_login(secret_hash=hash_of_secret(secret), now_ns=clock.now_ns())

    user = await door.lookups.run(spend)
    if user is None or not user.is_active:
        raise Refusal(404, "This sign-in link is unknown, used or expired.")
    session = await _start_session(door, user)
    return _with_cookie(Response(status_code=303, headers={"Location": "/"}), door, session)


@router.post("/auth/login", response_model=UserForm, openapi_extra=described(SignIn))
async def sign_in(request: Request) -> Response:
    """Sign in by e-mail address and password."""
    door = door_of(request)
    # Else a page of another site could sign a visitor in as somebody else.
    refuse_foreign_origin(request, public_url=door.services.state.public_url())
    body = await read_body(request, SignIn)
    address = request.client.host if request.client else ""
    wait_s = door.throttle.count_try(email=body.email, address=address)
    if wait_s > 0:
        raise Refusal(
            429,
            "Too many tries to sign in. Wait, or use a sign-in link.",
            headers={"Retry-After": str(math.ceil(wait_s))},
        )
    user = await _check_password(door, body)
    if user is None:
        raise not_signed_in("The e-mail address or the password is wrong.")
    door.throttle.forget(email=body.email, address=address)
    session = await _start_session(door, user)
    return _with_cookie(answer(user_shape(user)), door, session)


@router.post("/auth/logout")
@router.delete("/api/0/auth/", tags=["who"])
async def sign_out(visit: Annotated[Visit, Depends(Admits(None))]) -> Response:
    """End the session of the cookie."""
    session = visit.request.cookies.get(SESSION_COOKIE)
    if session and len(session) <= SECRET_LENGTH_MAX:
        people = visit.door.services.metadata
        await visit.look_up(lambda: people.delete_session(hash_of_secret(session)))
    left = Response(status_code=204)
    left.delete_cookie(SESSION_COOKIE, path="/", httponly=True, samesite="lax")
    return left


async def _check_password(door: Door, body: SignIn) -> User | None:
    people = door.services.metadata

    def check() -> User | None:
        found = people.password_hash(body.email)
        password_hash = found[1] if found else None
        is_right = is_password_right(password=body.password, password_hash=password_hash)
        return found[0] if found and is_right and found[0].is_active else None

    async with door.password_checks:
        return await door.lookups.run(check)


async def _start_session(door: Door, user: User) -> str:
    services = door.services
    secret = services.ids.secret(SESSION_BYTES)
    expires_ns = services.clock.now_ns() + SESSION_S * NANOSECONDS_PER_SECOND
    await door.lookups.run(
        lambda: services.metadata.create_session(
            user_id=user.user_id, secret_hash=hash_of_secret(secret), expires_ns=expires_ns
        )
    )
    return secret


def _with_cookie(response: Response, door: Door, session: str) -> Response:
    response.set_cookie(
        SESSION_COOKIE,
        session,
        max_age=SESSION_S,
        path="/",
        secure=door.services.state.public_url().startswith("https://"),
        httponly=True,
        samesite="lax",
    )
    return response
