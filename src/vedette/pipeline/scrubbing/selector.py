"""Selectors of Relay's PII language: which values of an event a rule is for.

`$string`, `$frame.vars`, `extra.foo`, `request.headers.'x-key'`, `**.password`, joined by `&&` and
`||`, turned round by `!`, grouped by brackets. A path begins at the event, one that begins with a
`$type` at any value of that type. `*` is one step, `**` any number of them.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

SELECTOR_LENGTH_MAX: Final = 1_000
_DEPTH_MAX: Final = 20

_TOKEN: Final = re.compile(
    r"\s*(?:(?P<mark>\|\||&&|[!().])|'(?P<quoted>(?:[^']|'')*)'|(?P<word>\*\*|\*|\$?[\w~:@/-]+))"
)
_TYPE_ALIASES: Final = {
    "error": "exception",
    "http": "request",
    "message": "logentry",
    "bool": "boolean",
    "list": "array",
    "clientsdk": "sdk",
}
_TYPES: Final = frozenset(
    {
        *("string", "number", "boolean", "array", "object", "datetime", "binary"),
        *("event", "exception", "stacktrace", "frame", "request", "user", "logentry", "thread"),
        *("breadcrumb", "span", "sdk", "contexts", "context", "attachments", "minidump"),
        *("heap_memory", "stack_memory"),
    }
)
_VALUE_TYPES: Final = frozenset({"string", "number", "boolean", "array", "object", "datetime"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value is: the keys on its way, and the types of everything on it."""

    path: tuple[str, ...]
    types: tuple[frozenset[str], ...]
    """One more than keys: of the event itself, …, of the value."""


Matches = Callable[[Place], bool]


@dataclass(frozen=True, slots=True)
class Selector:
    """A selector that was read."""

    text: str
    matches: Matches
    is_specific: bool
    """Whether it names a place, so that it reaches also what general rules leave alone."""


class SelectorFault(Exception):  # noqa: N818 - told to the person who wrote it
    """What is wrong with a selector."""


def parse_selector(text: str) -> Selector:
    """Return the selector that `text` is.

    Raises:
        SelectorFault: It is none; the sentence says where and what was expected.
    """
    if len(text) > SELECTOR_LENGTH_MAX:
        raise SelectorFault(f"a selector has at most {SELECTOR_LENGTH_MAX} characters")
    parser = _Parser(text)
    matches, is_specific = parser.either(0)
    if parser.token is not None:
        raise parser.fault("expected && or || or the end")
    return Selector(text, matches, is_specific)


class _Parser:
    def __init__(self, text: str) -> None:
        self._text = text
        self._position = self._next_position = 0
        self.token: tuple[str, str] | None = None
        self._advance()

    def fault(self, expected: str) -> SelectorFault:
        return SelectorFault(f"column {self._position + 1}: {expected}")

    def either(self, depth: int) -> tuple[Matches, bool]:
        """Read parts joined by `||`."""
        parts = [self._both(depth)]
        while self._take("||"):
            parts.append(self._both(depth))
        tests = [test for test, _ in parts]
        if len(tests) == 1:
            return parts[0]
        return (lambda place: any(test(place) for test in tests)), all(each[1] for each in parts)

    def _both(self, depth: int) -> tuple[Matches, bool]:
        parts = [self._one(depth)]
        while self._take("&&"):
            parts.append(self._one(depth))
        tests = [test for test, _ in parts]
        if len(tests) == 1:
            return parts[0]
        return (lambda place: all(test(place) for test in tests)), any(each[1] for each in parts)

    def _one(self, depth: int) -> tuple[Matches, bool]:
        if depth > _DEPTH_MAX:
            raise self.fault(f"more than {_DEPTH_MAX} brackets inside each other")
        if self._take("!"):
            test, _ = self._one(depth + 1)
            return (lambda place: not test(place)), False
        if self._take("("):
            inner = self.either(depth + 1)
            if not self._take(")"):
                raise self.fault("expected a closing bracket")
            return inner
        return self._path()

    def _path(self) -> tuple[Matches, bool]:
        steps = [self._step()]
        while self._take("."):
            steps.append(self._step())
        first = steps[0]
        is_general = first == "**" or (len(steps) == 1 and first[1:] in _VALUE_TYPES)
        frozen = tuple(steps)
        return (lambda place: _fits(frozen, place)), not is_general

    def _step(self) -> str:
        if self.token is None or self.token[0] == "mark":
            raise self.fault("expected a key, a $type, * or **")
        kind, text = self.token
        if kind == "quoted":
            step = "=" + text.replace("''", "'")
        elif text.startswith("$"):
            name = _TYPE_ALIASES.get(text[1:], text[1:])
            if name not in _TYPES:
                raise self.fault(f"{text} is no type; expected $string, $frame, $user and the like")
            step = f"${name}"
        else:
            step = text if text in ("*", "**") else f"={text}"
        self._advance()
        return step

    def _take(self, mark: str) -> bool:
        if self.token == ("mark", mark):
            self._advance()
            return True
        return False

    def _advance(self) -> None:
        self._position = self._next_position
        rest = self._text[self._position :]
        if not rest.strip():
            self.token = None
            return
        match = _TOKEN.match(self._text, self._position)
        if match is None:
            raise self.fault("expected a key, a $type, * or **")
        kind = match.lastgroup or ""
        self.token = (kind, match[kind])
        self._next_position = match.end()


def _fits(steps: tuple[str, ...], place: Place) -> bool:
    first = steps[0]
    if first[0] != "$":
        return _rest_fits(steps, 0, place, 0)
    return any(
        first[1:] in types and _rest_fits(steps, 1, place, begin)
        for begin, types in enumerate(place.types)
    )


def _rest_fits(steps: tuple[str, ...], step: int, place: Place, position: int) -> bool:
    """Tell whether the steps from `step` on lead from `position` to the value.

    Kept as the set of steps that may come next, so that many `**` cost no more than one.
    """
    states = _with_skips({step}, steps)
    for index in range(position, len(place.path)):
        key, types = place.path[index], place.types[index + 1]
        next_states: set[int] = set()
        for state in states:
            if state == len(steps):
                continue
            each = steps[state]
            if each == "**":
                next_states |= {state, state + 1}
            elif each in ("*", f"={key}") or (each[0] == "$" and each[1:] in types):
                next_states.add(state + 1)
        states = _with_skips(next_states, steps)
    return len(steps) in states and (steps[-1] != "**" or position < len(place.path) or step == 0)


def _with_skips(states: set[int], steps: tuple[str, ...]) -> set[int]:
    """Add the states behind every `**` that may stand for nothing: not the last one of a path."""
    found = set(states)
    for state in sorted(states):
        following = state
        while following < len(steps) - 1 and steps[following] == "**":
            following += 1
            found.add(following)
    return found
