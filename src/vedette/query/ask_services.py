"""What services do and whom they call, as pages show it: figures, series, a map."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import TimeRange
from vedette.model.service_question import CallsQuestion, OperationGroup, OperationsQuestion
from vedette.query.iso_time import iso_time
from vedette.query.payload import number, whole
from vedette.query.refusal import QuestionWrong
from vedette.storage.telemetry.port import TelemetryReader

MINUTE_S: Final = 60
STEP_COUNT_DEFAULT: Final = 60
STEP_COUNT_MAX: Final = 3_000
SERVICE_COUNT_MAX: Final = 200
OPERATION_COUNT_MAX: Final = 500
CALL_COUNT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True)
class ServicesRequest:
    """Which services, when."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    environments: tuple[str, ...] = ()
    interval_s: int | None = None
    """Steps of series; None: about sixty of them."""

    @property
    def seconds(self) -> float:
        """How long the time is."""
        return max(1, self.time_range.end_ns - self.time_range.start_ns) / NANOSECONDS_PER_SECOND

    def step_s(self) -> int:
        """Return the steps of series.

        Raises:
            QuestionWrong: They are too short for so long a time, or not whole minutes.
        """
        if self.interval_s is None:
            minutes = -(-int(self.seconds) // (STEP_COUNT_DEFAULT * MINUTE_S))
            return max(1, minutes) * MINUTE_S
        if self.interval_s < MINUTE_S or self.interval_s % MINUTE_S:
            raise QuestionWrong("An interval here is of whole minutes, such as 60 or 5m.")
        if self.seconds / self.interval_s > STEP_COUNT_MAX:
            raise QuestionWrong(f"At most {STEP_COUNT_MAX} steps: ask for longer intervals.")
        return self.interval_s

    def question(
        self,
        *group_by: OperationGroup,
        service: str | None = None,
        is_entry: bool | None = True,
        row_count_max: int = SERVICE_COUNT_MAX,
    ) -> OperationsQuestion:
        """Return the question for figures of operations."""
        return OperationsQuestion(
            self.project_ids,
            self.time_range,
            group_by=group_by,
            service=service,
            environments=self.environments,
            is_entry=is_entry,
            row_count_max=row_count_max,
        )


def ask_services(reader: TelemetryReader, request: ServicesRequest) -> JsonObject:
    """Return every service with its figures and series."""
    step_s = request.step_s()
    totals = reader.operations(request.question(OperationGroup.SERVICE))
    steps = reader.operations(_by_time(request.question(OperationGroup.SERVICE), step_s))
    series: dict[str, list[JsonObject]] = {}
    for row in steps.rows():
        series.setdefault(str(row["service"]), []).append(_step(row))
    return {
        **_about(request, step_s),
        "services": [
            {
                "service": row["service"],
                **_figures(row, request.seconds),
                "series": series.get(str(row["service"]), []),
            }
            for row in totals.rows()
        ],
        "isWhole": not (totals.was_cut or steps.was_cut),
    }


def ask_service_series(
    reader: TelemetryReader, request: ServicesRequest, service: str
) -> JsonObject:
    """Return one service over time; steps in which nothing came are left out."""
    step_s = request.step_s()
    answer = reader.operations(_by_time(request.question(service=service), step_s))
    return {
        **_about(request, step_s),
        "service": service,
        "series": [_step(row) for row in answer.rows()],
        "isWhole": not answer.was_cut,
    }


def ask_operations(
    reader: TelemetryReader, request: ServicesRequest, service: str, *, is_entry: bool | None
) -> JsonObject:
    """Return the operations of one service, most frequent first."""
    groups = (OperationGroup.OPERATION, OperationGroup.OP, OperationGroup.KIND)
    answer = reader.operations(
        request.question(
            *groups, service=service, is_entry=is_entry, row_count_max=OPERATION_COUNT_MAX
        )
    )
    return {
        "service": service,
        "operations": [
            {**{name.value: row[name.value] for name in groups}, **_figures(row, request.seconds)}
            for row in answer.rows()
        ],
        "isWhole": not answer.was_cut,
    }


def ask_service_map(reader: TelemetryReader, request: ServicesRequest) -> JsonObject:
    """Return services and whatever they call as nodes, calls as edges.

    A service that neither calls nor is called stands alone, but it stands there.
    """
    calls = reader.calls(
        CallsQuestion(request.project_ids, request.time_range, request.environments, CALL_COUNT_MAX)
    )
    services = reader.operations(request.question(OperationGroup.SERVICE))
    nodes: dict[tuple[str, str], JsonObject] = {}
    for row in services.rows():
        name = str(row["service"])
        nodes["service", name] = {
            **_node("service", name),
            **_figures(row, request.seconds),
        }
    edges: list[JsonObject] = []
    for row in calls.rows():
        caller, kind, called = str(row["caller"]), str(row["kind"]), str(row["called"])
        # What is called through a queue is a service, if it was seen at work.
        called_kind = "service" if kind == "queue" and row["via"] else kind
        source = ("service", caller) if caller else ("outside", "")
        for key in (source, (called_kind, called)):
            nodes.setdefault(key, _node(*key))
        edges.append(
            {
                "from": _node_id(*source),
                "to": _node_id(called_kind, called),
                "kind": kind,
                "via": row["via"],
                **_call_figures(row, request.seconds),
            }
        )
    return {
        "nodes": list(nodes.values()),
        "edges": edges,
        "settledUntil": _settled_until(reader),
        "isWhole": not (calls.was_cut or services.was_cut),
    }


def ask_databases(reader: TelemetryReader, request: ServicesRequest) -> JsonObject:
    """Return the queries of all databases without their values, most time first."""
    groups = (
        OperationGroup.TARGET,
        OperationGroup.OPERATION,
        OperationGroup.SERVICE,
    )
    return {"queries": _targets(reader, request, "db", groups)}


def ask_queues(reader: TelemetryReader, request: ServicesRequest) -> JsonObject:
    """Return who publishes to which queue, who takes from it, and how much later."""
    groups = (OperationGroup.TARGET, OperationGroup.KIND, OperationGroup.SERVICE)
    rows = _targets(reader, request, "queue", groups)
    calls = reader.calls(
        CallsQuestion(request.project_ids, request.time_range, request.environments, CALL_COUNT_MAX)
    )
    lags: list[JsonValue] = [
        {
            "queue": row["via"],
            "producer": row["caller"],
            "consumer": row["called"],
            **_call_figures(row, request.seconds),
        }
        for row in calls.rows()
        if row["kind"] == "queue" and row["via"]
    ]
    return {
        "producers": [each for each in rows if each["kind"] == "producer"],
        "consumers": [each for each in rows if each["kind"] != "producer"],
        "lags": lags,
        "settledUntil": _settled_until(reader),
    }


def _targets(
    reader: TelemetryReader,
    request: ServicesRequest,
    op_prefix: str,
    groups: Sequence[OperationGroup],
) -> list[dict[str, JsonValue]]:
    answer = reader.operations(
        OperationsQuestion(
            request.project_ids,
            request.time_range,
            group_by=tuple(groups),
            environments=request.environments,
            op_prefix=op_prefix,
            has_target=True,
            is_entry=None,
            row_count_max=OPERATION_COUNT_MAX,
        )
    )
    rows = sorted(answer.rows(), key=lambda row: -number(row["duration_sum"]))
    return [
        {**{name.value: row[name.value] for name in groups}, **_figures(row, request.seconds)}
        for row in rows
    ]


def _by_time(question: OperationsQuestion, step_s: int) -> OperationsQuestion:
    return OperationsQuestion(
        question.project_ids,
        question.time_range,
        group_by=question.group_by,
        service=question.service,
        environments=question.environments,
        is_entry=question.is_entry,
        interval_s=step_s,
        row_count_max=SERVICE_COUNT_MAX * STEP_COUNT_DEFAULT,
    )


def _about(request: ServicesRequest, step_s: int) -> JsonObject:
    return {
        "start": iso_time(request.time_range.start_ns),
        "end": iso_time(request.time_range.end_ns),
        "intervalS": step_s,
    }


def _figures(row: Mapping[str, JsonValue], seconds: float) -> JsonObject:
    return {
        **_rates(row, seconds),
        "spanCount": row["span_count"],
        "durationMaxNs": row["duration_max"],
        "p50Ns": row["p50"],
        "p75Ns": row["p75"],
        "p95Ns": row["p95"],
        "p99Ns": row["p99"],
        "slowestTrace": row["slowest_trace"] or None,
        "errorTrace": row["error_trace"] or None,
    }


def _step(row: Mapping[str, JsonValue]) -> JsonObject:
    return {
        "timestamp": iso_time(whole(row["time"])),
        "count": row["count"],
        "errorCount": row["error_count"],
        "p50Ns": row["p50"],
        "p95Ns": row["p95"],
        "p99Ns": row["p99"],
        "slowestTrace": row["slowest_trace"] or None,
        "errorTrace": row["error_trace"] or None,
    }


def _call_figures(row: Mapping[str, JsonValue], seconds: float) -> JsonObject:
    return {
        **_rates(row, seconds),
        "p50Ns": row["p50"],
        "p95Ns": row["p95"],
        "lagP50Ns": row["lag_p50"],
        "lagP95Ns": row["lag_p95"],
    }


def _rates(row: Mapping[str, JsonValue], seconds: float) -> JsonObject:
    count, errors = number(row["count"]), number(row["error_count"])
    return {
        "count": row["count"],
        "errorCount": row["error_count"],
        "ratePerS": count / seconds,
        "failureRate": errors / count if count else 0.0,
        "durationSumNs": row["duration_sum"],
    }


def _node(kind: str, name: str) -> JsonObject:
    return {"id": _node_id(kind, name), "kind": kind, "name": name}


def _node_id(kind: str, name: str) -> str:
    return f"{kind}:{name}"


def _settled_until(reader: TelemetryReader) -> str | None:
    until_ns = reader.calls_settled_until_ns()
    return iso_time(until_ns) if until_ns else None
