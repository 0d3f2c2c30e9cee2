"""What was taken out of an event, in the form of Sentry's `_meta`."""

from typing import Final

from vedette.model.json_value import JsonValue

REMARK_COUNT_MAX: Final = 1_000
"""Per event: what is beyond it is taken out without a remark."""


class Remarks:
    """Gathers remarks and adds them to an event."""

    def __init__(self) -> None:
        self._tree: dict[str, JsonValue] = {}
        self.count = 0

    def add(self, path: tuple[str, ...], remarks: list[JsonValue], length: int | None) -> None:
        """Note what was done with the value at `path`, which was `length` characters long."""
        if self.count >= REMARK_COUNT_MAX:
            return
        self.count += len(remarks)
        node = self._tree
        for key in path:
            below = node.setdefault(key, {})
            assert isinstance(below, dict)
            node = below
        entry: dict[str, JsonValue] = {"rem": remarks}
        if length is not None:
            entry["len"] = length
        node[""] = entry

    def put_into(self, body: dict[str, JsonValue]) -> None:
        """Add what was noted to what the event says of itself."""
        if self._tree:
            body["_meta"] = _joined(body.get("_meta"), self._tree)


def _joined(known: JsonValue, new: JsonValue) -> JsonValue:
    if not isinstance(known, dict) or not isinstance(new, dict):
        return new
    joined = dict(known)
    for key, value in new.items():
        joined[key] = _entry(known.get(key), value) if key == "" else _joined(known.get(key), value)
    return joined


def _entry(known: JsonValue, new: JsonValue) -> JsonValue:
    """Return both remarks on one value; its length is that of the first, before all of them."""
    if not isinstance(known, dict) or not isinstance(new, dict):
        return new
    before, after = known.get("rem"), new.get("rem")
    remarks = [
        *(before if isinstance(before, list) else []),
        *(after if isinstance(after, list) else []),
    ]
    return {**new, **known, "rem": remarks}
