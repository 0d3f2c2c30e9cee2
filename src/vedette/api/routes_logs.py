"""Routes: what surrounds a log line."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from vedette.api.json_answer import answer
from vedette.api.log_forms import LogContext
from vedette.api.parameters import TimeParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.visit import Admits, Visit
from vedette.query.log_context import (
    LINE_COUNT_DEFAULT,
    LINE_COUNT_MAX,
    ContextRequest,
    ask_log_context,
)

router = APIRouter(prefix="/api/v1", tags=["logs"])

ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]


class ContextParameters(TimeParameters):
    """How much around a line."""

    before: int = Field(LINE_COUNT_DEFAULT, ge=0, le=LINE_COUNT_MAX, description="Lines.")
    after: int = Field(LINE_COUNT_DEFAULT, ge=0, le=LINE_COUNT_MAX, description="Lines.")
    by: Literal["source", "trace"] = Field(
        "source", description="Lines of the same process or machine, or of the same trace."
    )


@router.get("/logs/{log_id}/context", response_model=LogContext)
async def show_context(
    visit: ReadsAll, log_id: str, parameters: Annotated[ContextParameters, Query()]
) -> Response:
    """The lines before and after one, of the same source, in order.

    The time is where the line itself is looked for: naming it makes the answer faster.
    """
    services = visit.door.services
    request = ContextRequest(
        log_id=log_id,
        project_slugs=await visit.all_projects(parameters.named_projects()),
        time_range=parameters.time_range(services.clock.now_ns()),
        before_count=parameters.before,
        after_count=parameters.after,
        by=parameters.by,
    )
    found = await visit.ask(lambda: ask_log_context(services.telemetry, request))
    if found is None:
        raise not_found()
    return answer(found)
