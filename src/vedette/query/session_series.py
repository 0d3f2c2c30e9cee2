"""Sessions and their users by group and step of time, in the form of Sentry's `sessions`."""

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import TimeRange
from vedette.model.session_question import SessionFilter, SessionGroup, SessionQuestion
from vedette.query.iso_time import iso_time
from vedette.query.payload import number
from vedette.query.refusal import QuestionWrong
from vedette.query.release_search import read_session_filters
from vedette.query.session_sums import SessionSums, Status, sums_of_row
from vedette.query.time_range import read_period_s
from vedette.storage.telemetry.session_port import SessionReader

STATUS_GROUP: Final = "session.status"
INTERVAL_S_DEFAULT: Final = 3_600
INTERVAL_S_MIN: Final = 60
INTERVAL_COUNT_MAX: Final = 10_000
CELL_COUNT_MAX: Final = 200_000
"""Groups times steps: what a client can still hold and we can still write."""
GROUP_COUNT_MAX: Final = 1_000

_TOO_MANY: Final = "Too many groups and steps of time: take a longer interval or fewer groups"

Measure = Callable[[SessionSums], JsonValue]


@dataclass(frozen=True, slots=True)
class SessionRequest:
    """What is asked for."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    """From the beginning of the first step to the end of the last."""
    fields: tuple[str, ...]
    group_by: tuple[str, ...]
    interval_s: int
    filters: tuple[SessionFilter, ...] = ()
    order_by: str = ""
    group_count_max: int = GROUP_COUNT_MAX
    with_series: bool = True
    search: str = ""

    @property
    def step_count(self) -> int:
        """How many steps of time there are."""
        length_ns = self.time_range.end_ns - self.time_range.start_ns
        return length_ns // (self.interval_s * NANOSECONDS_PER_SECOND)

    def question(self, *, is_series: bool) -> SessionQuestion:
        """Return the question for the store."""
        return SessionQuestion(
            project_ids=self.project_ids,
            time_range=self.time_range,
            group_by=tuple(SessionGroup(each) for each in self.group_by if each != STATUS_GROUP),
            interval_s=self.interval_s if is_series else None,
            filters=self.filters,
        )


@dataclass(frozen=True, slots=True)
class AskedSessions:
    """The same as it was asked, in the client's words."""

    project_ids: tuple[int, ...]
    time_range: TimeRange
    fields: Sequence[str]
    group_by: Sequence[str] = ()
    environments: Sequence[str] = ()
    interval: str | None = None
    order_by: str | None = None
    search: str = ""
    group_count_max: int = GROUP_COUNT_MAX
    with_series: bool = True


def read_session_request(asked: AskedSessions) -> SessionRequest:
    """Return the request.

    Raises:
        SearchError: The search is wrong.
        QuestionWrong: A parameter is not understood, or asks for too many steps of time.
    """
    fields, group_by, time_range = asked.fields, asked.group_by, asked.time_range
    if not fields:
        raise QuestionWrong('Request is missing a "field"')
    for field in fields:
        if field not in MEASURES:
            raise QuestionWrong(f'Invalid field: "{field}". Known: {", ".join(MEASURES)}')
    known = [*(group.value for group in SessionGroup), STATUS_GROUP]
    for group in group_by:
        if group not in known:
            raise QuestionWrong(f'Invalid groupBy: "{group}". Known: {", ".join(known)}')
    order = asked.order_by or f"-{fields[0]}"
    if order.removeprefix("-") not in {*fields, *group_by}:
        raise QuestionWrong("orderBy must be one of the fields or groups that are asked for.")
    interval_s = (
        read_period_s(asked.interval, name="interval") if asked.interval else INTERVAL_S_DEFAULT
    )
    if interval_s < INTERVAL_S_MIN:
        raise QuestionWrong(f"Invalid interval: must be at least {INTERVAL_S_MIN}s")
    step_ns = interval_s * NANOSECONDS_PER_SECOND
    start_ns = time_range.start_ns // step_ns * step_ns
    end_ns = -(-time_range.end_ns // step_ns) * step_ns
    if asked.with_series and (end_ns - start_ns) // step_ns > INTERVAL_COUNT_MAX:
        raise QuestionWrong(
            f"Invalid interval: more than {INTERVAL_COUNT_MAX} steps of time; take a longer one"
        )
    filters = read_session_filters(asked.search)
    if asked.environments:
        filters += (SessionFilter(SessionGroup.ENVIRONMENT, texts=tuple(asked.environments)),)
    return SessionRequest(
        project_ids=asked.project_ids,
        time_range=TimeRange(start_ns, end_ns),
        fields=tuple(dict.fromkeys(fields)),
        group_by=tuple(dict.fromkeys(group_by)),
        interval_s=interval_s,
        filters=filters,
        order_by=order,
        group_count_max=asked.group_count_max,
        with_series=asked.with_series,
        search=asked.search,
    )


def ask_sessions(reader: SessionReader, request: SessionRequest) -> JsonObject:
    """Return what is asked for.

    Raises:
        QuestionWrong: There are more sums than can be shown.
        TelemetryError: The store could not answer.
    """
    totals = reader.sessions(request.question(is_series=False))
    series = reader.sessions(request.question(is_series=True)) if request.with_series else None
    return shape_sessions(totals, series, request)


def shape_sessions(totals: Answer, series: Answer | None, request: SessionRequest) -> JsonObject:
    """Return sums by group, over all the time and by its steps.

    Raises:
        QuestionWrong: There are more sums than can be shown.
    """
    if totals.was_cut or (series is not None and series.was_cut):
        raise QuestionWrong(_TOO_MANY)
    names = [each for each in request.group_by if each != STATUS_GROUP]
    sums_by_key = {
        tuple(row[name] for name in names): sums_of_row(row) for row in totals.rows()
    } or ({} if names else {(): SessionSums()})
    steps_by_key: dict[tuple[JsonValue, ...], dict[int, SessionSums]] = {}
    for row in series.rows() if series is not None else ():
        place = _step(row["time"], request)
        steps_by_key.setdefault(tuple(row[name] for name in names), {})[place] = sums_of_row(row)
    statuses = list(Status) if STATUS_GROUP in request.group_by else [None]
    groups = [
        _group(dict(zip(names, key, strict=True)), status, sums, steps_by_key.get(key, {}), request)
        for (key, sums), status in itertools.product(sums_by_key.items(), statuses)
    ]
    shown = _ordered(groups, request)[: request.group_count_max]
    if request.with_series and len(shown) * request.step_count > CELL_COUNT_MAX:
        raise QuestionWrong(_TOO_MANY)
    start_ns, step_ns = request.time_range.start_ns, request.interval_s * NANOSECONDS_PER_SECOND
    return {
        "start": iso_time(start_ns),
        "end": iso_time(request.time_range.end_ns),
        "query": request.search,
        "intervals": [
            iso_time(start_ns + place * step_ns)
            for place in range(request.step_count if request.with_series else 0)
        ],
        "groups": [each.shown() for each in shown],
    }


@dataclass(frozen=True, slots=True)
class _Group:
    by: JsonObject
    totals: JsonObject
    series: Mapping[str, list[JsonValue]] | None

    def shown(self) -> JsonObject:
        together: JsonObject = {"by": self.by, "totals": self.totals}
        return together if self.series is None else {**together, "series": self.series}


def _group(
    by: dict[str, JsonValue],
    status: Status | None,
    sums: SessionSums,
    steps: Mapping[int, SessionSums],
    request: SessionRequest,
) -> _Group:
    if status is not None:
        by = {**by, STATUS_GROUP: status.value}

    def measured(given: SessionSums, field: str) -> JsonValue:
        return MEASURES[field](given if status is None else given.of_status(status))

    nothing = SessionSums()
    series = None
    if request.with_series:
        series = {
            field: [
                measured(steps.get(place, nothing), field) for place in range(request.step_count)
            ]
            for field in request.fields
        }
    return _Group(by, {field: measured(sums, field) for field in request.fields}, series)


def _ordered(groups: list[_Group], request: SessionRequest) -> list[_Group]:
    name = request.order_by.removeprefix("-")

    def value(group: _Group) -> JsonValue:
        return group.by[name] if name in group.by else group.totals[name]

    # Sorting keeps the order of equals: by group first, then by what was asked.
    tied = sorted(groups, key=lambda group: str(list(group.by.values())))
    known = [each for each in tied if value(each) is not None]
    is_text = any(isinstance(value(each), str) for each in known)
    known.sort(
        key=(lambda group: str(value(group))) if is_text else (lambda group: number(value(group))),
        reverse=request.order_by.startswith("-"),
    )
    return known + [each for each in tied if value(each) is None]


def _step(time: JsonValue, request: SessionRequest) -> int:
    assert isinstance(time, int)
    return (time - request.time_range.start_ns) // (request.interval_s * NANOSECONDS_PER_SECOND)


def _milliseconds(seconds: float | None) -> float | None:
    return None if seconds is None else seconds * 1_000


MEASURES: Final[Mapping[str, Measure]] = {
    "sum(session)": lambda sums: sums.sessions.total,
    "count_unique(user)": lambda sums: sums.users.total,
    "crash_rate()": lambda sums: sums.sessions.rate(sums.sessions.crashed),
    "crash_rate(session)": lambda sums: sums.sessions.rate(sums.sessions.crashed),
    "crash_rate(user)": lambda sums: sums.users.rate(sums.users.crashed),
    "crash_free_rate()": lambda sums: sums.sessions.crash_free_rate,
    "crash_free_rate(session)": lambda sums: sums.sessions.crash_free_rate,
    "crash_free_rate(user)": lambda sums: sums.users.crash_free_rate,
    "errored_rate(session)": lambda sums: sums.sessions.rate(sums.sessions.only_errored),
    "errored_rate(user)": lambda sums: sums.users.rate(sums.users.only_errored),
    "abnormal_rate(session)": lambda sums: sums.sessions.rate(sums.sessions.abnormal),
    "abnormal_rate(user)": lambda sums: sums.users.rate(sums.users.abnormal),
    "unhandled_rate(session)": lambda sums: sums.sessions.rate(sums.sessions.unhandled),
    "unhandled_rate(user)": lambda sums: sums.users.rate(sums.users.unhandled),
    "unhealthy_rate(session)": lambda sums: sums.sessions.rate(sums.sessions.errored),
    "unhealthy_rate(user)": lambda sums: sums.users.rate(sums.users.errored),
    "avg(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("avg")),
    "p50(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("p50")),
    "p75(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("p75")),
    "p90(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("p90")),
    "p95(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("p95")),
    "p99(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("p99")),
    "max(session.duration)": lambda sums: _milliseconds(sums.durations_s.get("max")),
}
"""What can be asked for. Durations are shown in milliseconds, as Sentry's clients expect."""
