"""Routes: which faults are looked for in a project's traces, and from which threshold on."""

from collections.abc import Mapping
from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Depends, Response
from msgspec import UNSET, UnsetType

from vedette.api.detector_forms import DetectorForm
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.refusal import not_found, wrong
from vedette.api.request_body import described, read_body
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.detectors.catalogue import DETECTORS
from vedette.pipeline.detectors.detector import Detector
from vedette.pipeline.detectors.detector_options import ENABLED, option_name

router = APIRouter(prefix="/api/v1/projects/{organization}/{project}", tags=["detectors"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_READ))]
Writes = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.PROJECT_WRITE))]
_BY_KIND: Final = {each.kind: each for each in DETECTORS}


class DetectorChange(msgspec.Struct):
    """The body; what it does not name stays, null is the default."""

    enabled: bool | UnsetType | None = UNSET
    settings: dict[str, bool | int | float | str | None] = msgspec.field(default_factory=dict)


@router.get("/detectors", response_model=list[DetectorForm])
async def list_detectors(visit: Reads, project: str) -> Response:
    """Every detector, as it is set for this project."""
    found = visit.project(project)
    metadata = visit.door.services.metadata
    options = await visit.look_up(lambda: metadata.options(found.project_id))
    return answer([_shape(each, options) for each in DETECTORS])


@router.put(
    "/detectors/{kind}", response_model=DetectorForm, openapi_extra=described(DetectorChange)
)
async def change_detector(visit: Writes, project: str, kind: str) -> Response:
    """Switch a detector on or off, or set its thresholds."""
    found = visit.project(project)
    detector = _BY_KIND.get(kind)
    if detector is None:
        raise not_found()
    body = await read_body(visit.request, DetectorChange)
    changes = _changes(detector, body)
    metadata = visit.door.services.metadata
    await visit.look_up(lambda: metadata.set_options(project_id=found.project_id, changes=changes))
    options = await visit.look_up(lambda: metadata.options(found.project_id))
    return answer(_shape(detector, options))


def _changes(detector: Detector, body: DetectorChange) -> dict[str, JsonValue]:
    changes: dict[str, JsonValue] = {}
    if not isinstance(body.enabled, UnsetType):
        changes[option_name(detector.kind, ENABLED)] = body.enabled
    for name, value in body.settings.items():
        if name not in detector.defaults:
            known = ", ".join(detector.defaults)
            raise wrong(f"settings.{name}: {detector.kind} has {known or 'no settings'}")
        if value is not None and not _is_fitting(value, detector.defaults[name]):
            raise wrong(f"settings.{name}: give a value such as {detector.defaults[name]}")
        changes[option_name(detector.kind, name)] = value
    return changes


def _is_fitting(value: JsonValue, default: JsonValue) -> bool:
    if isinstance(default, bool) or isinstance(value, bool):
        return isinstance(default, bool) and isinstance(value, bool)
    if isinstance(default, int | float):
        return isinstance(value, int | float) and value >= 0
    return isinstance(value, str)


def _shape(detector: Detector, options: Mapping[str, JsonValue]) -> JsonObject:
    given = options.get(option_name(detector.kind, ENABLED))
    return {
        "kind": detector.kind,
        "category": detector.category,
        "title": detector.title,
        "what": detector.explanation.what,
        "why": detector.explanation.why,
        "how": detector.explanation.how,
        "enabled": given if isinstance(given, bool) else True,
        "settings": [
            {
                "name": name,
                "value": options.get(option_name(detector.kind, name), default),
                "default": default,
            }
            for name, default in detector.defaults.items()
        ],
    }
