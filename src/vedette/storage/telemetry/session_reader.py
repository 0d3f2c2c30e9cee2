"""Sums over sessions, from the engine."""

from typing import Final

from vedette.model.answer import Answer
from vedette.model.session_question import SessionFilter, SessionGroup, SessionQuestion
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.session_port import SESSION_SUMS

INTERVAL_S_MIN: Final = 60

_COLUMNS: Final = {
    SessionGroup.PROJECT: "project_id",
    SessionGroup.RELEASE: "release",
    SessionGroup.ENVIRONMENT: "environment",
}


class SessionsReader:
    """Answers about sessions."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def sessions(self, question: SessionQuestion) -> Answer:
        """Answer sums over sessions; see the port."""
        if question.interval_s is not None and question.interval_s < INTERVAL_S_MIN:
            raise QuestionRefused(f"an interval has at least {INTERVAL_S_MIN} seconds")
        names = [group.value for group in question.group_by]
        columns = [_COLUMNS[group] for group in question.group_by]
        parameters = Parameters()
        if question.interval_s is not None:
            step = parameters.add(question.interval_s, "UInt32")
            names.append("time")
            columns.append(f"intDiv(toUnixTimestamp(begun), {step}) * {step} * 1000000000")
        shown = (*names, *SESSION_SUMS)
        if not question.project_ids:
            return Answer(shown, tuple(() for _ in shown))
        text = _statement(question, columns, parameters)
        answer = self._engine.ask(text, parameters.values)
        found = decode_columns(answer, len(shown))
        was_cut = len(found[0]) > question.row_count_max
        kept = tuple(tuple(column[: question.row_count_max]) for column in found)
        return Answer(shown, kept, was_cut)


def _statement(question: SessionQuestion, columns: list[str], parameters: Parameters) -> str:
    where = "\n    AND ".join(_conditions(question, parameters))
    groups = [f"g{place}" for place in range(len(columns))]
    selected = [f"{sql} AS g{place}" for place, sql in enumerate(columns)]
    ending = f"GROUP BY {', '.join(groups)}" if groups else "HAVING sessions > 0"
    order = ", ".join(["sessions DESC", *groups])
    limit = parameters.add(question.row_count_max + 1, "UInt64")
    return "\n".join(
        (
            f"SELECT {', '.join([*selected, *_SUMS])}",
            f"FROM (\n{_SINGLE.format(where=where)}\nUNION ALL\n{_MANY.format(where=where)}\n)",
            f"{ending} ORDER BY {order} LIMIT {limit}",
        )
    )


def _conditions(question: SessionQuestion, parameters: Parameters) -> list[str]:
    start, end = question.time_range.start_ns, question.time_range.end_ns
    return [
        f"project_id IN {parameters.add(question.project_ids, 'Array(UInt32)')}",
        f"started >= {parameters.moment(start)}",
        f"started < {parameters.moment(end)}",
        *(_filter(each, parameters) for each in question.filters),
    ]


def _filter(given: SessionFilter, parameters: Parameters) -> str:
    column = _COLUMNS[given.group]
    parts = [f"{column} ILIKE {parameters.text(_like(each))}" for each in given.patterns]
    if given.texts:
        parts.append(f"{column} IN {parameters.texts(given.texts)}")
    either = " OR ".join(parts) or "false"
    return f"NOT ({either})" if given.is_negated else f"({either})"


def _like(pattern: str) -> str:
    escaped = pattern.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return escaped.replace("*", "%")


# Which of two updates is the later: by their number; of equal ones, the more final.
_NEWEST: Final = "(sequence, status NOT IN ('ok', ''), received_at, status)"

_SINGLE: Final = f"""\
SELECT project_id, release, environment, min(started) AS begun,
    argMaxIf(distinct_id, {_NEWEST}, distinct_id != '') AS user,
    argMax(status, {_NEWEST}) AS end,
    1 AS one,
    end = 'crashed' AS crashes, end = 'abnormal' AS abnormals, end = 'unhandled' AS unhandleds,
    max(error_count) > 0 OR end IN ('errored', 'crashed', 'abnormal', 'unhandled') AS errors,
    argMax(duration_s, {_NEWEST}) AS length,
    end = 'exited' AND length > 0 AS has_length
FROM sessions
WHERE {{where}}
    AND session_id != ''
GROUP BY project_id, release, environment, session_id"""

_MANY: Final = """\
SELECT project_id, release, environment, started AS begun,
    distinct_id AS user,
    '' AS end,
    toUInt64(exited_count) + errored_count + crashed_count + abnormal_count + unhandled_count
        AS one,
    crashed_count AS crashes, abnormal_count AS abnormals, unhandled_count AS unhandleds,
    toUInt64(errored_count) + crashed_count + abnormal_count + unhandled_count AS errors,
    0 AS length, false AS has_length
FROM sessions
WHERE {where}
    AND session_id = ''"""

_LEVELS: Final = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99}
_SUMS: Final = (
    "sum(one) AS sessions",
    "sum(errors) AS errored",
    "sum(crashes) AS crashed",
    "sum(abnormals) AS abnormal",
    "sum(unhandleds) AS unhandled",
    "uniqIf(user, user != '' AND one > 0) AS users",
    "uniqIf(user, user != '' AND errors > 0) AS users_errored",
    "uniqIf(user, user != '' AND crashes > 0) AS users_crashed",
    "uniqIf(user, user != '' AND abnormals > 0) AS users_abnormal",
    "uniqIf(user, user != '' AND unhandleds > 0) AS users_unhandled",
    "avgOrNullIf(length, has_length) AS duration_avg",
    *(
        f"quantileOrNullIf({level})(length, has_length) AS duration_{name}"
        for name, level in _LEVELS.items()
    ),
    "maxOrNullIf(length, has_length) AS duration_max",
)
