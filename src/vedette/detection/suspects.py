"""Which traces are worth reading: those that show a detector's sign, chosen fairly."""

from collections import defaultdict, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import (
    ROW_COUNT_MAX,
    Aggregate,
    AllOf,
    AnyOf,
    Compare,
    CompareMeasure,
    Dataset,
    Field,
    Function,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.pipeline.detectors.detector import Detector
from vedette.storage.telemetry.port import TelemetryReader

TOGETHER_NS: Final = 60 * NANOSECONDS_PER_SECOND
"""Spans of a trace that came in so far apart show a sign together."""
LOOK_BACK_NS: Final = 6 * 3_600 * NANOSECONDS_PER_SECOND
"""Spans that began earlier are not looked at: whoever sends them tells history."""
AHEAD_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
_LATEST: Final = Aggregate(Function.MAX, Field("received"))


@dataclass(frozen=True, slots=True)
class Suspect:
    """Spans of one service in one trace, that show signs."""

    trace_id: str
    service: str
    kinds: tuple[str, ...]
    """Of the detectors whose signs were seen."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """Traces that are read, each with the detectors that judge it."""

    kinds_by_trace: Mapping[str, frozenset[str]]
    left_out_count: int
    """Suspects whose trace is not read."""


def ask_suspects(
    reader: TelemetryReader,
    detectors: Sequence[Detector],
    project_ids: tuple[int, ...],
    received: TimeRange,
) -> tuple[list[Suspect], bool]:
    """Return what came in within this time and shows a sign, and whether there was still more.

    Raises:
        TelemetryError: The store could not answer.
    """
    counts = [Aggregate(Function.COUNT, where=each.sign.where) for each in detectors]
    answer = reader.rows(
        RowQuestion(
            dataset=Dataset.SPANS,
            project_ids=project_ids,
            time_range=TimeRange(received.start_ns - LOOK_BACK_NS, received.end_ns + AHEAD_NS),
            selected=(Field("trace"), Field("service"), _LATEST, *counts),
            where=AllOf(
                (
                    _received(Operator.GREATER_OR_EQUAL, received.start_ns - TOGETHER_NS),
                    _received(Operator.LESS, received.end_ns),
                    AnyOf(tuple(dict.fromkeys(each.sign.where for each in detectors))),
                )
            ),
            having=(CompareMeasure(_LATEST, Operator.GREATER_OR_EQUAL, float(received.start_ns)),),
            order=(Order(_LATEST, is_descending=True),),
            row_count_max=ROW_COUNT_MAX,
        )
    )
    found: list[Suspect] = []
    for trace_id, service, _, *seen in zip(*answer.columns, strict=True):
        kinds = tuple(
            each.kind
            for each, count in zip(detectors, seen, strict=True)
            if isinstance(count, int | float) and count >= each.sign.count_min
        )
        if kinds:
            found.append(Suspect(str(trace_id), str(service), kinds))
    return found, answer.was_cut


def choose(suspects: Iterable[Suspect], *, trace_count_max: int) -> Chosen:
    """Return the traces that are read: of each service and sign in turn, until there are enough."""
    waiting: dict[tuple[str, str], deque[Suspect]] = defaultdict(deque)
    listed = list(suspects)
    for suspect in listed:
        for kind in suspect.kinds:
            waiting[suspect.service, kind].append(suspect)
    chosen: dict[str, set[str]] = {}
    queues = deque(waiting[key] for key in sorted(waiting))
    while queues:
        queue = queues.popleft()
        trace_id = queue.popleft().trace_id
        if trace_id in chosen or len(chosen) < trace_count_max:
            chosen.setdefault(trace_id, set())
        if queue:
            queues.append(queue)
    left_out = 0
    for suspect in listed:
        if suspect.trace_id in chosen:
            chosen[suspect.trace_id] |= set(suspect.kinds)
        else:
            left_out += 1
    kinds_by_trace = {trace_id: frozenset(kinds) for trace_id, kinds in chosen.items()}
    return Chosen(kinds_by_trace, left_out)


def _received(operator: Operator, time_ns: int) -> Compare:
    return Compare(Field("received"), operator, (time_ns,))
