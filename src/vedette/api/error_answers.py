"""What is answered when something does not work: always JSON with a `detail`."""

import logging
from typing import Final

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException

from vedette.api.json_answer import answer
from vedette.api.refusal import Refusal
from vedette.query.refusal import QuestionWrong
from vedette.query.search import SearchError
from vedette.storage.metadata.port import MetadataUnreachable
from vedette.storage.telemetry.port import QuestionGivenUp, QuestionRefused, StoreUnreachable

logger = logging.getLogger(__name__)

RETRY_AFTER_S: Final = 5


def answer_errors(app: FastAPI) -> None:
    """Teach the application every kind of failure that may reach it."""
    app.add_exception_handler(Refusal, _refusal)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(SearchError, _search)
    app.add_exception_handler(QuestionWrong, _question)
    app.add_exception_handler(QuestionRefused, _question)
    app.add_exception_handler(StoreUnreachable, _store)
    app.add_exception_handler(QuestionGivenUp, _store)
    app.add_exception_handler(MetadataUnreachable, _store)
    app.add_exception_handler(Exception, _mistake)


def _refusal(_request: Request, error: Exception) -> Response:
    assert isinstance(error, Refusal)
    return answer(error.content, status=error.status, headers=error.headers)


def _http(request: Request, error: Exception) -> Response:
    """Answer what the router itself refuses."""
    assert isinstance(error, HTTPException)
    if error.status_code == 404:  # noqa: PLR2004 - the status is its own name
        detail = "The requested resource does not exist"
    elif error.status_code == 405:  # noqa: PLR2004 - the status is its own name
        detail = f'Method "{request.method}" not allowed.'
    else:
        detail = str(error.detail)
    return answer({"detail": detail}, status=error.status_code, headers=error.headers)


def _invalid(_request: Request, error: Exception) -> Response:
    """Answer parameters of the wrong type."""
    assert isinstance(error, RequestValidationError)
    faults = [
        f"{'.'.join(str(part) for part in fault['loc'][1:])}: {fault['msg']}"
        for fault in error.errors()
    ]
    return answer({"detail": "; ".join(faults)}, status=400)


def _search(_request: Request, error: Exception) -> Response:
    assert isinstance(error, SearchError)
    return answer(
        {
            "detail": f"Error parsing search query: {error}",
            "position": error.position,
            "expected": error.expected,
        },
        status=400,
    )


def _question(_request: Request, error: Exception) -> Response:
    return answer({"detail": str(error)}, status=400)


def _store(_request: Request, error: Exception) -> Response:
    # What the store says is for the person who runs the server, not for whoever asks.
    logger.error("a store does not answer", exc_info=error)
    return answer(
        {"detail": "A store does not answer; try again."},
        status=503,
        headers={"Retry-After": str(RETRY_AFTER_S)},
    )


def _mistake(_request: Request, error: Exception) -> Response:
    logger.error("a request failed by a mistake of ours", exc_info=error)
    return answer({"detail": "Internal Error"}, status=500)
