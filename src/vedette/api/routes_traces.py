"""Routes: traces in Sentry's nested form and as columns, single spans, logs of traces."""

from typing import Annotated, Final

from fastapi import APIRouter, Depends, Query, Response

from vedette.api.answer_forms import TableForm
from vedette.api.json_answer import answer, answer_bytes, answer_page
from vedette.api.packed_answer import answer_packed, chosen_encoding, pack_large
from vedette.api.parameters import (
    ColumnsParameters,
    TimeParameters,
    TraceLogsParameters,
    TraceParameters,
)
from vedette.api.policy import Scope
from vedette.api.refusal import not_found, wrong
from vedette.api.trace_forms import ColumnarTrace, SpanDetails, TraceError, TraceMeta, TraceSpan
from vedette.api.visit import Admits, AdmitsToOrganization, OrganizationVisit, Visit
from vedette.model.hex_id import SPAN_ID_LENGTH, TRACE_ID_LENGTH, read_hex_id
from vedette.query.ask_trace import (
    TraceRequest,
    ask_nested_trace,
    ask_span,
    ask_trace_columns,
    ask_trace_meta,
    of_traces,
)
from vedette.query.events_table import TableRequest, ask_table

router = APIRouter(prefix="/api/0", tags=["traces"])
columns_router = APIRouter(prefix="/api/v1", tags=["traces"])

Reads = Annotated[OrganizationVisit, Depends(AdmitsToOrganization(Scope.EVENT_READ))]
ReadsAll = Annotated[Visit, Depends(Admits(Scope.EVENT_READ))]

TRACES_PER_REQUEST_MAX: Final = 100
LOGS_PER_PAGE_MAX: Final = 9_999
"""As in Sentry, whose clients ask for all logs of a trace at once."""
_LOG_FIELDS: Final = (
    "sentry.item_id",
    "project.id",
    "trace",
    "span_id",
    "severity_number",
    "severity",
    "timestamp",
    "tags[sentry.timestamp_precise,number]",
    "message",
)


@router.get(
    "/organizations/{organization}/trace/{trace_id}/", response_model=list[TraceSpan | TraceError]
)
async def show_trace(
    visit: Reads, trace_id: str, parameters: Annotated[TraceParameters, Query()]
) -> Response:
    """A trace: roots with their children inside. X-Shown says "N of M"."""
    request = _request(visit, trace_id, parameters)
    reader = visit.door.services.telemetry
    extra = parameters.additional_attributes
    trace = await visit.ask(lambda: ask_nested_trace(reader, request, extra=extra))
    if trace is None:
        raise not_found()
    return answer_bytes(
        trace.body,
        headers={"X-Shown": f"{trace.shown} of {trace.total}", "X-Hits": str(trace.total)},
    )


@router.get("/organizations/{organization}/trace-meta/{trace_id}/", response_model=TraceMeta)
async def show_trace_meta(
    visit: Reads, trace_id: str, parameters: Annotated[TimeParameters, Query()]
) -> Response:
    """How much there is of a trace."""
    request = _request(visit, trace_id, parameters)
    reader = visit.door.services.telemetry
    meta = await visit.ask(lambda: ask_trace_meta(reader, request))
    if meta is None:
        raise not_found()
    return answer(meta)


@router.get("/organizations/{organization}/trace-logs/", response_model=TableForm)
async def list_trace_logs(
    visit: Reads, parameters: Annotated[TraceLogsParameters, Query()]
) -> Response:
    """The logs of one or several traces, newest first."""
    if not 1 <= len(parameters.trace_id) <= TRACES_PER_REQUEST_MAX:
        raise wrong(f"Name 1 to {TRACES_PER_REQUEST_MAX} traces with traceId.")
    trace_ids = [_trace_id(trace_id) for trace_id in parameters.trace_id]
    services = visit.door.services
    now_ns = services.clock.now_ns()
    page = parameters.page(LOGS_PER_PAGE_MAX)
    request = TableRequest(
        dataset="logs",
        field_names=_LOG_FIELDS,
        search=parameters.query,
        sorts=parameters.orderby,
        project_slugs=visit.chosen_projects(parameters.named_projects()),
        time_range=parameters.time_range(now_ns),
        page=page,
        now_ns=now_ns,
        where=of_traces(trace_ids),
    )
    table = await visit.ask(lambda: ask_table(services.telemetry, request))
    return answer_page(
        {"data": table.rows, "meta": table.meta}, visit.request, page, has_more=table.has_more
    )


@columns_router.get("/traces/{trace_id}", response_model=ColumnarTrace)
async def show_trace_columns(
    visit: ReadsAll, trace_id: str, parameters: Annotated[ColumnsParameters, Query()]
) -> Response:
    """A trace as columns in pre-order; `shown` and `total` say whether that is all of it.

    A large one is packed with zstd or gzip, if the client takes it.
    """
    services = visit.door.services
    request = TraceRequest(
        _trace_id(trace_id),
        await visit.all_projects(),
        parameters.time_range(services.clock.now_ns()),
    )
    span_id = read_hex_id(parameters.span_id, length=SPAN_ID_LENGTH) or ""
    encoding = chosen_encoding(visit.request.headers.get("accept-encoding", ""))
    reader = services.telemetry
    packed = await visit.ask(
        lambda: pack_large(ask_trace_columns(reader, request, span_id=span_id), encoding)
    )
    if packed is None:
        raise not_found()
    return answer_packed(packed)


@columns_router.get("/traces/{trace_id}/spans/{span_id}", response_model=SpanDetails)
async def show_span(visit: ReadsAll, trace_id: str, span_id: str) -> Response:
    """One span with its attributes, events and links."""
    known_span_id = read_hex_id(span_id, length=SPAN_ID_LENGTH)
    if known_span_id is None:
        raise not_found()
    known_trace_id = _trace_id(trace_id)
    projects = await visit.all_projects()
    reader = visit.door.services.telemetry
    span = await visit.ask(
        lambda: ask_span(
            reader, trace_id=known_trace_id, span_id=known_span_id, project_slugs=projects
        )
    )
    if span is None:
        raise not_found()
    return answer(span)


def _request(visit: OrganizationVisit, trace_id: str, parameters: TimeParameters) -> TraceRequest:
    # All projects, whatever is named: a trace goes where it goes.
    return TraceRequest(
        _trace_id(trace_id),
        visit.chosen_projects(()),
        parameters.time_range(visit.door.services.clock.now_ns()),
    )


def _trace_id(text: str) -> str:
    trace_id = read_hex_id(text, length=TRACE_ID_LENGTH)
    if trace_id is None:
        raise not_found()
    return trace_id
