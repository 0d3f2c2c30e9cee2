"""Routes: what services do, whom they call, their databases and queues."""

from collections.abc import Callable
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.json_answer import answer
from vedette.api.parameters import OperationsParameters, ServicesParameters
from vedette.api.policy import Scope
from vedette.api.service_forms import (
    Databases,
    Operations,
    Queues,
    ServiceMap,
    Services,
    ServiceSeries,
)
from vedette.api.visit import Admits, Visit
from vedette.model.json_value import JsonObject
from vedette.query.ask_services import (
    ServicesRequest,
    ask_databases,
    ask_operations,
    ask_queues,
    ask_service_map,
    ask_service_series,
    ask_services,
)
from vedette.storage.telemetry.port import TelemetryReader

router = APIRouter(prefix="/api/v1", tags=["services"])

ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]
Parameters = Annotated[ServicesParameters, Query()]


@router.get("/services", response_model=Services)
async def list_services(visit: ReadsAll, parameters: Parameters) -> Response:
    """All services with rate, failures, durations and their course."""
    return await _ask(visit, parameters, ask_services)


@router.get("/services/{service}", response_model=ServiceSeries)
async def show_service(visit: ReadsAll, service: str, parameters: Parameters) -> Response:
    """One service over time, in steps of `interval`."""
    return await _ask(
        visit, parameters, lambda reader, request: ask_service_series(reader, request, service)
    )


@router.get("/services/{service}/operations", response_model=Operations)
async def list_operations(
    visit: ReadsAll, service: str, parameters: Annotated[OperationsParameters, Query()]
) -> Response:
    """The operations of one service."""
    is_entry = {"entry": True, "inner": False, "all": None}[parameters.spans]
    return await _ask(
        visit,
        parameters,
        lambda reader, request: ask_operations(reader, request, service, is_entry=is_entry),
    )


@router.get("/service-map", response_model=ServiceMap)
async def show_service_map(visit: ReadsAll, parameters: Parameters) -> Response:
    """Who calls whom: services, databases, queues, and the world outside."""
    return await _ask(visit, parameters, ask_service_map)


@router.get("/databases", response_model=Databases)
async def list_queries(visit: ReadsAll, parameters: Parameters) -> Response:
    """Queries without their values, by database system and service."""
    return await _ask(visit, parameters, ask_databases)


@router.get("/queues", response_model=Queues)
async def list_queues(visit: ReadsAll, parameters: Parameters) -> Response:
    """Queues: who publishes, who receives, how much later."""
    return await _ask(visit, parameters, ask_queues)


async def _ask(
    visit: Visit,
    parameters: ServicesParameters,
    question: Callable[[TelemetryReader, ServicesRequest], JsonObject],
) -> Response:
    services = visit.door.services
    request = ServicesRequest(
        project_ids=tuple(await visit.all_projects(parameters.named_projects())),
        time_range=parameters.time_range(services.clock.now_ns()),
        environments=tuple(parameters.environment),
        interval_s=parameters.interval,
    )
    return answer(await visit.ask(lambda: question(services.telemetry, request)))
