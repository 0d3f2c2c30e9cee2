"""Walk over an event once, and take out what its plan says."""

import re
from itertools import groupby
from operator import itemgetter
from typing import Final, NamedTuple, TypeAlias

from vedette.model.json_value import JsonValue
from vedette.pipeline.scrubbing.event_places import ELEMENT
from vedette.pipeline.scrubbing.plan import SKIPPED, Node, Plan
from vedette.pipeline.scrubbing.remarks import Remarks
from vedette.pipeline.scrubbing.rule import FILTERED, Method, Rule

_LONG_NUMBER_MIN: Final = 10**12
"""Shorter ones are no card."""

_COOKIE: Final = re.compile(r"([^=;\s]+)=([^;]*)")

_Object: TypeAlias = dict[str, JsonValue]
_List: TypeAlias = list[JsonValue]
_Path: TypeAlias = tuple[str, ...]
_Find: TypeAlias = tuple[Rule, int, int]


class _Spot(NamedTuple):
    """Where a value is held, and its place in the event."""

    holder: _Object | _List
    key: str | int
    path: _Path

    def put(self, value: JsonValue) -> None:
        if isinstance(self.holder, dict):
            self.holder[str(self.key)] = value
        else:
            self.holder[int(self.key)] = value


class Walk:
    """One walk over one event."""

    __slots__ = ("_plan", "_remarks", "_texts")

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._remarks = Remarks()
        self._texts: list[tuple[int, str, _Object | _List, str | int, _Path]] = []
        """Set of rules, text, and where it is held: holder, key in it, path of the holder."""

    def scrub(self, body: _Object) -> None:
        """Take out of `body` what must not be kept, and note it in its `_meta`."""
        self._object(self._plan.root, body, ())
        for number in {each[0] for each in self._texts}:
            self._settle(number)
        self._remarks.put_into(body)

    def _object(self, node: Node, holder: _Object, path: _Path) -> None:  # noqa: C901, PLR0912 - the hottest loop of all, where a call costs as much as the work
        # Nearly all of the time of scrubbing is spent in this loop.
        texts, shape = self._texts, tuple(holder)
        looked_at = node.shapes.get(shape)
        if looked_at is None:
            looked_at = self._plan.looked_at(node, shape)
        for key, child in looked_at:
            value = holder[key]
            if value is None:
                continue
            if isinstance(value, str):
                if child.whole_text is not None or key == "cookies":
                    self._text(child, value, _Spot(holder, key, (*path, key)))
                elif child.text_set >= 0 and len(value) >= child.text_length_min:
                    texts.append((child.text_set, value, holder, key, path))
            elif isinstance(value, (dict, list)):
                if child.whole_container is not None and value:
                    spot = _Spot(holder, key, (*path, key))
                    self._take_whole(spot, child.whole_container, None)
                elif isinstance(value, dict):
                    self._object(child, value, (*path, key))
                else:
                    self._list(child, value, (*path, key))
            elif child.whole_number is not None or child.text_set >= 0:
                self._number(child, value, _Spot(holder, key, (*path, key)))

    def _list(self, node: Node, values: _List, path: _Path) -> None:
        if node.holds_pairs:
            self._pairs(node, values, path)
            return
        child = node.children.get(ELEMENT) or self._plan.child(node, ELEMENT)
        if child is SKIPPED:
            return
        for index, value in enumerate(values):
            if isinstance(value, dict) and child.whole_container is None:
                self._object(child, value, (*path, str(index)))
            elif value is not None:
                self._element(child, value, _Spot(values, index, (*path, str(index))))

    def _element(self, node: Node, value: JsonValue, spot: _Spot) -> None:
        """Scrub one element of a list, or the second half of a pair."""
        if node is SKIPPED or value is None:
            return
        if isinstance(value, str):
            if node.whole_text is not None or node.text_set >= 0:
                self._text(node, value, spot)
        elif isinstance(value, dict | list):
            if node.whole_container is not None and value:
                self._take_whole(spot, node.whole_container, None)
            elif isinstance(value, dict):
                self._object(node, value, spot.path)
            else:
                self._list(node, value, spot.path)
        elif node.whole_number is not None or node.text_set >= 0:
            self._number(node, value, spot)

    def _pairs(self, node: Node, pairs: _List, path: _Path) -> None:
        for index, pair in enumerate(pairs):
            if isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str):  # noqa: PLR2004 - a pair
                child = self._plan.child(node, pair[0])
                self._element(child, pair[1], _Spot(pair, 1, (*path, str(index), "1")))
            else:
                child = self._plan.child(node, ELEMENT)
                self._element(child, pair, _Spot(pairs, index, (*path, str(index))))

    def _number(self, node: Node, value: JsonValue, spot: _Spot) -> None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            return
        if node.whole_number is not None:
            self._take_whole(spot, node.whole_number, None)
        elif isinstance(value, int) and value >= _LONG_NUMBER_MIN:
            text_set = self._plan.text_sets[node.text_set]
            for _, rule, _, _ in text_set.finder.find([str(value)])[:1]:
                self._take_whole(spot, text_set.rules[rule], None)

    def _text(self, node: Node, text: str, spot: _Spot) -> None:
        if node.whole_text is not None:
            self._take_text(text, spot, node.whole_text)
            return
        if spot.path[-1] == "cookies":
            text = self._scrub_cookies(node, text, spot)
        if node.text_set >= 0:
            self._texts.append((node.text_set, text, spot.holder, spot.key, spot.path[:-1]))

    def _scrub_cookies(self, node: Node, text: str, spot: _Spot) -> str:
        """Take the values of telling names out of cookies that came as one text."""
        found: list[_Find] = []
        for match in _COOKIE.finditer(text):
            rule = self._plan.child(node, match[1]).whole_text
            if rule is not None and match[2]:
                found.append((rule, match.start(2), match.end(2)))
        return self._put_back(text, spot, found) if found else text

    def _take_text(self, text: str, spot: _Spot, rule: Rule) -> None:
        """Take a whole text. What the sender has taken out itself stays as it is."""
        if not text or text == FILTERED or not text.strip("*"):
            return
        if rule.redaction.method is Method.REMOVE:
            self._take_whole(spot, rule, len(text))
        else:
            self._put_back(text, spot, [(rule, 0, len(text))])

    def _take_whole(self, spot: _Spot, rule: Rule, length: int | None) -> None:
        """Take a value that is no text, or one of which nothing shall stay."""
        spot.put(None)
        self._remarks.add(spot.path, [[rule.name, "x"]], length)

    def _settle(self, number: int) -> None:
        text_set = self._plan.text_sets[number]
        taken = [each for each in self._texts if each[0] == number]
        finds = text_set.finder.find([text for _, text, _, _, _ in taken])
        for index, of_text in groupby(finds, itemgetter(0)):
            found = [(text_set.rules[rule], start, end) for _, rule, start, end in of_text]
            _, text, holder, key, path = taken[index]
            self._put_back(text, _Spot(holder, key, (*path, str(key))), found)

    def _put_back(self, text: str, spot: _Spot, found: list[_Find]) -> str:
        """Put a text back without what was found in it, and return it."""
        for rule, _, _ in found:
            if rule.redaction.method is Method.REMOVE:
                self._take_whole(spot, rule, len(text))
                return ""
        kept: list[str] = []
        remarks: list[JsonValue] = []
        position = length = 0
        for rule, start, end in found:
            before, inside = text[position:start], rule.redaction.applied(text[start:end])
            length += len(before)
            if text[start:end] != inside:
                remarks.append([rule.name, rule.redaction.sign, length, length + len(inside)])
            kept += (before, inside)
            length += len(inside)
            position = end
        kept.append(text[position:])
        scrubbed = "".join(kept)
        if remarks:
            spot.put(scrubbed)
            self._remarks.add(spot.path, remarks, len(text))
        return scrubbed
