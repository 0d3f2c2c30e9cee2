"""Routes: is the server alive, ready and well; what the API looks like."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Request, Response

from vedette.api.answer_forms import Alive, KeptAside, Ready, RestoredForm
from vedette.api.docs_page import docs_page
from vedette.api.door import door_of
from vedette.api.json_answer import answer, answer_bytes
from vedette.api.policy import Scope
from vedette.api.visit import (
    Admits,
    AdmitsThisMachine,
    Visit,
    is_of_this_machine,
    recognise_sender,
)

router = APIRouter(tags=["server"])

NOT_TOLD: Final = "ask with a token for more"


@router.get("/healthz", response_model=Alive)
async def show_alive() -> Response:
    """The process is alive; open to all."""
    return answer({"alive": True})


@router.get("/readyz", response_model=Ready)
async def show_ready(request: Request) -> Response:
    """200 when stores answer and the digester keeps up, else 503 and what is wrong.

    Open to all; the sentences are for this machine and for whoever may read the organization.
    """
    door = door_of(request)
    problems = await door.lookups.run(door.services.state.problems)
    is_told = await _is_told_details(request)
    is_ready = not any(each.hinders for each in problems)
    return answer(
        {
            "ready": is_ready,
            "problems": [
                {"name": problem.name, "text": problem.text if is_told else NOT_TOLD}
                for problem in problems
            ],
        },
        status=200 if is_ready else 503,
    )


@router.get("/metrics", dependencies=[Depends(AdmitsThisMachine(Scope.ORG_READ))])
async def show_metrics(request: Request) -> Response:
    """Our own figures in Prometheus' text form: for this machine, elsewhere with a token."""
    door = door_of(request)
    text = await door.lookups.run(door.services.state.metrics_text)
    return Response(text, media_type="text/plain; version=0.0.4")


async def _is_told_details(request: Request) -> bool:
    if is_of_this_machine(request):
        return True
    asker = await recognise_sender(request)
    return asker is not None and Scope.ORG_READ in asker.scopes


@router.get("/api/v1/status")
async def show_status(visit: Annotated[Visit, Depends(Admits(Scope.ORG_READ))]) -> Response:
    """What `vedette status --json` shows."""
    return answer(await visit.look_up(visit.door.services.state.status))


@router.get("/api/v1/quarantine", response_model=list[KeptAside])
async def show_quarantine(visit: Annotated[Visit, Depends(Admits(Scope.ORG_ADMIN))]) -> Response:
    """Rows that the telemetry store refused, block by block, with its reasons."""
    kept = await visit.look_up(visit.door.services.state.quarantined)
    return answer(list(kept))


@router.post("/api/v1/quarantine/restore", response_model=RestoredForm)
async def restore_quarantine(
    visit: Annotated[Visit, Depends(Admits(Scope.ORG_ADMIN))],
) -> Response:
    """Store again what was kept aside, some blocks at a time; ask again while some are left."""
    return answer(await visit.look_up(visit.door.services.state.restore_quarantined))


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
