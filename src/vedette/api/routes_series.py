"""Routes: figures over time."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.explore_forms import StatsForm, TimeseriesForm
from vedette.api.explore_parameters import SeriesParameters
from vedette.api.json_answer import answer
from vedette.api.policy import Scope
from vedette.api.visit import AdmitsToOrganization, OrganizationVisit
from vedette.query.equation import PREFIX
from vedette.query.functions import is_call
from vedette.query.series import Series, SeriesRequest, ask_series
from vedette.query.series_shape import shape_stats, shape_timeseries

router = APIRouter(prefix="/api/0", tags=["explore"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
Asked = Annotated[SeriesParameters, Query()]

AXIS_DEFAULT: Final = "count()"


@router.get("/organizations/{organization}/events-timeseries/", response_model=TimeseriesForm)
async def show_timeseries(visit: Reads, parameters: Asked) -> Response:
    """Lines over time; the last step may not be over, and says so."""
    return answer(shape_timeseries(await _series(visit, parameters, parameters.group_by)))


@router.get("/organizations/{organization}/events-stats/", response_model=StatsForm)
async def show_stats(visit: Reads, parameters: Asked) -> Response:
    """The same in the older form: with several axes or groups, an object of such objects."""
    fields = [name for name in parameters.field if not is_call(name) and PREFIX not in name]
    groups = [name for name in fields if name != "timestamp"] or parameters.group_by
    return answer(shape_stats(await _series(visit, parameters, groups)))


async def _series(
    visit: OrganizationVisit, parameters: SeriesParameters, keys: list[str]
) -> Series:
    services = visit.door.services
    now_ns = services.clock.now_ns()
    request = SeriesRequest(
        dataset=parameters.dataset_name,
        axes=parameters.y_axis or [AXIS_DEFAULT],
        search=parameters.query,
        project_slugs=visit.chosen_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        interval=parameters.interval,
        group_by=keys,
        group_count=parameters.top_events,
        sorts=parameters.sort or parameters.orderby,
        has_others=not parameters.is_other_excluded,
        before_s=parameters.comparison_delta,
        where=parameters.where(),
        is_extrapolated=not parameters.is_extrapolation_off,
    )
    return await visit.ask(lambda: ask_series(services.telemetry, request))
