"""Ask the events what groups are like that shall become an issue of their own."""

from collections.abc import Sequence
from typing import Final

from vedette.issues.joining import TakenOut
from vedette.model.event_dataset import event_dataset
from vedette.model.group_question import GroupTotalsQuestion, HashGroup
from vedette.model.json_value import JsonValue, text_or_empty
from vedette.model.question import (
    Compare,
    Field,
    Operator,
    Order,
    RowQuestion,
    TimeRange,
)
from vedette.model.sighting import ERROR_KIND, Sighting, SightingDetails
from vedette.storage.telemetry.port import TelemetryReader

TIME_NS_MAX: Final = 9_000_000_000 * 1_000_000_000
_FIELDS: Final = (
    "id",
    "timestamp",
    "group.hash",
    "title",
    "culprit",
    "level",
    "platform",
    "logger",
    "release",
    "environment",
    "error.type",
    "error.value",
    "error.handled",
)


def ask_taken_out(
    reader: TelemetryReader, *, project_id: int, hashes: Sequence[str], category: str = ERROR_KIND
) -> TakenOut | None:
    """Return what is known of these groups; None if no event of theirs is kept.

    Raises:
        TelemetryError: The store could not answer.
    """
    always = TimeRange(0, TIME_NS_MAX)
    group = HashGroup(0, project_id, tuple(hashes))
    totals = reader.group_totals(GroupTotalsQuestion((group,), always)).rows()
    newest = reader.rows(
        RowQuestion(
            dataset=event_dataset(category),
            project_ids=(project_id,),
            time_range=always,
            selected=tuple(Field(name) for name in _FIELDS),
            where=Compare(Field("group.hash"), Operator.IN, tuple(hashes)),
            order=(Order(Field("timestamp"), is_descending=True),),
            row_count_max=1,
        )
    )
    if not totals or not newest.row_count:
        return None
    row = dict(zip(_FIELDS, (column[0] for column in newest.columns), strict=True))
    latest = Sighting(
        project_id=project_id,
        group_hash=text_or_empty(row["group.hash"]),
        other_hashes=(),
        event_id=text_or_empty(row["id"]),
        time_ns=_number(row["timestamp"]),
        title=text_or_empty(row["title"]),
        culprit=text_or_empty(row["culprit"]),
        level=text_or_empty(row["level"]),
        platform=text_or_empty(row["platform"]),
        logger=text_or_empty(row["logger"]),
        release=text_or_empty(row["release"]),
        environment=text_or_empty(row["environment"]),
        is_unhandled=row["error.handled"] == "false",
        category=category,
        details=SightingDetails(
            type=text_or_empty(row["error.type"]), value=text_or_empty(row["error.value"])
        ),
    )
    (sums,) = totals
    return TakenOut(
        latest=latest,
        first_ns=_number(sums["first_seen"]),
        last_ns=_number(sums["last_seen"]),
        count=_number(sums["count"]),
    )


def _number(value: JsonValue) -> int:
    return int(value) if isinstance(value, int | float) else 0
