"""Sums over sessions in plain Python: slow, obvious, the engine's judge."""

import fnmatch
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.json_value import JsonValue
from vedette.model.session_question import SessionFilter, SessionGroup, SessionQuestion
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.session_port import SESSION_SUMS
from vedette.storage.telemetry.session_reader import INTERVAL_S_MIN

_COLUMNS: Final = {
    SessionGroup.PROJECT: "project_id",
    SessionGroup.RELEASE: "release",
    SessionGroup.ENVIRONMENT: "environment",
}


@dataclass(frozen=True, slots=True)
class _Tally:
    """What a session, or many of one aggregate, add to the sums."""

    key: tuple[JsonValue, ...]
    user: str
    sessions: int
    errored: int
    crashed: int
    abnormal: int
    unhandled: int
    duration_s: float | None = None


class MemorySessions:
    """The part of the telemetry in memory that knows sessions."""

    _rows: dict[str, list[dict[str, object]]]

    def sessions(self, question: SessionQuestion) -> Answer:
        """Answer sums over sessions."""
        if question.interval_s is not None and question.interval_s < INTERVAL_S_MIN:
            raise QuestionRefused("too short")
        rows = [row for row in self._rows["sessions"] if _is_asked(row, question)]
        tallies = [*_single(rows, question), *_many(rows, question)]
        by_key: dict[tuple[JsonValue, ...], list[_Tally]] = {}
        for each in tallies:
            by_key.setdefault(each.key, []).append(each)
        sums = [(*key, *_sums(some)) for key, some in by_key.items()]
        place = len(question.group_by) + (question.interval_s is not None)
        found = sorted(sums, key=lambda row: (-_int(row[place]), *map(_sortable, row[:place])))
        if not place:
            found = [row for row in found if row[0]]
        names = [*question.group_by, *(["time"] if question.interval_s is not None else [])]
        columns = [list(column) for column in zip(*found, strict=True)]
        cut = [tuple(column[: question.row_count_max]) for column in columns]
        shown = (*(str(name) for name in names), *SESSION_SUMS)
        return Answer(
            shown, tuple(cut) or tuple(() for _ in shown), len(found) > question.row_count_max
        )


def _is_asked(row: Mapping[str, object], question: SessionQuestion) -> bool:
    started_ns = _int(row["started"]) * 1_000_000
    return (
        row["project_id"] in question.project_ids
        and question.time_range.start_ns <= started_ns < question.time_range.end_ns
        and all(_passes(row, each) for each in question.filters)
    )


def _passes(row: Mapping[str, object], given: SessionFilter) -> bool:
    text = str(row[_COLUMNS[given.group]])
    patterns = [each.replace("[", "[[]").replace("?", "[?]") for each in given.patterns]
    is_one = text in given.texts or any(
        fnmatch.fnmatchcase(text.lower(), each.lower()) for each in patterns
    )
    return is_one is not given.is_negated


def _key(
    row: Mapping[str, object], begun_ms: int, question: SessionQuestion
) -> tuple[JsonValue, ...]:
    key: list[JsonValue] = [row[_COLUMNS[group]] for group in question.group_by]  # type: ignore[misc] # texts and numbers
    if question.interval_s is not None:
        step_ms = question.interval_s * 1_000
        key.append(begun_ms // step_ms * question.interval_s * NANOSECONDS_PER_SECOND)
    return tuple(key)


def _single(rows: Sequence[Mapping[str, object]], question: SessionQuestion) -> Iterable[_Tally]:
    sessions: dict[tuple[object, ...], list[Mapping[str, object]]] = {}
    for row in rows:
        if row["session_id"]:
            names = ("project_id", "release", "environment", "session_id")
            sessions.setdefault(tuple(row[name] for name in names), []).append(row)
    for updates in sessions.values():
        in_order = sorted(updates, key=_newness)
        last = in_order[-1]
        users = [str(each["distinct_id"]) for each in in_order if each["distinct_id"]]
        status, duration_s = last["status"], last["duration_s"]
        assert isinstance(duration_s, float)
        is_wrong = status in ("errored", "crashed", "abnormal", "unhandled")
        yield _Tally(
            _key(last, min(_int(each["started"]) for each in updates), question),
            users[-1] if users else "",
            1,
            int(is_wrong or any(each["error_count"] for each in updates)),
            int(status == "crashed"),
            int(status == "abnormal"),
            int(status == "unhandled"),
            duration_s if status == "exited" and duration_s > 0 else None,
        )


def _newness(row: Mapping[str, object]) -> tuple[int, bool, int, str]:
    status = str(row["status"])
    return (
        _int(row["sequence"]),
        status not in ("ok", ""),
        _int(row["received_at"]),
        status,
    )


def _many(rows: Sequence[Mapping[str, object]], question: SessionQuestion) -> Iterable[_Tally]:
    for row in rows:
        if not row["session_id"]:
            counts = [
                _int(row[f"{name}_count"])
                for name in ("exited", "errored", "crashed", "abnormal", "unhandled")
            ]
            key = _key(row, _int(row["started"]), question)
            yield _Tally(key, str(row["distinct_id"]), sum(counts), sum(counts[1:]), *counts[2:])


def _sums(tallies: Sequence[_Tally]) -> list[JsonValue]:
    names = ("sessions", "errored", "crashed", "abnormal", "unhandled")
    totals = [sum(int(getattr(each, name)) for each in tallies) for name in names]
    users = [
        len({each.user for each in tallies if each.user and getattr(each, name)}) for name in names
    ]
    durations = sorted(each.duration_s for each in tallies if each.duration_s is not None)
    if not durations:
        return [*totals, *users, *([None] * 7)]
    levels = (0.5, 0.75, 0.9, 0.95, 0.99)
    return [
        *totals,
        *users,
        sum(durations) / len(durations),
        *(_quantile(durations, level) for level in levels),
        durations[-1],
    ]


def _quantile(values: Sequence[float], level: float) -> float:
    """Return the quantile with the values between two neighbours on a line."""
    place = level * (len(values) - 1)
    lower, upper = values[math.floor(place)], values[math.ceil(place)]
    return lower + (upper - lower) * (place - math.floor(place))


def _sortable(value: JsonValue) -> tuple[str, int | str]:
    return (type(value).__name__, value if isinstance(value, int) else str(value))


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value
