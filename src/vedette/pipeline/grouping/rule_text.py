"""Read lines of rules: words, quoted texts, `key:pattern`, with places for errors."""

import re
from dataclasses import dataclass
from typing import Final

from typing_extensions import override

from vedette.pipeline.grouping.glob import PATTERN_LENGTH_MAX, is_costly

RULE_COUNT_MAX: Final = 1_000
"""Per project and kind: every rule is tried on every frame that was not seen before."""
TEXT_LENGTH_MAX: Final = 200_000
"""All rules of one kind together."""
COSTLY_COUNT_MAX: Final = 100
"""Path patterns per kind of rules with a `*` or `?` of their own: each costs as much as the path is
long, for every frame that was not seen before."""
MATCHER_COUNT_MAX: Final = 20
"""In one rule."""

_WORD: Final = re.compile(r"[^\s\"]+")
_KEY: Final = re.compile(r"[A-Za-z][\w.\-]*")
_QUOTED: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class RuleFault(Exception):  # noqa: N818 - told to the person who wrote the rule, not raised
    """What is wrong with a rule, for the person who wrote it. Lines and columns begin with 1."""

    line: int
    column: int
    why: str

    @override
    def __str__(self) -> str:
        """Return place and sentence."""
        return f"line {self.line}, column {self.column}: {self.why}"


@dataclass(frozen=True, slots=True)
class RuleLine:
    """A line that holds a rule."""

    number: int
    text: str


def split_lines(text: str) -> tuple[list[RuleLine], list[RuleFault]]:
    """Return the lines that hold a rule: not empty, not a comment; and what is too much."""
    faults = []
    if len(text) > TEXT_LENGTH_MAX:
        faults.append(RuleFault(1, 1, f"more than {TEXT_LENGTH_MAX} characters of rules"))
        text = text[:TEXT_LENGTH_MAX].rpartition("\n")[0]
    lines = [
        RuleLine(number, line)
        for number, line in enumerate(re.split(r"\r?\n", text), 1)
        if line.strip() and not line.lstrip().startswith("#")
    ]
    if len(lines) > RULE_COUNT_MAX:
        first = lines[RULE_COUNT_MAX]
        faults.append(RuleFault(first.number, 1, f"more than {RULE_COUNT_MAX} rules"))
    return lines[:RULE_COUNT_MAX], faults


class LineReader:
    """Reads one line from left to right."""

    def __init__(self, line: RuleLine) -> None:
        self.line = line
        self.text = line.text.rstrip()
        self.position = 0
        self.costly_count = 0

    def fault(self, why: str, *, at: int | None = None) -> RuleFault:
        """Return a fault at the present place, or at `at`."""
        column = (self.position if at is None else at) + 1
        return RuleFault(self.line.number, column, why)

    def skip_blanks(self) -> bool:
        """Go on to the next word; return whether there is one."""
        while self.position < len(self.text) and self.text[self.position].isspace():
            self.position += 1
        return self.position < len(self.text)

    def take(self, mark: str) -> bool:
        """Go beyond `mark` if it is next."""
        if self.text.startswith(mark, self.position):
            self.position += len(mark)
            return True
        return False

    def peek_word(self) -> str:
        """Return what comes until the next blank or quote."""
        match = _WORD.match(self.text, self.position)
        return match[0] if match else ""

    def take_word(self) -> str:
        """Return the same and go beyond it."""
        word = self.peek_word()
        self.position += len(word)
        return word

    def take_key(self) -> str:
        """Return the key before a colon, and go beyond the colon."""
        begin = self.position
        if self.text.startswith('"', begin):
            key = self.take_quoted()
        else:
            match = _KEY.match(self.text, begin)
            if not match:
                raise self.fault("expected a matcher such as function:name")
            key = match[0]
            self.position = match.end()
        if not self.take(":"):
            raise self.fault(f"expected a colon after {key!r}")
        return key

    def take_quoted(self) -> str:
        """Return the text between the quotes that begin here."""
        match = _QUOTED.match(self.text, self.position)
        if not match:
            raise self.fault("this quote is not closed")
        if len(match[1]) > PATTERN_LENGTH_MAX:
            raise self.fault(f"a text has at most {PATTERN_LENGTH_MAX} characters")
        self.position = match.end()
        return re.sub(r"\\([\"\\])", r"\1", match[1])

    def take_path_pattern(self, *, inside_brackets: bool = False) -> str:
        """Return the same for a path, and count it if it is costly."""
        pattern = self.take_pattern(inside_brackets=inside_brackets)
        self.costly_count += is_costly(pattern)
        return pattern

    def take_pattern(self, *, inside_brackets: bool = False) -> str:
        """Return a pattern: quoted, or up to the next blank or the end of the sibling."""
        begin = self.position
        if self.text.startswith('"', begin):
            return self.take_quoted()
        open_brackets = 0
        while self.position < len(self.text) and not self.text[self.position].isspace():
            character = self.text[self.position]
            if character == "[":
                open_brackets += 1
            elif character == "]":
                if inside_brackets and not open_brackets:
                    break
                open_brackets = max(open_brackets - 1, 0)
            self.position += 1
        if self.position == begin:
            raise self.fault("expected a pattern after the colon")
        if self.position - begin > PATTERN_LENGTH_MAX:
            raise self.fault(f"a pattern has at most {PATTERN_LENGTH_MAX} characters", at=begin)
        return self.text[begin : self.position]


class CostBudget:
    """Refuses the rules that would make the whole set too costly."""

    def __init__(self) -> None:
        self._left = COSTLY_COUNT_MAX

    def spend(self, reader: LineReader) -> None:
        """Take note of a rule that was read."""
        if reader.costly_count > self._left:
            raise reader.fault(
                f"more than {COSTLY_COUNT_MAX} paths with a single * or ?: write ** where possible",
                at=0,
            )
        self._left -= reader.costly_count
