"""What services do and whom they call, from what is kept per minute."""

from typing import Final

from vedette.model.answer import Answer
from vedette.model.question import TimeRange
from vedette.model.service_question import CallsQuestion, OperationsQuestion
from vedette.storage.telemetry.decode import decode_column, decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import cut
from vedette.storage.telemetry.service_port import CALL_COLUMNS, OPERATION_FIGURES

MINUTE_S: Final = 60
ROW_COUNT_MAX: Final = 100_000
_NANOSECONDS: Final = 1_000_000_000
_DIGEST: Final = "quantilesTDigestWeightedMerge"
_OPERATION_FIGURES: Final = (
    "sum(span_count)",
    "sum(operations.weight)",
    "sumIf(operations.weight, is_error)",
    "sum(operations.duration_sum)",
    "max(operations.duration_max)",
    "quantiles[1]",
    "quantiles[2]",
    "quantiles[3]",
    "quantiles[4]",
    "lower(hex(argMaxMerge(slowest)))",
    "if(countIf(is_error) > 0, lower(hex(argMaxMergeIf(slowest, is_error))), '')",
)
_CALL_FIGURES: Final = (
    "sum(call_count)",
    "sum(calls.weight)",
    "sumIf(calls.weight, is_error)",
    "sum(calls.duration_sum)",
    "quantiles[1]",
    "quantiles[2]",
    # No number at all becomes null on its way.
    "lag_quantiles[1]",
    "lag_quantiles[2]",
)


class ServiceReader:
    """Answers about services."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def operations(self, question: OperationsQuestion) -> Answer:
        """Answer figures of operations; see the port."""
        check_operations(question)
        groups = [name.value for name in question.group_by]
        names = (*groups, *(("time",) if question.interval_s else ()), *OPERATION_FIGURES)
        if not question.project_ids:
            return Answer(names, tuple(() for _ in names))
        parameters = Parameters()
        keys = [f"toString({name})" if name == "kind" else name for name in groups]
        if question.interval_s:
            step = f"toIntervalSecond({parameters.add(question.interval_s, 'UInt32')})"
            keys.append(f"toInt64(toUnixTimestamp(toStartOfInterval(minute, {step})))")
        shown = list(keys)
        if question.interval_s:
            shown[-1] = f"{keys[-1]} * {_NANOSECONDS}"
        figures = (f"{figure} AS f{place}" for place, figure in enumerate(_OPERATION_FIGURES))
        by_time = keys[-1:] if question.interval_s else []
        text = "\n".join(
            (
                f"WITH {_DIGEST}(0.5, 0.75, 0.95, 0.99)(durations) AS quantiles",
                "SELECT " + ", ".join((*shown, *figures)),
                "FROM operations",
                "WHERE " + "\n  AND ".join(_operation_conditions(question, parameters)),
                "GROUP BY " + ", ".join(keys) if keys else "HAVING count() > 0",
                "ORDER BY " + ", ".join((*by_time, "f1 DESC", *keys)),
                f"LIMIT {question.row_count_max + 1}",
            )
        )
        answer = self._engine.ask(text, parameters.values)
        return cut(names, decode_columns(answer, len(names)), question.row_count_max)

    def calls(self, question: CallsQuestion) -> Answer:
        """Answer who calls whom; see the port."""
        check_rows(question.row_count_max)
        if not question.project_ids:
            return Answer(CALL_COLUMNS, tuple(() for _ in CALL_COLUMNS))
        parameters = Parameters()
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        conditions = [
            *_minutes(question.time_range, parameters),
            # Both ends are of projects that may be seen, or of none.
            f"(project_id = 0 OR project_id IN {projects})",
            f"(caller_project_id = 0 OR caller_project_id IN {projects})",
            *_environments(question.environments, parameters),
        ]
        figures = (f"{figure} AS f{place}" for place, figure in enumerate(_CALL_FIGURES))
        text = "\n".join(
            (
                (
                    f"WITH {_DIGEST}(0.5, 0.95)(durations) AS quantiles,"
                    " quantilesTDigestWeightedIfMerge(0.5, 0.95)(lags) AS lag_quantiles"
                ),
                "SELECT " + ", ".join(("caller", "kind", "called", "via", *figures)),
                "FROM calls",
                "WHERE " + "\n  AND ".join(conditions),
                "GROUP BY caller, kind, called, via",
                "ORDER BY f1 DESC, caller, kind, called, via",
                f"LIMIT {question.row_count_max + 1}",
            )
        )
        answer = self._engine.ask(text, parameters.values)
        return cut(CALL_COLUMNS, decode_columns(answer, len(CALL_COLUMNS)), question.row_count_max)

    def calls_settled_until_ns(self) -> int:
        """Return up to which arrival calls are settled; see the port."""
        answer = self._engine.ask("SELECT toInt64(toUnixTimestamp(max(until))) FROM calls_settled")
        until_s = decode_column(answer)[0]
        assert isinstance(until_s, int)
        return until_s * _NANOSECONDS


def check_operations(question: OperationsQuestion) -> None:
    """Refuse what asks for too much; the fake does the same."""
    check_rows(question.row_count_max)
    if question.interval_s is not None and (
        question.interval_s < MINUTE_S or question.interval_s % MINUTE_S
    ):
        raise QuestionRefused("steps of operations are of whole minutes")


def check_rows(row_count_max: int) -> None:
    """Refuse to give more rows than one answer holds."""
    if not 1 <= row_count_max <= ROW_COUNT_MAX:
        raise QuestionRefused(f"an answer has up to 1 to {ROW_COUNT_MAX} rows")


def whole_minutes(time_range: TimeRange) -> tuple[int, int]:
    """Return the first minute and the one behind the last, in seconds."""
    minute_ns = MINUTE_S * _NANOSECONDS
    first, behind = time_range.start_ns // minute_ns, -(-time_range.end_ns // minute_ns)
    return max(0, first) * MINUTE_S, min(behind * MINUTE_S, _SECONDS_MAX)


_SECONDS_MAX: Final = 2**32 - 1
"""What a DateTime can hold."""


def _operation_conditions(question: OperationsQuestion, parameters: Parameters) -> list[str]:
    conditions = [f"project_id IN {parameters.add(question.project_ids, 'Array(UInt32)')}"]
    if question.service is not None:
        conditions.append(f"service = {parameters.text(question.service)}")
    if question.is_entry is not None:
        conditions.append("is_entry" if question.is_entry else "NOT is_entry")
    if question.has_target:
        conditions.append("target != ''")
    if question.op_prefix:
        conditions.append(f"startsWith(op, {parameters.text(question.op_prefix)})")
    conditions += _minutes(question.time_range, parameters)
    conditions += _environments(question.environments, parameters)
    return conditions


def _minutes(time_range: TimeRange, parameters: Parameters) -> tuple[str, ...]:
    start_s, end_s = whole_minutes(time_range)
    return (
        f"minute >= toDateTime({parameters.add(min(start_s, _SECONDS_MAX), 'UInt32')}, 'UTC')",
        f"minute < toDateTime({parameters.add(max(end_s, 0), 'UInt32')}, 'UTC')",
    )


def _environments(environments: tuple[str, ...], parameters: Parameters) -> list[str]:
    return [f"environment IN {parameters.texts(environments)}"] if environments else []
