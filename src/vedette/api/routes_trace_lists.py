"""Routes: several traces: lists, journeys over links, comparisons."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, Response

from vedette.api.json_answer import answer
from vedette.api.parameters import CompareParameters, TraceListParameters
from vedette.api.policy import Scope
from vedette.api.refusal import not_found
from vedette.api.trace_list_forms import Comparison, Journey, SentryTraceList, TraceList
from vedette.api.visit import Admits, AdmitsToOrganization, OrganizationVisit, Visit
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.hex_id import TRACE_ID_LENGTH, read_hex_id
from vedette.model.json_value import JsonObject
from vedette.query.journey import ask_journey
from vedette.query.paging import Page, link_header
from vedette.query.payload import as_list, as_object, whole
from vedette.query.trace_compare import ask_comparison
from vedette.query.trace_list import (
    TRACES_PER_PAGE_MAX,
    TraceListRequest,
    ask_trace_list,
)
from vedette.query.trace_list import TraceList as FoundTraces

router = APIRouter(prefix="/api/0", tags=["traces"])
own_router = APIRouter(prefix="/api/v1", tags=["traces"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]
Listing = Annotated[TraceListParameters, Query()]

_NANOSECONDS_PER_MILLISECOND = NANOSECONDS_PER_SECOND // 1_000


@own_router.get("/traces", response_model=TraceList)
async def list_traces(visit: ReadsAll, parameters: Listing) -> Response:
    """Traces that have a span which the search finds, newest first."""
    projects = await visit.all_projects(parameters.named_projects())
    found, page = await _find(visit, parameters, projects)
    return _answer_page({"traces": list(found.traces)}, visit.request, page, found)


@router.get("/organizations/{organization}/traces/", response_model=SentryTraceList)
async def list_traces_for_sentry(visit: Reads, parameters: Listing) -> Response:
    """The same in Sentry's form."""
    projects = visit.chosen_projects(parameters.named_projects())
    found, page = await _find(visit, parameters, projects)
    shaped: JsonObject = {"data": [_for_sentry(each) for each in found.traces], "meta": {}}
    return _answer_page(shaped, visit.request, page, found)


@own_router.get("/traces/compare", response_model=Comparison)
async def compare_traces(
    visit: ReadsAll, parameters: Annotated[CompareParameters, Query()]
) -> Response:
    """Two traces by what they did; or one beside a typical one of its operation."""
    one = _trace_id(parameters.a)
    other = _trace_id(parameters.b) if parameters.b else ""
    projects = await visit.all_projects()
    reader = visit.door.services.telemetry
    found = await visit.ask(
        lambda: ask_comparison(reader, one=one, other=other, project_slugs=projects)
    )
    if found is None:
        raise not_found()
    return answer(found)


@own_router.get("/traces/{trace_id}/journey", response_model=Journey)
async def show_journey(visit: ReadsAll, trace_id: str) -> Response:
    """The traces before and after this one, as far as links lead."""
    known_trace_id = _trace_id(trace_id)
    projects = await visit.all_projects()
    reader = visit.door.services.telemetry
    found = await visit.ask(
        lambda: ask_journey(reader, trace_id=known_trace_id, project_slugs=projects)
    )
    if found is None:
        raise not_found()
    return answer(found)


async def _find(
    visit: Visit, parameters: TraceListParameters, projects: dict[int, str]
) -> tuple[FoundTraces, Page]:
    services = visit.door.services
    now_ns = services.clock.now_ns()
    page = parameters.page(TRACES_PER_PAGE_MAX)
    request = TraceListRequest(
        search=parameters.query,
        project_slugs=projects,
        time_range=parameters.time_range(now_ns),
        now_ns=now_ns,
        trace_count_max=page.row_count_max,
        span_offset=page.offset,
    )
    return await visit.ask(lambda: ask_trace_list(services.telemetry, request)), page


def _answer_page(content: JsonObject, request: Request, page: Page, found: FoundTraces) -> Response:
    """Return a page whose cursors count matching spans, of which a trace may have many."""
    spans = Page(page.offset, found.span_offset - page.offset)
    return answer(
        content, headers={"Link": link_header(str(request.url), spans, has_more=found.has_more)}
    )


def _for_sentry(trace: JsonObject) -> JsonObject:
    root = as_object(trace["root"])
    start_ms = int(str(trace["startNs"])) / _NANOSECONDS_PER_MILLISECOND
    duration_ms = whole(trace["durationNs"]) / _NANOSECONDS_PER_MILLISECOND
    has_root = not root["isMissing"]
    return {
        "trace": trace["traceId"],
        "numErrors": trace["errorCount"],
        "numOccurrences": 0,
        "numSpans": trace["spanCount"],
        "matchingSpans": len(as_list(trace["matchingSpans"])),
        "project": root["project"] if has_root else None,
        "name": root["name"] if has_root else None,
        "rootDuration": whole(root["durationNs"]) / _NANOSECONDS_PER_MILLISECOND
        if has_root
        else None,
        "duration": duration_ms,
        "start": start_ms,
        "end": start_ms + duration_ms,
        "breakdowns": [],
    }


def _trace_id(text: str) -> str:
    trace_id = read_hex_id(text, length=TRACE_ID_LENGTH)
    if trace_id is None:
        raise not_found()
    return trace_id
