"""How releases do: sessions and users that went well, and how many run them by now."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.question import TimeRange
from vedette.model.session_question import SessionFilter, SessionGroup, SessionQuestion
from vedette.query.adoption import STEP_S, Adoption, adoption_of
from vedette.query.iso_time import iso_time
from vedette.query.session_sums import SessionSums, sums_of_row
from vedette.storage.telemetry.session_port import SessionReader

DAY_NS: Final = 86_400 * NANOSECONDS_PER_SECOND
HOUR_S: Final = 3_600
HOURS_SHOWN: Final = 24
ADOPTION_NS: Final = 14 * DAY_NS
"""How far back it is looked when a release was taken up."""

Place: TypeAlias = tuple[int, str]
"""A project and a version."""


@dataclass(frozen=True, slots=True)
class HealthRequest:
    """Which releases of which projects, and over which time."""

    project_ids: tuple[int, ...]
    versions: tuple[str, ...]
    environments: tuple[str, ...]
    time_range: TimeRange
    """The figures of the whole are those of this time."""
    now_ns: int
    with_stages: bool = False
    with_series: bool = False


@dataclass(frozen=True, slots=True)
class ReleaseHealth:
    """How one release does in one project."""

    whole: SessionSums
    day: SessionSums
    """The last 24 hours."""
    project_day: SessionSums
    """All releases of the project, the last 24 hours."""
    hours: tuple[int, ...] = ()
    """Sessions in each of the last 24 hours, oldest first."""
    stages: Mapping[str, Adoption] = field(default_factory=dict)
    """By environment."""

    @property
    def sessions_adoption(self) -> float | None:
        """The share of the project's sessions that run it, in percent; None without any."""
        return _percent(self.day.sessions.total, self.project_day.sessions.total)

    @property
    def users_adoption(self) -> float | None:
        """The share of the project's users that run it, in percent; None without any."""
        return _percent(self.day.users.total, self.project_day.users.total)


NO_HEALTH: Final = ReleaseHealth(SessionSums(), SessionSums(), SessionSums())


def ask_health(reader: SessionReader, request: HealthRequest) -> Mapping[Place, ReleaseHealth]:
    """Return how the releases do; those without sessions are left out.

    Raises:
        TelemetryError: The store could not answer.
    """
    if not request.versions:
        return {}
    by_place = (SessionGroup.PROJECT, SessionGroup.RELEASE)
    day = TimeRange(request.now_ns - DAY_NS, request.now_ns + DAY_NS)
    whole = _by_place(reader.sessions(_question(request, by_place, request.time_range)))
    of_day = _by_place(reader.sessions(_question(request, by_place, day)))
    every = SessionQuestion(
        request.project_ids, day, (SessionGroup.PROJECT,), filters=_in_environments(request)
    )
    of_project = {row["project"]: sums_of_row(row) for row in reader.sessions(every).rows()}
    hours = _ask_hours(reader, request) if request.with_series else {}
    stages = _ask_stages(reader, request) if request.with_stages else {}
    nothing = SessionSums()
    return {
        place: ReleaseHealth(
            whole.get(place, nothing),
            of_day.get(place, nothing),
            of_project.get(place[0], nothing),
            hours.get(place, (0,) * HOURS_SHOWN),
            stages.get(place, {}),
        )
        for place in whole.keys() | of_day.keys() | stages.keys()
    }


def health_shape(health: ReleaseHealth, *, now_ns: int, stat: str = "sessions") -> JsonObject:
    """Return the same as Sentry's clients expect it: shares in percent, durations in seconds."""
    sessions, users = health.whole.sessions, health.whole.users
    start_s = now_ns // NANOSECONDS_PER_SECOND // HOUR_S * HOUR_S - (HOURS_SHOWN - 1) * HOUR_S
    return {
        "durationP50": health.whole.durations_s.get("p50"),
        "durationP90": health.whole.durations_s.get("p90"),
        "crashFreeUsers": _in_percent(users.crash_free_rate),
        "crashFreeSessions": _in_percent(sessions.crash_free_rate),
        "totalUsers": users.total,
        "totalUsers24h": health.day.users.total,
        "totalProjectUsers24h": health.project_day.users.total,
        "totalSessions": sessions.total,
        "totalSessions24h": health.day.sessions.total,
        "totalProjectSessions24h": health.project_day.sessions.total,
        "adoption": health.users_adoption,
        "sessionsAdoption": health.sessions_adoption,
        "sessionsCrashed": sessions.crashed,
        "sessionsErrored": sessions.only_errored,
        "sessionsAbnormal": sessions.abnormal,
        "sessionsUnhandled": sessions.unhandled,
        "hasHealthData": sessions.total > 0 or health.day.sessions.total > 0,
        "stats": {
            "24h": [[start_s + place * HOUR_S, count] for place, count in enumerate(health.hours)]
        }
        if stat == "sessions"
        else {},
    }


def stages_shape(stages: Mapping[str, Adoption]) -> JsonObject:
    """Return how far a release is taken up in each environment."""
    return {
        environment: {
            "stage": each.stage.value,
            "adopted": None if each.adopted_ns is None else iso_time(each.adopted_ns),
            "unadopted": None if each.unadopted_ns is None else iso_time(each.unadopted_ns),
        }
        for environment, each in sorted(stages.items())
    }


def _question(
    request: HealthRequest,
    group_by: tuple[SessionGroup, ...],
    time_range: TimeRange,
    interval_s: int | None = None,
) -> SessionQuestion:
    versions = SessionFilter(SessionGroup.RELEASE, texts=request.versions)
    filters = (versions, *_in_environments(request))
    return SessionQuestion(request.project_ids, time_range, group_by, interval_s, filters)


def _in_environments(request: HealthRequest) -> tuple[SessionFilter, ...]:
    if not request.environments:
        return ()
    return (SessionFilter(SessionGroup.ENVIRONMENT, texts=request.environments),)


def _by_place(answer: Answer) -> dict[Place, SessionSums]:
    return {_place((row["project"], row["release"])): sums_of_row(row) for row in answer.rows()}


def _ask_hours(reader: SessionReader, request: HealthRequest) -> dict[Place, tuple[int, ...]]:
    hour_ns = HOUR_S * NANOSECONDS_PER_SECOND
    start_ns = request.now_ns // hour_ns * hour_ns - (HOURS_SHOWN - 1) * hour_ns
    by_place = (SessionGroup.PROJECT, SessionGroup.RELEASE)
    time_range = TimeRange(start_ns, start_ns + HOURS_SHOWN * hour_ns)
    hours: dict[Place, list[int]] = {}
    for row in reader.sessions(_question(request, by_place, time_range, HOUR_S)).rows():
        place = _place((row["project"], row["release"]))
        hour = (_whole(row["time"]) - start_ns) // hour_ns
        if 0 <= hour < HOURS_SHOWN:
            hours.setdefault(place, [0] * HOURS_SHOWN)[hour] = _whole(row["sessions"])
    return {place: tuple(counts) for place, counts in hours.items()}


def _ask_stages(reader: SessionReader, request: HealthRequest) -> dict[Place, dict[str, Adoption]]:
    """Return how far each release is taken up, by environment."""
    time_range = TimeRange(request.now_ns - ADOPTION_NS, request.now_ns + DAY_NS)
    own_groups = (SessionGroup.PROJECT, SessionGroup.ENVIRONMENT, SessionGroup.RELEASE)
    own = _steps(reader.sessions(_question(request, own_groups, time_range, STEP_S)), own_groups)
    everything = SessionQuestion(
        request.project_ids,
        time_range,
        own_groups[:2],
        STEP_S,
        _in_environments(request),
    )
    all_steps = _steps(reader.sessions(everything), own_groups[:2])
    stages: dict[Place, dict[str, Adoption]] = {}
    for (project_id, environment, version), counts in own.items():
        if environment:
            of_all = all_steps.get((project_id, environment), {})
            stages.setdefault(_place((project_id, version)), {})[str(environment)] = adoption_of(
                counts, of_all
            )
    return stages


def _steps(
    answer: Answer, group_by: Sequence[SessionGroup]
) -> dict[tuple[JsonValue, ...], dict[int, int]]:
    steps: dict[tuple[JsonValue, ...], dict[int, int]] = {}
    for row in answer.rows():
        key = tuple(row[group.value] for group in group_by)
        steps.setdefault(key, {})[_whole(row["time"])] = _whole(row["sessions"])
    return steps


def _place(key: Iterable[JsonValue]) -> Place:
    project_id, version = key
    assert isinstance(project_id, int)
    return project_id, str(version)


def _percent(part: int, total: int) -> float | None:
    return 100 * part / total if total else None


def _in_percent(rate: float | None) -> float | None:
    return None if rate is None else 100 * rate


def _whole(value: JsonValue) -> int:
    assert isinstance(value, int)
    return value
