"""What is answered instead of what was asked for: `{"detail": …}` and a status."""

from collections.abc import Mapping

from vedette.model.json_value import JsonObject


class Refusal(Exception):  # noqa: N818 - an answer, not a mistake
    """Ends a request with a status and a sentence."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        more: JsonObject | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Say what is wrong; `more` stands beside the detail in the answer."""
        super().__init__(detail)
        self.status = status
        self.content: JsonObject = {"detail": detail, **(more or {})}
        self.headers = dict(headers or {})


def not_found() -> Refusal:
    """Return the answer for whatever is unknown or belongs to others."""
    return Refusal(404, "The requested resource does not exist")


def not_signed_in(detail: str = "Authentication credentials were not provided.") -> Refusal:
    """Return the answer for requests of nobody we know."""
    return Refusal(401, detail, headers={"WWW-Authenticate": 'Bearer realm="api"'})


def not_allowed(detail: str = "You do not have permission to perform this action.") -> Refusal:
    """Return the answer for people who may not do this."""
    return Refusal(403, detail)


def wrong(detail: str) -> Refusal:
    """Return the answer for requests that cannot be understood."""
    return Refusal(400, detail)
