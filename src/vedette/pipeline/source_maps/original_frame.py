"""One frame, brought back to the place in the source that it was made of."""

from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.source_map import OriginalPlace
from vedette.pipeline.source_maps.minified_frames import MinifiedFrame
from vedette.pipeline.source_maps.original_names import original_names

_REPLACED: Final = frozenset({"pre_context", "context_line", "post_context", "module"})
_TELLS_NOTHING: Final = ("__webpack_require__", "__webpack_modules__", "module.exports")
_NAMELESS: Final = "<anonymous>"
_UNKNOWN: Final = "<unknown>"
_NAME_LENGTH_MAX: Final = 500
_PATH_LENGTH_MAX: Final = 2_000


def original_frame(
    minified: MinifiedFrame, place: OriginalPlace, *, called: str | None, map_name: str
) -> JsonObject:
    """Return the frame in its original place.

    Args:
        minified: The frame as it came.
        place: Where it comes from.
        called: What its caller calls, if that is known: a name when nothing else has one.
        map_name: How the map is called.
    """
    frame = {key: value for key, value in minified.frame.items() if key not in _REPLACED}
    names = original_names(place.file or minified.url, minified.url)
    data = frame.get("data")
    frame |= {
        "filename": names.filename[:_PATH_LENGTH_MAX],
        "abs_path": names.abs_path[:_PATH_LENGTH_MAX],
        "module": names.module[:_PATH_LENGTH_MAX],
        "lineno": place.line + 1,
        "colno": place.column + 1,
        "function": _function(frame.get("function"), place, called)[:_NAME_LENGTH_MAX],
        "data": {**(data if isinstance(data, dict) else {}), "sourcemap": map_name},
    }
    if place.text is not None:
        before: list[JsonValue] = list(place.before)
        after: list[JsonValue] = list(place.after)
        frame |= {"pre_context": before, "context_line": place.text, "post_context": after}
    if place.is_ignored or names.is_foreign:
        frame["in_app"] = False
    return frame


def _function(minified: JsonValue, place: OriginalPlace, called: str | None) -> str:
    if place.scope and not place.scope.startswith(_TELLS_NOTHING):
        return place.scope
    if place.scope == "":
        return _NAMELESS
    if called and not called.startswith(_TELLS_NOTHING):
        return called
    return minified if isinstance(minified, str) and minified else _UNKNOWN
