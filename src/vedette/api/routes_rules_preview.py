"""Routes: rules tried on a kept event, before they are set."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Depends, Request, Response
from pydantic import JsonValue as AnyJson

from vedette.api.answer_forms import Form
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.project_settings import ProjectChange, option_changes
from vedette.api.refusal import not_found
from vedette.api.request_body import described, read_body
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.hex_id import EVENT_ID_LENGTH, read_hex_id
from vedette.model.project_rules import read_project_rules
from vedette.query.rules_preview import ask_preview

router = APIRouter(prefix="/api/v1/projects/{organization}/{project}", tags=["projects"])

Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]


class PreviewForm(Form):
    """What rules would do to an event: `removed` is in the form of Sentry's `_meta`."""

    removed: dict[str, AnyJson]
    event: dict[str, AnyJson]
    title: str
    culprit: str
    grouping: dict[str, AnyJson]


class TriedRules(ProjectChange, kw_only=True):
    """The body that names an event and the options to try; what it does not name is as it is."""

    event_id: str = msgspec.field(name="eventId")


@router.post("/rules/preview", response_model=PreviewForm, openapi_extra=described(TriedRules))
async def preview_rules(visit: Writes, project: str, request: Request) -> Response:
    """Try scrubbing and grouping rules on a kept event; nothing is changed."""
    found = visit.project(project)
    body = await read_body(request, TriedRules)
    known_id = read_hex_id(body.event_id, length=EVENT_ID_LENGTH)
    if known_id is None:
        raise not_found()
    changes = option_changes(body)
    services = visit.door.services
    options = await visit.look_up(lambda: services.metadata.options(found.project_id))
    merged = {key: value for key, value in {**options, **changes}.items() if value is not None}
    shown = await visit.ask(
        lambda: ask_preview(
            services.telemetry,
            project_id=found.project_id,
            event_id=known_id,
            rules=read_project_rules(merged),
            now_ns=services.clock.now_ns(),
        )
    )
    if shown is None:
        raise not_found()
    return answer(shown)
