"""Sums over groups of errors, from the rows themselves: the slow, obvious way."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

from tests.fakes.row_subjects import Row
from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.answer import Answer
from vedette.model.group_question import (
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashGroup,
    HashTotalsQuestion,
)
from vedette.model.json_value import JsonValue
from vedette.model.question import TimeRange
from vedette.storage.telemetry.group_port import HASH_COLUMNS, SERIES_COLUMNS, TOTAL_COLUMNS
from vedette.storage.telemetry.group_reader import HOUR_S, check_groups, check_rows
from vedette.storage.telemetry.port import QuestionRefused

_HOUR_NS = HOUR_S * NANOSECONDS_PER_SECOND
_NO_HASH = "0" * 32


class MemoryGroups:
    """The GroupReader face over rows of errors."""

    _rows: dict[str, list[dict[str, object]]]

    def group_totals(self, question: GroupTotalsQuestion) -> Answer:
        """Answer one row for each group that has events."""
        check_groups(question.groups)
        found = self._by_key(question.groups, question.time_range, question.environments)
        return _answer(TOTAL_COLUMNS, [(key, *_totals(rows)) for key, rows in found.items()])

    def group_series(self, question: GroupSeriesQuestion) -> Answer:
        """Answer events by time."""
        if question.interval_s < HOUR_S or question.interval_s % HOUR_S:
            raise QuestionRefused("whole hours")
        check_groups(question.groups)
        step_ns = question.interval_s * NANOSECONDS_PER_SECOND
        counts: Counter[tuple[int, int]] = Counter()
        for key, rows in self._by_key(
            question.groups, question.time_range, question.environments
        ).items():
            counts.update(
                (key, _time_ns(row) // _HOUR_NS * _HOUR_NS // step_ns * step_ns) for row in rows
            )
        return _answer(SERIES_COLUMNS, [(*at, count) for at, count in sorted(counts.items())])

    def hash_totals(self, question: HashTotalsQuestion) -> Answer:
        """Answer hashes, most events or people first."""
        check_rows(question.row_count_max)
        found = _grouped(
            self._errors_within(question.time_range, question.environments),
            lambda row: (row["project_id"], _hash(row)),
        )
        rows = [
            (project_id, name, *_totals(same))
            for (project_id, name), same in found.items()
            if project_id in question.project_ids
        ]
        first, second = (3, 2) if question.by_people else (2, 3)
        rows.sort(key=lambda each: (-each[first], -each[second], each[0], each[1]))
        page = rows[: question.row_count_max]
        answer = _answer(HASH_COLUMNS, page)
        return Answer(answer.names, answer.columns, was_cut=len(rows) > len(page))

    def forget_groups(
        self, project_id: int, hashes: Sequence[str], *, received_before_ns: int
    ) -> None:
        """Delete the events of these groups."""
        for table in ("errors", "findings"):
            self._rows[table] = [
                row
                for row in self._rows[table]
                if row["project_id"] != project_id
                or _hash(row) not in hashes
                or int(str(row["received_at"])) * 1_000_000 >= received_before_ns
            ]

    def _by_key(
        self,
        groups: Sequence[HashGroup],
        time_range: TimeRange,
        environments: Sequence[str],
    ) -> Mapping[int, list[Row]]:
        keys = {(each.project_id, one): each.key for each in groups for one in each.hashes}
        rows = self._errors_within(time_range, environments)
        known = [row for row in rows if (row["project_id"], _hash(row)) in keys]
        return _grouped(known, lambda row: keys[(row["project_id"], _hash(row))])  # type: ignore[index] # a number

    def _errors_within(self, time_range: TimeRange, environments: Sequence[str]) -> list[Row]:
        return [
            row
            for row in (*self._rows["errors"], *self._rows["findings"])
            if _hash(row) != _NO_HASH
            and time_range.start_ns // _HOUR_NS <= _time_ns(row) // _HOUR_NS
            and _time_ns(row) // _HOUR_NS * _HOUR_NS < time_range.end_ns
            and (not environments or row["environment"] in environments)
        ]


def _grouped(rows: Iterable[Row], key_of: Callable[[Row], object]) -> dict:  # type: ignore[type-arg] # of whatever keys
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(key_of(row), []).append(row)
    return found


def _totals(rows: Sequence[Row]) -> tuple[int, int, int, int]:
    people = {person for row in rows if (person := _person(row)) is not None}
    times = [_time_ns(row) for row in rows]
    return len(rows), len(people), min(times), max(times)


def _person(row: Row) -> tuple[str, object] | None:
    names = ("user_id", "user_email", "user_name", "user_address")
    return next(((name, row[name]) for name in names if row[name]), None)


def _hash(row: Row) -> str:
    value = row["group_hash"]
    assert isinstance(value, bytes)
    return value.hex()


def _time_ns(row: Row) -> int:
    value = row["time"]
    assert isinstance(value, int)
    return value * 1_000


def _answer(names: tuple[str, ...], rows: Sequence[tuple[JsonValue, ...]]) -> Answer:
    columns = tuple(tuple(row[place] for row in rows) for place in range(len(names)))
    return Answer(names, columns)
