"""What services do, whom they call, and lists of traces, from the spans: the slow, obvious way."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit

from tests.fakes.row_questions import percentile
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.service_question import (
    CallsQuestion,
    LinksQuestion,
    OperationGroup,
    OperationsQuestion,
    TraceSummariesQuestion,
)
from vedette.storage.telemetry.call_settler import OTHER_END_S, SLICE_S, STEP_COUNT_MAX
from vedette.storage.telemetry.service_port import CALL_COLUMNS, OPERATION_FIGURES
from vedette.storage.telemetry.service_reader import check_operations, check_rows, whole_minutes
from vedette.storage.telemetry.trace_list_port import (
    LINK_COLUMNS,
    SERVICE_COUNT_MAX,
    SUMMARY_COLUMNS,
)
from vedette.storage.telemetry.trace_list_reader import checked_ids

Span: TypeAlias = Mapping[str, Any]
_VARIABLE: Final = re.compile(r"[0-9a-f]{8}-?[0-9a-f-]{8,}|[0-9]+")
_LITERAL: Final = re.compile(r"'[^']*'|\b[0-9]+\b")
_MINUTE_NS: Final = 60 * NANOSECONDS_PER_SECOND
_NO_SPAN: Final = bytes(8)


@dataclass(frozen=True)
class _End:
    """One end of a call."""

    call: tuple[bytes, bytes]
    is_called: bool
    peer_kind: str
    peer: str
    span: Span

    @property
    def slice_s(self) -> int:
        return int(self.span["received_at"]) // 1000 // SLICE_S * SLICE_S


@dataclass
class _Call:
    caller_project_id: int
    project_id: int
    caller: str
    kind: str
    called: str
    via: str
    span: Span
    lag_ns: int | None = None


@dataclass
class CallBook:
    """The calls that are settled, and up to when."""

    until_s: int = 0
    settled: list[_Call] = field(default_factory=list)


class MemoryServices:
    """The ServiceReader, CallSettler and TraceListReader faces over rows of spans."""

    _rows: dict[str, list[dict[str, object]]]
    _calls: CallBook

    def operations(self, question: OperationsQuestion) -> Answer:
        """Answer figures by group."""
        check_operations(question)
        names = tuple(name.value for name in question.group_by)
        steps = ("time",) if question.interval_s else ()
        groups: dict[tuple[Any, ...], list[Span]] = defaultdict(list)
        for span in self._operation_spans(question):
            key = [_GROUPS[name](span) for name in question.group_by]
            if question.interval_s:
                step_ns = question.interval_s * NANOSECONDS_PER_SECOND
                key.append(_minute_ns(span) // step_ns * step_ns)
            groups[tuple(key)].append(span)
        rows = [(*key, *_figures(spans)) for key, spans in groups.items()]
        count = len(names) + len(steps)
        rows.sort(key=lambda row: (row[len(names) : count], -row[count + 1], row[:count]))
        return _answer((*names, *steps, *OPERATION_FIGURES), rows, question.row_count_max)

    def calls(self, question: CallsQuestion) -> Answer:
        """Answer who calls whom."""
        check_rows(question.row_count_max)
        groups: dict[tuple[str, str, str, str], list[_Call]] = defaultdict(list)
        seen = {0, *question.project_ids}
        for call in self._calls.settled if question.project_ids else ():
            if {call.caller_project_id, call.project_id} <= seen and _is_within(
                call.span, question
            ):
                groups[call.caller, call.kind, call.called, call.via].append(call)
        rows = [(*key, *_call_figures(calls)) for key, calls in groups.items()]
        rows.sort(key=lambda row: (-row[5], row[:4]))
        return _answer(CALL_COLUMNS, rows, question.row_count_max)

    def calls_settled_until_ns(self) -> int:
        """Return up to which arrival calls are settled."""
        return self._calls.until_s * NANOSECONDS_PER_SECOND

    def settle_calls(self, *, arrived_before_ns: int) -> int:
        """Count calls, each slice once."""
        before_s = arrived_before_ns // NANOSECONDS_PER_SECOND - SLICE_S - OTHER_END_S
        ends = list(_ends(self._rows["spans"]))
        found = {end.slice_s for end in ends if self._calls.until_s < end.slice_s < before_s}
        slices = sorted(found)[:STEP_COUNT_MAX]
        for slice_s in slices:
            self._calls.settled += _settled(ends, slice_s)
            self._calls.until_s = slice_s
        return len(slices)

    def links(self, question: LinksQuestion) -> Answer:
        """Answer links in both directions."""
        wanted = set(checked_ids(question.trace_ids))
        found: dict[tuple[Any, ...], tuple[Any, ...]] = {}
        for span in self._rows["spans"]:
            if span["project_id"] not in question.project_ids:
                continue
            for row in _links_of(span):
                if row[0] in wanted:
                    found.setdefault(row[:5], row)
        rows = sorted(found.values(), key=lambda row: (row[5], row[1], row[3]))
        return _answer(LINK_COLUMNS, rows, question.row_count_max)

    def trace_summaries(self, question: TraceSummariesQuestion) -> Answer:
        """Answer what lists show of traces."""
        wanted = set(checked_ids(question.trace_ids))
        traces: dict[str, dict[bytes, Span]] = defaultdict(dict)
        for span in self._rows["spans"]:
            trace_id = _hex(span["trace_id"])
            if trace_id in wanted and span["project_id"] in question.project_ids:
                traces[trace_id].setdefault(span["span_id"], span)  # type: ignore[arg-type] # bytes
        rows = [_summary(trace_id, list(spans.values())) for trace_id, spans in traces.items()]
        return _answer(SUMMARY_COLUMNS, rows, len(rows))

    def _operation_spans(self, question: OperationsQuestion) -> Iterator[Span]:
        for span in self._rows["spans"]:
            if (
                span["project_id"] in question.project_ids
                and _is_operation(span)
                and question.service in (None, span["service"])
                and question.is_entry in (None, span["is_segment"])
                and (_GROUPS[OperationGroup.TARGET](span) or not question.has_target)
                and str(span["op"]).startswith(question.op_prefix)
                and _is_within(span, question)
            ):
                yield span


_GROUPS: Final[dict[OperationGroup, Callable[[Span], Any]]] = {
    OperationGroup.SERVICE: lambda span: span["service"],
    OperationGroup.ENVIRONMENT: lambda span: span["environment"],
    OperationGroup.KIND: lambda span: span["kind"],
    OperationGroup.OP: lambda span: span["op"],
    OperationGroup.OPERATION: lambda span: (
        _LITERAL.sub("?", span["description"])
        if span["db_system"] and span["description"]
        else _VARIABLE.sub("*", span["name"])
    ),
    OperationGroup.TARGET: lambda span: span["db_system"] or span["messaging_destination"],
}


def _is_operation(span: Span) -> bool:
    is_call = span["kind"] in ("server", "client", "producer", "consumer")
    has_peer = span["db_system"] or span["messaging_destination"] or span["peer_service"]
    return bool(span["is_segment"] or is_call or has_peer or span["op"].startswith("http.client"))


def _ends(spans: Iterable[Span]) -> Iterator[_End]:
    for span in spans:
        kind, op = span["kind"], span["op"]
        is_called = bool(span["is_segment"]) and kind not in ("client", "producer")
        is_end = (
            span["is_segment"]
            or kind in ("client", "producer")
            or span["db_system"]
            or span["peer_service"]
            or op.startswith("http.client")
        )
        if is_end:
            peer_kind, peer = _peer(span, is_called=is_called)
            yield _End(_call_of(span, is_called=is_called), is_called, peer_kind, peer, span)


def _call_of(span: Span, *, is_called: bool) -> tuple[bytes, bytes]:
    if not is_called:
        return span["trace_id"], span["span_id"]
    if span["kind"] == "consumer" and span["link_span_ids"]:
        return span["link_trace_ids"][0], span["link_span_ids"][0]
    return span["trace_id"], span["parent_span_id"]


def _peer(span: Span, *, is_called: bool) -> tuple[str, str]:
    topic, system, address = (
        span["messaging_destination"],
        span["db_system"],
        span["server_address"],
    )
    if is_called:
        return ("queue" if span["kind"] == "consumer" or topic else ""), topic
    urls = span["attr_str"]
    host = urlsplit(urls.get("url.full") or urls.get("http.url") or "").hostname or ""
    if system:
        return "database", f"{system} {address}" if address else system
    name = topic or span["peer_service"] or address or span["rpc_service"] or host
    if topic or span["kind"] == "producer":
        return "queue", name
    if span["rpc_service"]:
        return "rpc", name
    is_http = span["kind"] == "client" or span["op"].startswith("http")
    return ("http" if is_http else ""), name


def _settled(ends: Sequence[_End], slice_s: int) -> Iterator[_Call]:
    near = [end for end in ends if abs(end.slice_s - slice_s) <= OTHER_END_S]
    callers = {end.call: end.span for end in reversed(near) if not end.is_called}
    called = {end.call for end in near if end.is_called}
    for end in ends:
        if end.slice_s != slice_s:
            continue
        span = end.span
        if end.is_called:
            caller_is_known = end.call in callers
            caller = callers.get(end.call, {"project_id": 0, "service": ""})
            kind = "queue" if end.peer_kind == "queue" else "service"
            names = (caller["service"], kind, span["service"], end.peer)
            lag_ns = max(0, span["start_time"] - caller["start_time"]) if caller_is_known else None
            yield _Call(caller["project_id"], span["project_id"], *names, span, lag_ns)
        elif end.peer and end.call not in called:
            yield _Call(span["project_id"], 0, span["service"], end.peer_kind, end.peer, "", span)


def _links_of(span: Span) -> Iterator[tuple[Any, ...]]:
    own = (_hex(span["trace_id"]), _hex(span["span_id"]))
    about = (span["start_time"], span["service"], span["op"], span["name"], span["kind"])
    lists = (span["link_trace_ids"], span["link_span_ids"], span["link_attributes"])
    for trace_id, span_id, attributes in zip(*lists, strict=True):
        linked = (_hex(trace_id), _hex(span_id))
        yield (*own, *linked, 1, *about, attributes)
        yield (*linked, *own, 0, *about, attributes)


def _summary(trace_id: str, spans: Sequence[Span]) -> tuple[Any, ...]:
    root = min(
        spans,
        key=lambda span: (span["parent_span_id"] != _NO_SPAN, span["start_time"], span["span_id"]),
    )
    return (
        trace_id,
        min(span["start_time"] for span in spans),
        max(span["start_time"] + span["duration_ns"] for span in spans),
        len(spans),
        sum(span["status"] == "error" for span in spans),
        sorted({span["service"] for span in spans})[:SERVICE_COUNT_MAX],
        sorted({span["project_id"] for span in spans}),
        _hex(root["span_id"]),
        root["name"],
        root["op"],
        root["service"],
        root["project_id"],
        root["duration_ns"],
        int(root["parent_span_id"] == _NO_SPAN),
    )


def _figures(spans: Sequence[Span]) -> tuple[Any, ...]:
    slowest = max(spans, key=lambda span: span["duration_ns"])
    failed = [span for span in spans if span["status"] == "error"]
    worst = max(failed, key=lambda span: span["duration_ns"], default=None)
    return (
        len(spans),
        sum(map(_weight, spans)),
        *_failed_and_sum(spans),
        slowest["duration_ns"],
        *_shares(spans, 4),
        _hex(slowest["trace_id"]),
        _hex(worst["trace_id"]) if worst else "",
    )


def _call_figures(calls: Sequence[_Call]) -> tuple[Any, ...]:
    spans = [call.span for call in calls]
    lags = [(call.lag_ns, _weight(call.span)) for call in calls if call.lag_ns is not None]
    shares = [percentile(lags, share) if lags else None for share in (0.5, 0.95)]
    weight = sum(map(_weight, spans))
    return (len(spans), weight, *_failed_and_sum(spans), *_shares(spans, 2), *shares)


def _failed_and_sum(spans: Sequence[Span]) -> tuple[int, float]:
    failed = sum(_weight(span) for span in spans if span["status"] == "error")
    return failed, float(sum(span["duration_ns"] * _weight(span) for span in spans))


def _shares(spans: Sequence[Span], count: int) -> list[float]:
    weighted = [(float(span["duration_ns"]), float(_weight(span))) for span in spans]
    shares = {2: (0.5, 0.95), 4: (0.5, 0.75, 0.95, 0.99)}[count]
    return [percentile(weighted, share) for share in shares]


def _is_within(span: Span, question: OperationsQuestion | CallsQuestion) -> bool:
    start_s, end_s = whole_minutes(question.time_range)
    is_in_time = start_s <= _minute_ns(span) // NANOSECONDS_PER_SECOND < end_s
    return is_in_time and (
        not question.environments or span["environment"] in question.environments
    )


def _minute_ns(span: Span) -> int:
    return int(span["start_time"]) // _MINUTE_NS * _MINUTE_NS


def _weight(span: Span) -> int:
    rate = float(span["sample_rate"])
    return round(1 / rate) if rate > 0 else 1


def _hex(value: object) -> str:
    assert isinstance(value, bytes)
    return value.hex()


def _answer(names: tuple[str, ...], rows: Sequence[tuple[Any, ...]], count_max: int) -> Answer:
    page = rows[:count_max]
    columns = tuple(tuple(row[place] for row in page) for place in range(len(names)))
    return Answer(names, columns, was_cut=len(rows) > count_max)
