"""Routes: is the server alive, ready and well; what the API looks like."""

from typing import Annotated

from fastapi import APIRouter, Depends, Request, Response

from vedette.api.answer_forms import Alive, Ready
from vedette.api.docs_page import docs_page
from vedette.api.door import door_of
from vedette.api.json_answer import answer, answer_bytes
from vedette.api.policy import Scope
from vedette.api.visit import Admits, Visit

router = APIRouter(tags=["server"])


@router.get("/healthz", response_model=Alive)
async def show_alive() -> Response:
    """The process is alive; open to all."""
    return answer({"alive": True})


@router.get("/readyz", response_model=Ready)
async def show_ready(request: Request) -> Response:
    """200 when stores answer and the digester keeps up, else 503 and what is wrong; open to all."""
    door = door_of(request)
    problems = await door.lookups.run(door.services.state.problems)
    return answer(
        {
            "ready": not problems,
            "problems": [{"name": problem.name, "text": problem.text} for problem in problems],
        },
        status=503 if problems else 200,
    )


@router.get("/metrics")
async def show_metrics(request: Request) -> Response:
    """Our own figures in Prometheus' text form; open to all."""
    door = door_of(request)
    text = await door.lookups.run(door.services.state.metrics_text)
    return Response(text, media_type="text/plain; version=0.0.4")


@router.get("/api/v1/status")
async def show_status(visit: Annotated[Visit, Depends(Admits(Scope.ORG_READ))]) -> Response:
    """What `vedette status --json` shows."""
    return answer(await visit.look_up(visit.door.services.state.status))


@router.get("/api/openapi.json")
async def show_schema(request: Request) -> Response:
    """This API as an OpenAPI document; open to all."""
    return answer_bytes(_schema(request))


@router.get("/api/docs")
async def show_docs(request: Request) -> Response:
    """This API as a page; open to all."""
    page = docs_page(_schema(request))
    return Response(
        page.html, media_type="text/html", headers={"Content-Security-Policy": page.policy}
    )


def _schema(request: Request) -> bytes:
    document = request.app.state.make_schema()
    assert isinstance(document, bytes)
    return document
