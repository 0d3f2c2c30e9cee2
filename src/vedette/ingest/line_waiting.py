"""Everything that is known and not kept yet, and everything unknown: counted, never an error."""

from collections.abc import Sequence

from vedette.ingest.line import Line, LineContext, outcome_of
from vedette.model.category import Category
from vedette.model.item import Item
from vedette.model.outcome import Fate, Reason
from vedette.model.taken import Taken

_NOT_YET = frozenset(
    {
        "profile",
        "profile_chunk",
        "profile_chunk_ui",
        "otlp_profiles",
        "replay_event",
        "replay_recording",
        "replay_video",
        "check_in",
        "minidump",
        "nel",
        "form_data",
        "unreal_report",
    }
)
_REMOVED = frozenset({"statsd", "metric_buckets", "metric_meta"})
_CATEGORY_OF_BODY = {
    "otlp_profiles": Category.PROFILE_CHUNK,
    "minidump": Category.ATTACHMENT,
    "nel": Category.LOG_ITEM,
    "form_data": Category.ATTACHMENT,
    "unreal_report": Category.ATTACHMENT,
}


def take_in_waiting(items: Sequence[Item], context: LineContext) -> Taken:  # noqa: ARG001 - a line's face
    """Give every item its outcome."""
    return Taken(
        (),
        tuple(
            outcome_of(
                each, Fate.INVALID, _reason(each), category=_CATEGORY_OF_BODY.get(each.item_type)
            )
            for each in items
        ),
    )


def _reason(item: Item) -> str:
    if item.item_type in _NOT_YET:
        return Reason.NOT_YET_SUPPORTED
    return Reason.REMOVED_PRODUCT if item.item_type in _REMOVED else Reason.UNKNOWN_ITEM_TYPE


LINE = Line("waiting", _NOT_YET | _REMOVED, take_in_waiting)
