"""Routes: what surrounds a log line, and what lines have in common."""

from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import Field

from vedette.api.json_answer import answer
from vedette.api.log_forms import LogContext, Patterns
from vedette.api.parameters import TimeParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.visit import Admits, Visit
from vedette.query.events_table import in_environments
from vedette.query.log_context import (
    LINE_COUNT_DEFAULT,
    LINE_COUNT_MAX,
    ContextRequest,
    ask_log_context,
)
from vedette.query.log_patterns import (
    PATTERN_COUNT_DEFAULT,
    PATTERN_COUNT_MAX,
    PatternRequest,
    ask_log_patterns,
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


class PatternParameters(TimeParameters):
    """Which lines."""

    query: str = Field("", description="A search.")
    environment: list[str] = Field(default_factory=list)
    limit: int = Field(PATTERN_COUNT_DEFAULT, ge=1, le=PATTERN_COUNT_MAX, description="Patterns.")


@router.get("/logs/patterns", response_model=Patterns)
async def show_patterns(
    visit: ReadsAll, parameters: Annotated[PatternParameters, Query()]
) -> Response:
    """What lines say, put together by their templates; from a sample."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = PatternRequest(
        search=parameters.query,
        project_slugs=await visit.all_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        where=in_environments(parameters.environment),
        pattern_count_max=parameters.limit,
    )
    return answer(await visit.ask(lambda: ask_log_patterns(services.telemetry, request)))
