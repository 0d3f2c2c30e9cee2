"""A grouped event as a sighting: what its issue needs to know of it."""

from vedette.model.item import Item
from vedette.model.json_value import JsonObject, text_or_empty
from vedette.model.sighting import Sighting, SightingDetails
from vedette.pipeline.grouping import Grouping
from vedette.pipeline.scrub_event import ScrubbedEvent

_NO_DETAILS = SightingDetails()


def error_sighting(item: Item, event: ScrubbedEvent, grouping: Grouping) -> Sighting:
    """Return what is told of an event that is kept."""
    hashes = grouping.hashes
    return Sighting(
        project_id=item.meta.project_id,
        group_hash=hashes[0].value,
        other_hashes=tuple(each.value for each in hashes[1:]),
        event_id=event.event_id,
        time_ns=event.time_ns,
        title=grouping.title,
        culprit=grouping.culprit,
        level=event.level,
        platform=event.platform,
        logger=event.logger,
        release=event.release,
        environment=event.environment,
        is_unhandled=event.handled == "no",
        details=_details(event.body, grouping.main_exception_index),
    )


def _details(body: JsonObject, main_index: int | None) -> SightingDetails:
    holder = body.get("exception")
    values = holder.get("values") if isinstance(holder, dict) else None
    if main_index is None or not isinstance(values, list):
        return _NO_DETAILS
    exception = values[main_index] if main_index < len(values) else None
    if not isinstance(exception, dict):
        return _NO_DETAILS
    frame = _crash_frame(exception)
    return SightingDetails(
        type=text_or_empty(exception.get("type")),
        value=text_or_empty(exception.get("value")),
        filename=text_or_empty(frame.get("filename")),
        function=text_or_empty(frame.get("function")),
    )


def _crash_frame(exception: JsonObject) -> JsonObject:
    trace = exception.get("stacktrace")
    frames = trace.get("frames") if isinstance(trace, dict) else None
    listed = frames if isinstance(frames, list) else []
    objects = [each for each in listed if isinstance(each, dict)]
    own = (each for each in reversed(objects) if each.get("in_app") is True)
    return next(own, objects[-1] if objects else {})
