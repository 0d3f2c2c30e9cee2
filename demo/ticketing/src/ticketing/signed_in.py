"""Who sends a request, for pages that are not for everybody; the sign-in pages themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import quote, urlsplit

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse
from starlette.routing import Route

from ticketing import accounts

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import BaseRoute

    from ticketing.database import Pool
    from ticketing.webapp import Pages


@dataclass(frozen=True)
class Door:
    """Sign-in for one site. Cookies do not tell ports apart, so each site has its own name."""

    pool: Pool
    pages: Pages
    cookie: str
    home: str
    throttle: accounts.SignInThrottle = field(default_factory=accounts.SignInThrottle)

    async def user(self, request: Request, *roles: str) -> accounts.User:
        """Who it is; raises 403 for the wrong role and sends strangers to the form."""
        token = request.cookies.get(self.cookie)
        user = None
        if token:
            async with self.pool.connection() as connection:
                user = await accounts.find_user(connection, token)
        if user is None:
            where = quote(request.url.path)
            raise HTTPException(303, headers={"location": f"/sign-in?then={where}"})
        if user.role not in roles:
            raise HTTPException(403)
        return user

    def routes(self) -> list[BaseRoute]:
        """The form and what it sends to."""
        return [
            Route("/sign-in", self._form),
            Route("/sign-in", self._sign_in, methods=["POST"]),
            Route("/sign-out", self._sign_out, methods=["POST"]),
        ]

    async def _form(self, request: Request) -> Response:
        return self.pages.answer("sign_in.html", then=request.query_params.get("then", self.home))

    async def _sign_in(self, request: Request) -> Response:
        form = await request.form(max_files=0)
        email, password = str(form.get("email", "")).strip().lower(), str(form.get("password", ""))
        then = str(form.get("then", self.home))
        if self.throttle.is_closed_for(email):
            raise HTTPException(429)
        async with self.pool.connection() as connection:
            token = await accounts.sign_in(connection, email, password)
        if token is None:
            self.throttle.note_failure(email)
            words = "E-mail or password is wrong."
            return self.pages.answer("sign_in.html", status=401, then=then, words=words)
        answer = RedirectResponse(_own_path(then, self.home), 303)
        answer.set_cookie(
            self.cookie, token, max_age=accounts.SESSION_HOURS * 3600, httponly=True,
            samesite="lax", secure=request.url.scheme == "https",
        )  # fmt: skip
        return answer

    async def _sign_out(self, request: Request) -> Response:
        if token := request.cookies.get(self.cookie):
            async with self.pool.connection() as connection:
                await accounts.sign_out(connection, token)
        answer = RedirectResponse("/", 303)
        answer.delete_cookie(self.cookie)
        return answer


def _own_path(then: str, home: str) -> str:
    """Only a path of this site: an address in the query must not lead elsewhere."""
    parts = urlsplit(then)
    is_path = then.startswith("/") and not then.startswith(("//", "/\\"))
    return then if is_path and not parts.netloc and not parts.scheme else home
