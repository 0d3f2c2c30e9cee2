"""Bounds of an event's parts: what is beyond them is cut, and `_meta` says so."""

from typing import Final

from vedette.model.json_value import JsonValue

TEXT_LENGTH_MAX: Final = 8_192
"""Messages and exception values; longer texts help nobody and cost every list."""
NAME_LENGTH_MAX: Final = 512
"""Types, functions, file names."""
TAG_COUNT_MAX: Final = 100
TAG_KEY_LENGTH_MAX: Final = 200
TAG_VALUE_LENGTH_MAX: Final = 200
EXCEPTION_COUNT_MAX: Final = 50
THREAD_COUNT_MAX: Final = 200
FRAMES_OLDEST_KEPT: Final = 50
FRAMES_NEWEST_KEPT: Final = 200
"""Of an endless recursion the beginning says who started it and the end where it broke."""
FRAME_COUNT_MAX: Final = 1_000
"""In all stack traces of an event together."""
VARIABLES_BYTES_MAX: Final = 32_768
"""Local variables of one frame, in events that are large as a whole."""
BREADCRUMB_COUNT_MAX: Final = 200
OBJECT_BYTES_MAX: Final = 262_144
"""Free-form objects (extra, contexts, request data, variables), counted roughly as text."""


class Cuts:
    """What was cut of one event, in the form of Sentry's `_meta`."""

    def __init__(self, *, is_large: bool) -> None:
        self.is_large = is_large
        self.meta: dict[str, JsonValue] = {}

    def note(self, path: tuple[str, ...], rule: str, length: int) -> None:
        """Write down that the value at `path` was cut by `rule` from this length."""
        node = self.meta
        for part in path:
            child = node.setdefault(part, {})
            assert isinstance(child, dict)
            node = child
        node[""] = {"rem": [[rule, "x"]], "len": length}

    def text(self, value: str, length_max: int, path: tuple[str, ...]) -> str:
        """Return `value`, cut to `length_max` characters with dots at its end."""
        if len(value) <= length_max:
            return value
        self.note(path, "!limit", len(value))
        return value[: length_max - 3] + "..."


def limit_event(body: dict[str, JsonValue], *, byte_count: int) -> None:
    """Bring every part of the event within its bounds, in place.

    Args:
        body: The event, in the shape of `protocols.sentry_event`.
        byte_count: What it took as JSON text: in a small one no part needs to be measured.
    """
    cuts = Cuts(is_large=byte_count > OBJECT_BYTES_MAX)
    _limit_message(body, cuts)
    _limit_values(body, "exception", EXCEPTION_COUNT_MAX, cuts)
    _limit_values(body, "threads", THREAD_COUNT_MAX, cuts)
    _limit_breadcrumbs(body, cuts)
    _limit_tags(body, cuts)
    for key in ("extra", "contexts", "request", "user", "modules", "debug_meta"):
        if key in body:
            body[key] = _limit_object(body[key], (key,), cuts)
    if cuts.meta:
        known = body.get("_meta")
        body["_meta"] = {**known, **cuts.meta} if isinstance(known, dict) else cuts.meta


def _limit_message(body: dict[str, JsonValue], cuts: Cuts) -> None:
    entry = body.get("logentry")
    if isinstance(entry, dict):
        body["logentry"] = {
            key: cuts.text(value, TEXT_LENGTH_MAX, ("logentry", key))
            if isinstance(value, str)
            else value
            for key, value in entry.items()
        }


def _limit_values(body: dict[str, JsonValue], key: str, count_max: int, cuts: Cuts) -> None:
    holder = body.get(key)
    if not isinstance(holder, dict) or not isinstance(holder["values"], list):
        return
    values = holder["values"]
    if len(values) > count_max:
        cuts.note((key, "values"), "!limit", len(values))
        # The last one is the one that was raised.
        values = values[-count_max:]
    frames_left = FRAME_COUNT_MAX
    limited: list[JsonValue] = []
    for index in range(len(values) - 1, -1, -1):
        value = values[index]
        assert isinstance(value, dict)
        path = (key, "values", str(index))
        shaped = dict(value)
        for name, length_max in (
            ("type", NAME_LENGTH_MAX),
            ("module", NAME_LENGTH_MAX),
            ("value", TEXT_LENGTH_MAX),
        ):
            text = shaped.get(name)
            if text is not None:
                shaped[name] = cuts.text(
                    text if isinstance(text, str) else str(text), length_max, (*path, name)
                )
        frames_left -= _limit_frames(shaped, "stacktrace", frames_left, path, cuts)
        _limit_frames(shaped, "raw_stacktrace", FRAMES_OLDEST_KEPT + FRAMES_NEWEST_KEPT, path, cuts)
        limited.append(shaped)
    body[key] = {**holder, "values": limited[::-1]}


def _limit_frames(
    value: dict[str, JsonValue], key: str, frames_left: int, path: tuple[str, ...], cuts: Cuts
) -> int:
    trace = value.get(key)
    if not isinstance(trace, dict) or not isinstance(trace["frames"], list):
        return 0
    frames = trace["frames"]
    count_max = min(FRAMES_OLDEST_KEPT + FRAMES_NEWEST_KEPT, max(frames_left, 1))
    if len(frames) > count_max:
        cuts.note((*path, key, "frames"), "!limit", len(frames))
        oldest = min(FRAMES_OLDEST_KEPT, count_max // 2)
        frames = frames[:oldest] + frames[len(frames) - (count_max - oldest) :]
    value[key] = {**trace, "frames": [_limit_frame(frame, cuts) for frame in frames]}
    return len(frames)


def _limit_frame(frame: JsonValue, cuts: Cuts) -> JsonValue:
    if not isinstance(frame, dict):
        return frame
    if not cuts.is_large:
        # A plain loop: there are many frames, and hardly one has a name to cut.
        for value in frame.values():
            if isinstance(value, str) and len(value) > NAME_LENGTH_MAX:
                break
        else:
            return frame
    return {key: _limit_frame_value(key, value) for key, value in frame.items()}


def _limit_frame_value(key: str, value: JsonValue) -> JsonValue:
    if isinstance(value, str) and len(value) > NAME_LENGTH_MAX:
        return value[: NAME_LENGTH_MAX - 3] + "..."
    if key == "vars" and _rough_size(value) > VARIABLES_BYTES_MAX:
        return {"...": "too large, left out"}
    return value


def _limit_breadcrumbs(body: dict[str, JsonValue], cuts: Cuts) -> None:
    holder = body.get("breadcrumbs")
    if not isinstance(holder, dict) or not isinstance(holder["values"], list):
        return
    values = holder["values"]
    if len(values) > BREADCRUMB_COUNT_MAX:
        cuts.note(("breadcrumbs", "values"), "!limit", len(values))
        values = values[-BREADCRUMB_COUNT_MAX:]
    body["breadcrumbs"] = {
        **holder,
        "values": [_limit_object(value, ("breadcrumbs",), cuts) for value in values],
    }


def _limit_tags(body: dict[str, JsonValue], cuts: Cuts) -> None:
    tags = body.get("tags")
    if not isinstance(tags, list):
        return
    if len(tags) > TAG_COUNT_MAX:
        cuts.note(("tags",), "!limit", len(tags))
    limited: list[JsonValue] = []
    for pair in tags[:TAG_COUNT_MAX]:
        assert isinstance(pair, list)
        key, value = str(pair[0]), str(pair[1])
        one_line = value.replace("\n", " ")
        limited.append(
            [
                cuts.text(key, TAG_KEY_LENGTH_MAX, ("tags", key[:TAG_KEY_LENGTH_MAX])),
                cuts.text(one_line, TAG_VALUE_LENGTH_MAX, ("tags", key[:TAG_KEY_LENGTH_MAX])),
            ]
        )
    body["tags"] = limited


def _limit_object(value: JsonValue, path: tuple[str, ...], cuts: Cuts) -> JsonValue:
    size = _rough_size(value) if cuts.is_large else 0
    if size <= OBJECT_BYTES_MAX or not isinstance(value, dict):
        return value
    cuts.note(path, "!limit", size)
    kept: dict[str, JsonValue] = {}
    left = OBJECT_BYTES_MAX
    for key, child in value.items():
        left -= len(key) + _rough_size(child)
        if left < 0:
            break
        kept[key] = child
    return kept


def _rough_size(value: JsonValue) -> int:
    """Return about how many characters `value` takes as text, without writing it."""
    if isinstance(value, str):
        return len(value)
    if isinstance(value, dict):
        return sum(len(key) + _rough_size(child) + 4 for key, child in value.items())
    if isinstance(value, list):
        return sum(_rough_size(child) + 1 for child in value)
    return 8
