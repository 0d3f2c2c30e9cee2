"""The HTTP calls of a trace, by the request or job that makes them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, TypeVar
from urllib.parse import urlsplit

from vedette.model.question import AnyOf, Attribute, Compare, Condition, Field, Has, Operator
from vedette.pipeline.detectors.address_shape import path_shape
from vedette.pipeline.detectors.queries import Query, is_database_span
from vedette.pipeline.detectors.seen_span import SeenSpan
from vedette.pipeline.detectors.trace_tree import TraceTree

_METHODS: Final = frozenset({"GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"})
_FAILED_FROM: Final = 500
_TOO_MANY: Final = 429

CALL_SPANS: Final[Condition] = AnyOf(
    (
        Compare(Field("span.op"), Operator.LIKE, ("http.client*",)),
        Has(Attribute("http.request.method")),
        Has(Attribute("url.full")),
        Has(Attribute("http.url")),
    )
)
"""Which spans may be calls: too many rather than too few."""


@dataclass(frozen=True, slots=True)
class Call:
    """One call, as its caller saw it."""

    place: int
    """Of the span in the trace."""
    span: SeenSpan
    method: str
    host: str
    address: str
    """As sent; "" if nothing says it."""
    shape: str
    """Method, host and path, without ids; the called side's route where the trace has it."""
    called: SeenSpan | None
    """The span of the service that was called, if it is in the trace."""

    @property
    def is_failed(self) -> bool:
        """Whether it was answered by a failure, or not at all."""
        status = self.span.number("http.response.status_code", "http.status_code")
        if status is not None:
            return status >= _FAILED_FROM or status == _TOO_MANY
        return self.span.is_failed


def call_of(tree: TraceTree, place: int) -> Call | None:
    """Return the call that a span is; None if it is none."""
    span = tree.spans[place]
    is_client = span.op.startswith("http.client") or (
        span.kind == "client" and bool(span.text("http.request.method", "http.method"))
    )
    if not is_client or is_database_span(span):
        return None
    address = span.text("url.full", "http.url", "url")
    first, _, rest = (span.description or span.name).partition(" ")
    if not address and first in _METHODS and rest.startswith(("http", "/")):
        address = rest
    method = span.text("http.request.method", "http.method", "http.method") or (
        first if first in _METHODS else ""
    )
    host = span.text("server.address", "net.peer.name") or _host_of(address)
    served = [each for each in tree.children_of(place) if each.kind == "server"]
    called = served[0] if served else None
    path = path_shape(address) if address else ""
    route = "" if called is None else called.text("http.route") or _route_in(called.name)
    # Without a path nothing says what was called.
    shape = f"{method} {host}{route or path}".strip() if (route or path) else ""
    return Call(place, span, method, host, address, shape, called)


@lru_cache(maxsize=2)  # one trace is asked for by many detectors, one after the other
def calls_by_segment(tree: TraceTree) -> dict[int, list[Call]]:
    """Return the calls of each request or job, in the order of their start."""
    found: dict[int, list[Call]] = defaultdict(list)
    for place in range(len(tree.spans)):
        call = call_of(tree, place)
        if call is not None:
            found[tree.segment_of(place)].append(call)
    return dict(found)


_Told = TypeVar("_Told", Call, Query)


def one_by_one(run: Iterable[_Told]) -> list[_Told]:
    """Leave out those that ran beside others: they were meant to."""
    kept: list[_Told] = []
    for each in run:
        # A moment of overlap is the clock, not concurrency.
        slack_ns = each.span.duration_ns // 10
        if not kept or each.span.start_ns >= kept[-1].span.end_ns - slack_ns:
            kept.append(each)
    return kept


def in_runs(calls: Sequence[Call], *, gap_ns_max: int) -> list[list[Call]]:
    """Return the calls of one parent in runs: one after the other, with short gaps between."""
    runs: list[list[Call]] = []
    for call in calls:
        if runs:
            last = runs[-1][-1]
            gap_ns = call.span.start_ns - last.span.end_ns
            if -last.span.duration_ns // 10 <= gap_ns <= gap_ns_max:
                runs[-1].append(call)
                continue
        runs.append([call])
    return runs


def _host_of(address: str) -> str:
    try:
        return urlsplit(address).hostname or ""
    except ValueError:
        return ""


def _route_in(name: str) -> str:
    method, _, route = name.partition(" ")
    return path_shape(route) if method in _METHODS and route.startswith("/") else ""
