"""Find the image of code without symbols, so that its address means the same in every process."""

from bisect import bisect_right
from collections.abc import Sequence
from typing import Final

from vedette.model.json_value import JsonValue
from vedette.pipeline.grouping.json_reading import list_of, number_of, object_of, text_of

_IMAGES_MAX: Final = 2_000


class Images:
    """The images of one event, by where they were loaded."""

    def __init__(self, debug_meta: JsonValue) -> None:
        found: dict[int, tuple[int, str]] = {}
        for each in list_of(object_of(debug_meta).get("images"))[:_IMAGES_MAX]:
            image = object_of(each)
            begin, size = number_of(image.get("image_addr")), number_of(image.get("image_size"))
            if begin is not None and size is not None:
                found.setdefault(begin, (begin + size, text_of(image.get("code_file"))))
        self._begins = sorted(found)
        self._found = found

    def locate(self, frames: Sequence[JsonValue]) -> list[JsonValue]:
        """Return the frames; those without a function know their image, if there is one."""
        return [self._located(frame) for frame in frames]

    def _located(self, frame: JsonValue) -> JsonValue:
        if not isinstance(frame, dict) or frame.get("function") or not self._begins:
            return frame
        address = number_of(frame.get("instruction_addr"))
        if address is None or frame.get("image_addr") is not None:
            return frame
        place = bisect_right(self._begins, address) - 1
        if place < 0:
            return frame
        begin = self._begins[place]
        end, code_file = self._found[begin]
        if address >= end:
            return frame
        return {"package": code_file, **frame, "image_addr": begin}
