"""Routes: sessions and their users, by group and step of time."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.json_answer import answer
from vedette.api.parameters import SessionParameters
from vedette.api.policy import Scope
from vedette.api.refusal import wrong
from vedette.api.release_forms import SessionsForm
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.query.session_series import (
    GROUP_COUNT_MAX,
    AskedSessions,
    ask_sessions,
    read_session_request,
)

router = APIRouter(prefix="/api/0", tags=["releases"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.ORG_READ))]


@router.get("/organizations/{organization}/sessions/", response_model=SessionsForm)
async def show_sessions(
    visit: Reads, parameters: Annotated[SessionParameters, Query()]
) -> Response:
    """How sessions and users went: crash-free rates, counts and durations."""
    services = visit.door.services
    per_page = GROUP_COUNT_MAX if parameters.per_page is None else parameters.per_page
    if not 1 <= per_page <= GROUP_COUNT_MAX:
        raise wrong(f"Invalid per_page value. Must be between 1 and {GROUP_COUNT_MAX}.")
    request = read_session_request(
        AskedSessions(
            project_ids=tuple(visit.chosen_projects(parameters.named_projects())),
            time_range=parameters.time_range(services.clock.now_ns()),
            fields=parameters.field,
            group_by=parameters.group_by,
            environments=parameters.environment,
            interval=parameters.interval,
            order_by=parameters.order_by,
            search=parameters.query,
            group_count_max=per_page,
            with_series=parameters.include_series,
        )
    )
    return answer(await visit.ask(lambda: ask_sessions(services.telemetry, request)))
