"""Routes: facets, heatmaps, samples behind figures, and what differs."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.explore_forms import Differences, Exemplars, Facet, Heatmap
from vedette.api.explore_parameters import (
    DifferenceParameters,
    ExemplarParameters,
    FacetParameters,
    HeatmapParameters,
)
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.visit import Admits, AdmitsToOrganization, OrganizationVisit, Visit
from vedette.query.differences import DifferenceRequest, ask_differences
from vedette.query.exemplars import ExemplarRequest, ask_exemplars
from vedette.query.facets import FacetRequest, ask_facets
from vedette.query.heatmap import HeatmapRequest, ask_heatmap
from vedette.query.series import SeriesRequest

router = APIRouter(prefix="/api/0", tags=["explore"])
own_router = APIRouter(prefix="/api/v1", tags=["explore"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]


@router.get("/organizations/{organization}/events-facets/", response_model=list[Facet])
async def show_facets(visit: Reads, parameters: Annotated[FacetParameters, Query()]) -> Response:
    """Values of tags and attributes, most frequent first; of very many rows, estimated."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = FacetRequest(
        dataset=parameters.dataset_name,
        search=parameters.query,
        project_slugs=visit.chosen_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        keys=parameters.key,
        where=parameters.where(),
    )
    return answer(await visit.ask(lambda: ask_facets(services.telemetry, request)))


@own_router.get("/heatmap", response_model=Heatmap)
async def show_heatmap(
    visit: ReadsAll, parameters: Annotated[HeatmapParameters, Query()]
) -> Response:
    """How a number is spread over time, in steps of equal ratio."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = HeatmapRequest(
        SeriesRequest(
            dataset=parameters.dataset_name,
            axes=(),
            search=parameters.query,
            project_slugs=await visit.all_projects(parameters.named_projects()),
            time_range=parameters.time_range(now_ns),
            now_ns=now_ns,
            interval=parameters.interval,
            where=parameters.where(),
            is_extrapolated=not parameters.is_extrapolation_off,
        ),
        parameters.field,
    )
    return answer(await visit.ask(lambda: ask_heatmap(services.telemetry, request)))


@own_router.get("/exemplars", response_model=Exemplars)
async def show_exemplars(
    visit: ReadsAll, parameters: Annotated[ExemplarParameters, Query()]
) -> Response:
    """Rows behind a figure, such as those nearest to a percentile, or those that failed."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = ExemplarRequest(
        dataset=parameters.dataset_name,
        axis=parameters.y_axis,
        search=parameters.query,
        project_slugs=await visit.all_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        row_count=parameters.limit,
        where=parameters.where(),
        is_extrapolated=not parameters.is_extrapolation_off,
    )
    return answer(await visit.ask(lambda: ask_exemplars(services.telemetry, request)))


@own_router.get("/differs", response_model=Differences)
async def show_differences(
    visit: ReadsAll, parameters: Annotated[DifferenceParameters, Query()]
) -> Response:
    """In what a selection of rows differs from all others: attributes ranked by effect."""
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = DifferenceRequest(
        dataset=parameters.dataset_name,
        selection=parameters.selection,
        search=parameters.query,
        project_slugs=await visit.all_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        where=parameters.where(),
        key_count_max=parameters.limit,
    )
    return answer(await visit.ask(lambda: ask_differences(services.telemetry, request)))
