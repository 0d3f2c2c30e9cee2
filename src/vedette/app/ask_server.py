"""How commands talk to a running server: a few JSON requests over HTTP."""

import json
import urllib.error
import urllib.request
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonValue

TIMEOUT_S: Final = 10.0


class NoAnswer(Exception):  # noqa: N818 - a state of the other side, told in a sentence
    """The server did not answer, or refused; the text says which."""


@dataclass(frozen=True, slots=True)
class Answered:
    """A status and what came with it."""

    status: int
    body: bytes

    def json(self) -> JsonValue:
        """Return the body as JSON; None if it is none."""
        try:
            value: JsonValue = json.loads(self.body)
        except ValueError:
            return None
        return value


def get(url: str, *, token: str) -> Answered:
    """Ask for something."""
    return _ask(urllib.request.Request(url, headers={"authorization": f"Bearer {token}"}))  # noqa: S310 - the url is the operator's


def post(url: str, body: bytes, headers: dict[str, str]) -> Answered:
    """Send something."""
    return _ask(urllib.request.Request(url, data=body, headers=headers, method="POST"))  # noqa: S310 - the url is the operator's


def _ask(request: urllib.request.Request) -> Answered:
    try:
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as response:  # noqa: S310 - the url is the operator's
            return Answered(response.status, response.read())
    except urllib.error.HTTPError as error:
        return Answered(error.code, error.read())
    except (urllib.error.URLError, OSError, TimeoutError) as error:
        reason = getattr(error, "reason", error)
        raise NoAnswer(f"no answer from {request.full_url}: {reason}") from error
