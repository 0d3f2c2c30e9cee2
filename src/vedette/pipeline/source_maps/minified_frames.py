"""Which frames of an event may have a source map, and in which script they are."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.hex_id import read_hex_id
from vedette.model.json_value import JsonObject, JsonValue

PLATFORMS: Final = frozenset({"javascript", "node"})
SCRIPTS_MAX: Final = 100
"""Of one event: what is beyond stays as it came."""

_IMAGES_MAX: Final = 2_000
_NOT_SCRIPTS: Final = ("node:", "internal/", "native", "[native", "<", "eval at ", "blob:", "wasm:")
"""Names of the engine's own code, and of code that no build tool made."""


@dataclass(frozen=True, slots=True)
class MinifiedFrame:
    """A frame that may be brought back."""

    frame: JsonObject
    url: str
    """Of its script."""
    line: int
    """From 0."""
    column: int | None
    """From 0; None: the SDK does not know it."""


def may_have_maps(platform: str, body: JsonObject) -> bool:
    """Tell quickly whether an event can have anything to do with source maps."""
    return platform in PLATFORMS or (bool(body.get("debug_meta")) and bool(debug_ids_of(body)))


def debug_ids_of(body: JsonObject) -> dict[str, str]:
    """Return the debug ids of scripts by their URLs."""
    meta = body.get("debug_meta")
    images = meta.get("images") if isinstance(meta, dict) else None
    found: dict[str, str] = {}
    for image in images[:_IMAGES_MAX] if isinstance(images, list) else ():
        if not isinstance(image, dict) or image.get("type") != "sourcemap":
            continue
        url, debug_id = image.get("code_file"), image.get("debug_id")
        known = read_hex_id(debug_id[:36] if isinstance(debug_id, str) else None, length=32)
        if isinstance(url, str) and known:
            found[url] = known
    return found


def read_frame(frame: JsonValue) -> MinifiedFrame | None:
    """Return a frame with its place; None if it is in no script or was brought back before."""
    if not isinstance(frame, dict):
        return None
    url = frame.get("abs_path") or frame.get("filename")
    line = _from_0(frame.get("lineno"))
    if not isinstance(url, str) or url.startswith(_NOT_SCRIPTS):
        return None
    if line is None or _is_brought_back(frame):
        return None
    return MinifiedFrame(frame, url, line, _from_0(frame.get("colno")))


def stacks_of(body: JsonObject) -> Iterator[tuple[str, int, JsonObject]]:
    """Yield every stack trace with where it is: the key of its list, and its place there."""
    for key in ("exception", "threads"):
        holder = body.get(key)
        values = holder.get("values") if isinstance(holder, dict) else None
        for number, value in enumerate(values if isinstance(values, list) else ()):
            trace = value.get("stacktrace") if isinstance(value, dict) else None
            if isinstance(trace, dict) and isinstance(trace.get("frames"), list):
                yield key, number, trace


def frames_of(trace: JsonObject) -> Sequence[JsonValue]:
    """Return the frames of a stack trace."""
    frames = trace["frames"]
    assert isinstance(frames, list)
    return frames


def _from_0(value: JsonValue) -> int | None:
    is_place = isinstance(value, int) and not isinstance(value, bool) and 0 < value < 2**32
    return value - 1 if is_place and isinstance(value, int) else None


def _is_brought_back(frame: JsonObject) -> bool:
    data = frame.get("data")
    return isinstance(data, dict) and "sourcemap" in data
