"""Answers about groups of errors, from the table that is kept by the hour."""

from typing import Final

from vedette.model.answer import Answer
from vedette.model.group_question import (
    GROUP_COUNT_MAX,
    HASH_COUNT_MAX,
    POINT_COUNT_MAX,
    GroupSeriesQuestion,
    GroupTotalsQuestion,
    HashGroup,
    HashTotalsQuestion,
)
from vedette.model.question import TimeRange
from vedette.storage.telemetry.decode import decode_columns
from vedette.storage.telemetry.engine import Engine
from vedette.storage.telemetry.group_port import HASH_COLUMNS, SERIES_COLUMNS, TOTAL_COLUMNS
from vedette.storage.telemetry.parameters import Parameters
from vedette.storage.telemetry.port import QuestionRefused
from vedette.storage.telemetry.reader import cut

HOUR_S: Final = 3_600
_FIRST_AND_LAST: Final = (
    "toUnixTimestamp64Nano(toDateTime64(min(first_time), 9, 'UTC')),"
    " toUnixTimestamp64Nano(toDateTime64(max(last_time), 9, 'UTC'))"
)
_SETTINGS: Final = "optimize_move_to_prewhere=1"


class GroupsReader:
    """Sums over groups."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def group_totals(self, question: GroupTotalsQuestion) -> Answer:
        """Answer one row for each group that has events; see the port."""
        if not check_groups(question.groups):
            return Answer(TOTAL_COLUMNS, tuple(() for _ in TOTAL_COLUMNS))
        parameters = Parameters()
        key, where = _of_groups(question.groups, parameters)
        # First by hash: what a hash's group is called is then looked up once, not for every row.
        text = "\n".join(
            (
                f"SELECT {key} AS key, sum(events), uniqMerge(people), {_FIRST_AND_LAST}",
                "FROM (",
                "  SELECT project_id, group_hash, sum(event_count) AS events,",
                "    uniqMergeState(users) AS people,",
                "    min(error_groups.first_time) AS first_time,",
                "    max(error_groups.last_time) AS last_time",
                "  FROM error_groups",
                f"  WHERE {where}",
                *_when(question.time_range, question.environments, parameters),
                "  GROUP BY project_id, group_hash",
                ")",
                "GROUP BY key",
            )
        )
        answer = self._engine.ask(text, parameters.values, settings=_SETTINGS)
        columns = decode_columns(answer, len(TOTAL_COLUMNS))
        return cut(TOTAL_COLUMNS, columns, GROUP_COUNT_MAX)

    def group_series(self, question: GroupSeriesQuestion) -> Answer:
        """Answer events by time; see the port."""
        if question.interval_s < HOUR_S or question.interval_s % HOUR_S:
            raise QuestionRefused("events of groups are counted in steps of whole hours")
        if not check_groups(question.groups):
            return Answer(SERIES_COLUMNS, tuple(() for _ in SERIES_COLUMNS))
        parameters = Parameters()
        key, where = _of_groups(question.groups, parameters)
        step = parameters.add(question.interval_s, "UInt32")
        text = "\n".join(
            (
                f"SELECT {key} AS key,",
                f"  intDiv(toUnixTimestamp(hour), {step}) * {step} * 1000000000 AS step,",
                "  sum(event_count)",
                "FROM error_groups",
                f"WHERE {where}",
                *_when(question.time_range, question.environments, parameters),
                "GROUP BY key, step ORDER BY key, step",
                f"LIMIT {POINT_COUNT_MAX + 1}",
            )
        )
        answer = self._engine.ask(text, parameters.values, settings=_SETTINGS)
        columns = decode_columns(answer, len(SERIES_COLUMNS))
        return cut(SERIES_COLUMNS, columns, POINT_COUNT_MAX)

    def hash_totals(self, question: HashTotalsQuestion) -> Answer:
        """Answer hashes, most events or people first; see the port."""
        check_rows(question.row_count_max)
        if not question.project_ids:
            return Answer(HASH_COLUMNS, tuple(() for _ in HASH_COLUMNS))
        parameters = Parameters()
        projects = parameters.add(question.project_ids, "Array(UInt32)")
        order = "people DESC, events DESC" if question.by_people else "events DESC, people DESC"
        text = "\n".join(
            (
                "SELECT project_id, lower(hex(group_hash)) AS hash, sum(event_count) AS events,",
                f"  uniqMerge(users) AS people, {_FIRST_AND_LAST}",
                "FROM error_groups",
                f"WHERE project_id IN {projects}",
                *_when(question.time_range, question.environments, parameters),
                f"GROUP BY project_id, group_hash ORDER BY {order}, project_id, hash",
                f"LIMIT {question.row_count_max + 1}",
            )
        )
        answer = self._engine.ask(text, parameters.values)
        columns = decode_columns(answer, len(HASH_COLUMNS))
        return cut(HASH_COLUMNS, columns, question.row_count_max)


def check_groups(groups: tuple[HashGroup, ...]) -> bool:
    """Tell whether there is anything to look for.

    Raises:
        QuestionRefused: It is too much.
    """
    if len(groups) > GROUP_COUNT_MAX:
        raise QuestionRefused(f"at most {GROUP_COUNT_MAX} groups can be asked for at once")
    hash_count = sum(len(each.hashes) for each in groups)
    if hash_count > HASH_COUNT_MAX:
        raise QuestionRefused(f"at most {HASH_COUNT_MAX} hashes can be asked for at once")
    return hash_count > 0


def check_rows(row_count_max: int) -> None:
    """Return if so many rows may be asked for.

    Raises:
        QuestionRefused: They may not.
    """
    if not 1 <= row_count_max <= GROUP_COUNT_MAX:
        raise QuestionRefused(f"an answer has 1 to {GROUP_COUNT_MAX} rows")


def _of_groups(groups: tuple[HashGroup, ...], parameters: Parameters) -> tuple[str, str]:
    """Return the expression of a row's group, and the condition that it is one of those asked."""
    # A hash means something within its project only: both together are looked up.
    names = tuple(f"{each.project_id}:{one}" for each in groups for one in each.hashes)
    keys = tuple(each.key for each in groups for _ in each.hashes)
    projects = parameters.add(tuple(sorted({each.project_id for each in groups})), "Array(UInt32)")
    hashes = parameters.texts(tuple(sorted({one for each in groups for one in each.hashes})))
    name = "concat(toString(project_id), ':', lower(hex(group_hash)))"
    numbers = parameters.add(keys, "Array(Int64)")
    key = f"transform({name}, {parameters.texts(names)}, {numbers}, -1)"
    where = (
        f"project_id IN {projects} AND group_hash IN"
        f" (SELECT toFixedString(unhex(arrayJoin({hashes})), 16))"
    )
    if len({each.project_id for each in groups}) > 1:
        where += f"\n  AND {name} IN {parameters.texts(names)}"
    return key, where


def _when(
    time_range: TimeRange, environments: tuple[str, ...], parameters: Parameters
) -> tuple[str, ...]:
    start, end = parameters.moment(time_range.start_ns), parameters.moment(time_range.end_ns)
    conditions = [f"  AND hour >= toStartOfHour({start}) AND hour < {end}"]
    if environments:
        conditions.append(f"  AND environment IN {parameters.texts(environments)}")
    return tuple(conditions)
