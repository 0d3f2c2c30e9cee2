"""The OpenAPI document of the read door."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

import orjson
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

from vedette.api.answer_forms import Failure
from vedette.api.visit import Admits, AdmitsThisMachine, AdmitsToOrganization

if TYPE_CHECKING:
    from fastapi.dependencies.models import Dependant

TITLE: Final = "Vedette"
VERSION: Final = "0"
_ABOUT: Final = (
    "The read door. Paths under /api/0 follow Sentry's Web API; "
    "what Sentry has no form for lies under /api/v1. "
    "Every failure is answered with a JSON object whose `detail` says what is wrong."
)

_FAILURE: Final = {
    "description": "It did not work.",
    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Failure"}}},
}


def schema_bytes(routes: Sequence[APIRoute]) -> bytes:
    """Return the document as JSON that is made to be read and compared."""
    document = get_openapi(title=TITLE, version=VERSION, description=_ABOUT, routes=routes)
    components = document.setdefault("components", {})
    components["securitySchemes"] = {"token": {"type": "http", "scheme": "bearer"}}
    components["schemas"]["Failure"] = Failure.model_json_schema()
    # Wrong parameters are answered like every other failure, not in the framework's own form.
    for name in ("HTTPValidationError", "ValidationError"):
        components["schemas"].pop(name, None)
    for route in (one for one in routes if one.include_in_schema):
        scopes = scopes_of_route(route)
        for method in route.methods or ():
            operation = document["paths"][route.path_format][method.lower()]
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = _FAILURE
            if scopes is not None:
                operation["security"] = [{"token": scopes}]
    return orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)


def scopes_of_route(route: APIRoute) -> list[str] | None:
    """Return the scopes that a route asks for; None if it is open to all."""
    admissions = list(_admissions(route.dependant))
    if not admissions:
        return None
    return [admission.scope for admission in admissions if admission.scope is not None]


def _admissions(
    dependant: "Dependant",
) -> Iterator[Admits | AdmitsThisMachine | AdmitsToOrganization]:
    for dependency in dependant.dependencies:
        if isinstance(dependency.call, Admits | AdmitsThisMachine | AdmitsToOrganization):
            yield dependency.call
