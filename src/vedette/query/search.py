"""Read the search language into a tree of terms, knowing nothing of any dataset.

    expression  = conjunction { "OR" conjunction }
    conjunction = { factor | "AND" }
    factor      = [ "!" ] filter | "(" expression ")" | words
    filter      = key ":" ( list | [ comparison ] value )
    list        = "[" value { "," value } "]"

A value is bare text or a quoted string; `*` in it stands for any text, and a backslash takes the
meaning from the character that follows. Words that belong to no filter are free text.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

TEXT_LENGTH_MAX: Final = 8_192
"""More than any person types; long lists of ids in saved links still fit."""
TERM_COUNT_MAX: Final = 200
"""Filters and words together; each becomes a condition of the statement."""
LIST_LENGTH_MAX: Final = 1_000
DEPTH_MAX: Final = 32
"""Parentheses within parentheses."""

_WHITE: Final = " \t\r\n"
_COMPARISONS: Final = (">=", "<=", ">", "<", "=")


class SearchError(Exception):
    """The text is wrong at one place, and this is what would have been right there."""

    def __init__(self, *, position: int, expected: str) -> None:
        """Remember the place (characters from 0) and what was expected there."""
        super().__init__(f"At position {position}: expected {expected}.")
        self.position = position
        self.expected = expected


class Comparison(StrEnum):
    """What stands between key and value."""

    EQUAL = "="
    GREATER = ">"
    GREATER_OR_EQUAL = ">="
    LESS = "<"
    LESS_OR_EQUAL = "<="


@dataclass(frozen=True, slots=True)
class Value:
    """One value, cut at the stars that stand for any text."""

    parts: tuple[str, ...]
    position: int
    is_quoted: bool = False

    @property
    def is_pattern(self) -> bool:
        """Whether a star stands for any text in it."""
        return len(self.parts) > 1

    @property
    def text(self) -> str:
        """The value as plain text."""
        return "*".join(self.parts)


@dataclass(frozen=True, slots=True)
class Filter:
    """`key:value`, `!key:>value` or `key:[a,b]`."""

    key: str
    comparison: Comparison
    values: tuple[Value, ...]
    is_negated: bool
    position: int
    is_list: bool = False


@dataclass(frozen=True, slots=True)
class Words:
    """Free text: neighbouring bare words, or one quoted string."""

    value: Value
    is_negated: bool = False


@dataclass(frozen=True, slots=True)
class Every:
    """All of them hold; none at all holds always."""

    members: tuple["Expression", ...]


@dataclass(frozen=True, slots=True)
class Either:
    """At least one holds."""

    members: tuple["Expression", ...]


Expression: TypeAlias = Filter | Words | Every | Either


def read_search(text: str) -> Expression:
    """Read a search.

    Raises:
        SearchError: The text is wrong; never anything else, whatever the text.
    """
    if len(text) > TEXT_LENGTH_MAX:
        raise SearchError(
            position=TEXT_LENGTH_MAX,
            expected=f"the end, after at most {TEXT_LENGTH_MAX} characters",
        )
    reader = _Reader(text)
    expression = reader.expression(depth=0)
    reader.skip_white()
    if not reader.is_at_end:
        raise SearchError(position=reader.position, expected="a filter, a word or the end")
    return expression


class _Reader:
    """Where we are in the text. Methods either move on past what they read, or raise."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._term_count = 0
        self.position = 0

    @property
    def is_at_end(self) -> bool:
        return self.position >= len(self._text)

    def skip_white(self) -> None:
        while self._peek() in _WHITE and not self.is_at_end:
            self.position += 1

    def expression(self, *, depth: int) -> Expression:
        if depth > DEPTH_MAX:
            raise SearchError(
                position=self.position,
                expected=f"at most {DEPTH_MAX} parentheses inside each other",
            )
        members = [self._conjunction(depth=depth)]
        while self._take_word("OR"):
            if members[-1] == Every(()):
                raise SearchError(position=self.position - 2, expected="a filter before OR")
            members.append(self._conjunction(depth=depth))
            if members[-1] == Every(()):
                raise SearchError(position=self.position, expected="a filter after OR")
        return members[0] if len(members) == 1 else Either(tuple(members))

    def _conjunction(self, *, depth: int) -> Expression:
        members: list[Expression] = []
        while not self._is_at_conjunction_end():
            if self._take_word("AND"):
                continue
            members.append(self._factor(depth=depth))
            self._term_count += 1
            if self._term_count > TERM_COUNT_MAX:
                raise SearchError(
                    position=self.position, expected=f"at most {TERM_COUNT_MAX} filters and words"
                )
        members = _join_words(members)
        return members[0] if len(members) == 1 else Every(tuple(members))

    def _is_at_conjunction_end(self) -> bool:
        self.skip_white()
        return self.is_at_end or self._peek() == ")" or self._is_at_word("OR")

    def _factor(self, *, depth: int) -> Expression:
        if self._take("("):
            inner = self.expression(depth=depth + 1)
            self.skip_white()
            if not self._take(")"):
                raise SearchError(position=self.position, expected="a closing parenthesis")
            return inner
        position = self.position
        is_negated = self._take("!")
        key = self._take_key()
        if key is not None:
            return self._filter(key, position=position, is_negated=is_negated)
        if is_negated and self._peek() != '"':
            raise SearchError(position=self.position, expected="a key and a colon after !")
        return Words(self._value(closers=_WHITE + "()"), is_negated=is_negated)

    def _filter(self, key: str, *, position: int, is_negated: bool) -> Filter:
        if self._take("["):
            return Filter(key, Comparison.EQUAL, self._list(), is_negated, position, is_list=True)
        comparison = Comparison.EQUAL
        for sign in _COMPARISONS:
            if self._take(sign):
                comparison = Comparison(sign)
                break
        value = self._value(closers=_WHITE + "()")
        return Filter(key, comparison, (value,), is_negated, position)

    def _list(self) -> tuple[Value, ...]:
        values: list[Value] = []
        while True:
            self.skip_white()
            values.append(self._value(closers=_WHITE + ",]"))
            if len(values) > LIST_LENGTH_MAX:
                raise SearchError(
                    position=self.position, expected=f"at most {LIST_LENGTH_MAX} values in a list"
                )
            self.skip_white()
            if self._take("]"):
                return tuple(values)
            if not self._take(","):
                raise SearchError(position=self.position, expected="a comma or ]")

    def _take_key(self) -> str | None:
        """Move past `key:`; stay where we are if no colon follows."""
        start = self.position
        key = self._quoted().text if self._peek() == '"' else self._bare_key()
        if key and self._take(":"):
            return key
        self.position = start
        return None

    def _bare_key(self) -> str:
        start = self.position
        bracket_depth = 0
        is_quoted = False
        while not self.is_at_end:
            character = self._peek()
            # As in tags["any name",number]: whatever is quoted in brackets belongs to the key.
            is_quoted ^= bracket_depth > 0 and character == '"'
            if is_quoted or (bracket_depth > 0 and character == '"'):
                self.position += 1
                continue
            bracket_depth += (character in "[(") - (character in "])")
            is_outside = bracket_depth == 0 and character not in "])"
            if character in _WHITE + '"' or (character == ":" and is_outside) or bracket_depth < 0:
                break
            self.position += 1
        return self._text[start : self.position]

    def _value(self, *, closers: str) -> Value:
        if self._peek() == '"':
            return self._quoted()
        start = self.position
        parts = _Parts()
        while not self.is_at_end and self._peek() not in closers:
            self._take_character(parts)
        if self.position == start:
            raise SearchError(position=start, expected="a value")
        return Value(parts.cut(), start)

    def _quoted(self) -> Value:
        start = self.position
        self.position += 1
        parts = _Parts()
        while not self.is_at_end and self._peek() != '"':
            self._take_character(parts)
        if not self._take('"'):
            raise SearchError(position=self.position, expected="a closing quotation mark")
        return Value(parts.cut(), start, is_quoted=True)

    def _take_character(self, parts: "_Parts") -> None:
        character = self._peek()
        self.position += 1
        if character == "\\" and self._peek() in ("*", '"', "\\", "(", ")", ",", "]"):
            parts.add(self._peek())
            self.position += 1
        elif character == "*":
            parts.star()
        else:
            parts.add(character)

    def _peek(self) -> str:
        """Return the character here; a NUL, which is no sign of ours, at the end."""
        return self._text[self.position] if self.position < len(self._text) else "\0"

    def _take(self, sign: str) -> bool:
        if not self._text.startswith(sign, self.position):
            return False
        self.position += len(sign)
        return True

    def _is_at_word(self, word: str) -> bool:
        end = self.position + len(word)
        is_followed = end >= len(self._text) or self._text[end] in _WHITE + "()"
        return is_followed and self._text.startswith(word, self.position)

    def _take_word(self, word: str) -> bool:
        self.skip_white()
        if not self._is_at_word(word):
            return False
        self.position += len(word)
        return True


class _Parts:
    """A value in the making."""

    def __init__(self) -> None:
        self._parts: list[list[str]] = [[]]

    def add(self, character: str) -> None:
        self._parts[-1].append(character)

    def star(self) -> None:
        # Two stars in a row say no more than one.
        if self._parts[-1] or len(self._parts) == 1:
            self._parts.append([])

    def cut(self) -> tuple[str, ...]:
        return tuple("".join(part) for part in self._parts)


def _join_words(members: list[Expression]) -> list[Expression]:
    """Make one text of bare words that stand side by side, as people type them."""
    joined: list[Expression] = []
    for member in members:
        last = joined[-1] if joined else None
        if _can_join(last) and _can_join(member):
            assert isinstance(last, Words)
            assert isinstance(member, Words)
            text = f"{last.value.text} {member.value.text}"
            joined[-1] = Words(Value((text,), last.value.position))
        else:
            joined.append(member)
    return joined


def _can_join(expression: Expression | None) -> bool:
    return (
        isinstance(expression, Words)
        and not expression.is_negated
        and not expression.value.is_pattern
        and not expression.value.is_quoted
    )
