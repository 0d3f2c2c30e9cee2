"""What is to be done at each place of an event: decided once per place, then looked up."""

import threading
from dataclasses import dataclass
from typing import Final

from vedette.model.project_rules import ScrubRules
from vedette.native import KeyRules, TextRules
from vedette.pipeline.scrubbing.builtin_rules import builtin_rules
from vedette.pipeline.scrubbing.event_places import (
    ELEMENT,
    Care,
    care_of,
    holds_pairs,
    is_structure,
    type_of,
)
from vedette.pipeline.scrubbing.pii_config import Application, read_pii_config
from vedette.pipeline.scrubbing.row_scrubber import key_rules
from vedette.pipeline.scrubbing.rule import FILTERED, Looks, Method, Redaction, Rule
from vedette.pipeline.scrubbing.selector import Place

NODE_COUNT_MAX: Final = 20_000
"""Places that a plan remembers: an application has hundreds, and who makes up names shall not fill
the memory."""

_TEXT_LENGTH_MIN: Final = 6
"""Our own rules find nothing in shorter texts."""

_FILTER: Final = Redaction(Method.REPLACE, FILTERED)
_REMOVE: Final = Redaction(Method.REMOVE)
_BY_FIELD: Final = Rule("strip-fields", Looks.KEYS, _FILTER)
_BY_NAME: Final = Rule("@password:filter", Looks.KEYS, _FILTER)
_ADDRESS: Final = Rule("@anything:remove", Looks.ANYTHING, _REMOVE)
_ASSIGNMENT: Final = Rule("@password:filter", Looks.TEXTS, _FILTER, finder="assignment")

_ADDRESS_PLACES: Final = frozenset(
    {("user", "ip_address"), ("request", "env", "REMOTE_ADDR"), ("sdk", "client_ip")}
)


def _named(*names: str) -> tuple[Rule, ...]:
    return tuple(rule for name in names for rule in builtin_rules(name))


_SECRETS: Final = _named("@pemkey:filter", "@urlauth:filter", "@bearer:filter", "@apikey:filter")
_NUMBERS: Final = _named("@creditcard:filter", "@iban:filter", "@usssn:filter")
_OF_CARE: Final[dict[Care, tuple[Rule, ...]]] = {
    Care.ALL: (*_SECRETS, *_named("@password:filter"), *_NUMBERS, *_named("@userpath:filter")),
    Care.TEXT: (
        *_SECRETS,
        _ASSIGNMENT,
        *_named("@creditcard:replace", "@iban", "@usssn:replace", "@email"),
    ),
    Care.ERROR: (
        *_SECRETS,
        _ASSIGNMENT,
        *_named("@creditcard:replace", "@iban", "@usssn:replace"),
    ),
}
"""The default rules for texts."""


@dataclass(slots=True)
class TextSet:
    """Rules that are tried together on texts."""

    rules: tuple[Rule, ...]
    finder: TextRules


class Node:
    """One place. `None` and -1 mean that nothing is to be done there."""

    __slots__ = (
        "children",
        "holds_pairs",
        "path",
        "shapes",
        "text_length_min",
        "text_set",
        "types",
        "whole_container",
        "whole_number",
        "whole_text",
    )

    def __init__(self, path: tuple[str, ...], types: tuple[frozenset[str], ...]) -> None:
        self.path = path
        self.types = types
        self.children: dict[str, Node] = {}
        self.shapes: dict[tuple[str, ...], tuple[tuple[str, Node], ...]] = {}
        """Of objects with these keys, which of them are looked at: most of a frame's are not."""
        self.holds_pairs = False
        self.text_length_min = 0
        self.text_set = -1
        self.whole_text: Rule | None = None
        self.whole_number: Rule | None = None
        self.whole_container: Rule | None = None


SHAPE_COUNT_MAX: Final = 16
SHAPE_KEY_COUNT_MAX: Final = 32
SHAPE_LENGTH_MAX: Final = 512
"""Of one place: a program's frames and breadcrumbs have few shapes, and few keys."""

SKIPPED: Final = Node((), ())
"""Stands for every place at and below which nothing is to be done."""


class Plan:
    """The rules of one project, laid out over the places of events as these are met."""

    def __init__(self, rules: ScrubRules) -> None:
        self._keys = key_rules(rules)
        self._default_keys = KeyRules(rules.is_on and rules.with_defaults, (), rules.safe_fields)
        self._with_defaults = rules.is_on and rules.with_defaults
        self._is_on = rules.is_on
        self._addresses = rules.addresses
        self._safe = frozenset(each.lower() for each in rules.safe_fields)
        config = read_pii_config(rules.pii_config)
        self._applications = config.applications
        self._reaches_named = any(each.selector.is_specific for each in config.applications)
        self._key_tests: dict[str, TextRules] = {}
        self._node_count = 0
        self._lock = threading.Lock()
        self.text_sets: list[TextSet] = []
        self._set_numbers: dict[tuple[Rule, ...], int] = {}
        self.root = Node((), (type_of(()) | {"object"},))
        self.is_empty = not (rules.is_on or rules.addresses or config.applications)

    def child(self, node: Node, key: str) -> Node:
        """Return the place of `key` below `node`."""
        # Digester and pages share plans; places are found out by one at a time.
        with self._lock:
            found = node.children.get(key)
            if found is None:
                found = self._found_out(node, key)
                if self._node_count >= NODE_COUNT_MAX:
                    self.root.children = {}
                    self.root.shapes = {}
                    self._node_count = 0
                node.children[key] = found
                self._node_count += 1
            return found

    def looked_at(self, node: Node, shape: tuple[str, ...]) -> tuple[tuple[str, Node], ...]:
        """Return those of an object's keys at which there is something to do, in their order."""
        found = tuple(
            [
                (key, child)
                for key in shape
                if (child := node.children.get(key) or self.child(node, key)) is not SKIPPED
            ]
        )
        is_ordinary = sum(map(len, shape)) <= SHAPE_LENGTH_MAX and len(shape) <= SHAPE_KEY_COUNT_MAX
        if is_ordinary and len(node.shapes) < SHAPE_COUNT_MAX:
            node.shapes[shape] = found
        return found

    def _found_out(self, parent: Node, key: str) -> Node:
        path = (*parent.path, key)
        node = Node(path, (*parent.types, type_of(path)))
        care = care_of(path)
        if care is Care.NEVER and path not in _ADDRESS_PLACES:
            return node if path == ("sdk",) and self._addresses else SKIPPED
        applications = [
            each
            for each in self._applications
            if each.selector.is_specific or care is not Care.NAMED
        ]
        node.holds_pairs = holds_pairs(path)
        is_safe = key.lower() in self._safe or ".".join(path).lower() in self._safe
        defaults = not is_safe and care not in (Care.NAMED, Care.NEVER)
        node.whole_text = self._whole(node, "string", applications, defaults=defaults)
        node.whole_number = self._whole(node, "number", applications, defaults=defaults)
        containers = [
            self._whole(node, kind, applications, defaults=defaults) for kind in ("object", "array")
        ]
        node.whole_container = containers[0] or containers[1]
        texts = self._texts(node, applications, care if defaults else None)
        if texts:
            node.text_set = self._set_number(texts)
            is_ours = all(rule.finder != "pattern" for rule in texts)
            node.text_length_min = _TEXT_LENGTH_MIN if is_ours else 0
        if care is Care.NAMED and not self._reaches_named and not self._addresses:
            return SKIPPED
        return SKIPPED if is_safe and not self._applications else node

    def _whole(
        self, node: Node, kind: str, applications: list[Application], *, defaults: bool
    ) -> Rule | None:
        """Return the rule that takes the whole value, if it is of this kind."""
        place = _placed(node, kind)
        for application in applications:
            if application.selector.matches(place):
                for rule in application.rules:
                    if self._takes_whole(rule, node.path[-1]):
                        return rule
        if self._addresses and node.path in _ADDRESS_PLACES:
            return _ADDRESS
        return self._by_name(node.path, kind) if defaults and self._is_on else None

    def _takes_whole(self, rule: Rule, key: str) -> bool:
        match rule.looks:
            case Looks.ANYTHING:
                return True
            case Looks.BOTH:
                return self._default_key_is_sensitive(key)
            case Looks.KEYS:
                test = self._key_tests.get(rule.pattern)
                if test is None:
                    test = TextRules([("pattern", rule.pattern, ())], self._keys)
                    self._key_tests[rule.pattern] = test
                return bool(test.find([key]))
            case Looks.TEXTS:
                return False

    @staticmethod
    def _default_key_is_sensitive(key: str) -> bool:
        return _ALL_NAMES.verdict(key).startswith("sensitive")

    def _by_name(self, path: tuple[str, ...], kind: str) -> Rule | None:
        key = path[-1]
        if key == ELEMENT or is_structure(path):
            return None
        is_cookie = "cookies" in path[:-1]
        takes = ("sensitive",) if kind == "number" else ("sensitive", "sensitive text")
        if (self._keys.cookie(key) if is_cookie else self._keys.verdict(key)) not in takes:
            return None
        ours = self._default_keys
        by_default = ours.cookie(key) if is_cookie else ours.verdict(key)
        return _BY_NAME if by_default.startswith("sensitive") else _BY_FIELD

    def _texts(
        self, node: Node, applications: list[Application], care: Care | None
    ) -> tuple[Rule, ...]:
        place = _placed(node, "string")
        rules: list[Rule] = []
        for application in applications:
            if application.selector.matches(place):
                rules += (
                    rule for rule in application.rules if rule.looks in (Looks.TEXTS, Looks.BOTH)
                )
        if care is not None and self._is_on:
            rules += _OF_CARE[care] if self._with_defaults else (_ASSIGNMENT,)
        if self._addresses and care is not None:
            rules += builtin_rules("@ip:replace")
        return tuple(rules)

    def _set_number(self, rules: tuple[Rule, ...]) -> int:
        number = self._set_numbers.get(rules)
        if number is None:
            wanted = [(each.finder, each.pattern, each.groups) for each in rules]
            finder = TextRules(wanted, self._keys)
            number = self._set_numbers[rules] = len(self.text_sets)
            self.text_sets.append(TextSet(rules, finder))
        return number


_ALL_NAMES: Final = KeyRules(True, (), ())  # noqa: FBT003 - the extension takes no names


def _placed(node: Node, kind: str) -> Place:
    return Place(node.path, (*node.types[:-1], node.types[-1] | {kind}))
