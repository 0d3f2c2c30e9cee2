"""Globs in linear time, whatever the pattern and the text.

`*` is any text, `?` any character, `[abc]` and `[!a-c]` one of a set. In paths `*` and `?` stop at
a slash and `**` does not; paths are compared without case and with forward slashes.
"""

import re
from collections.abc import Callable
from typing import Final

PATTERN_LENGTH_MAX: Final = 512
_MASKS_MAX: Final = 512
"""Characters whose transitions a pattern remembers."""

_PIECE: Final = re.compile(r"\*+|\?|\[!?\]?[^\]]*\]|[^*?\[]+|\[")

Matches = Callable[[str], bool]


def compile_glob(pattern: str, *, is_path: bool = False, ignore_case: bool = False) -> Matches:
    """Return the test for `pattern`."""
    pattern = pattern[:PATTERN_LENGTH_MAX]
    if is_path:
        return _compile_path(fold_path(pattern))
    if not ignore_case:
        return _compile_plain(pattern)
    matches = _compile_plain(pattern.lower())
    return lambda text: matches(text.lower())


def is_costly(pattern: str) -> bool:
    """Return whether a path pattern must be followed character by character."""
    return any(piece in ("*", "?") for piece in _PIECE.findall(pattern))


def fold_path(path: str) -> str:
    """Return a path as path globs compare it."""
    return path.replace("\\", "/").lower()


def _compile_path(pattern: str) -> Matches:
    """Expect texts that went through `fold_path`."""
    pieces = _PIECE.findall(pattern)
    if any(piece in ("*", "?") for piece in pieces):
        return _States(pieces).match
    return _compile_plain(pattern)


def _compile_plain(pattern: str) -> Matches:
    if not re.search(r"[*?\[]", pattern):
        return pattern.__eq__
    inner = pattern.strip("*")
    if inner and not re.search(r"[*?\[]", inner):
        starts, ends = pattern[0] != "*", pattern[-1] != "*"
        if starts:
            return lambda text: text.startswith(inner)
        if ends:
            return lambda text: text.endswith(inner)
        return lambda text: inner in text
    return _compile_expression(pattern)


def _compile_expression(pattern: str) -> Matches:
    """Between stars the first place that fits is the best, so that no place is tried twice."""
    parts: list[str] = [""]
    for piece in _PIECE.findall(pattern):
        if piece[0] == "*":
            parts.append("")
        else:
            parts[-1] += _one_piece(piece)
    if len(parts) == 1:
        return _full_match(re.compile(parts[0], re.DOTALL))
    head, *middle, tail = parts
    between = "".join(f"(?>.*?{part})" for part in middle if part)
    return _full_match(re.compile(f"{head}{between}.*{tail}", re.DOTALL))


def _full_match(expression: re.Pattern[str]) -> Matches:
    return lambda text: expression.fullmatch(text) is not None


def _one_piece(piece: str) -> str:
    if piece == "?":
        return "."
    if piece[0] == "[" and len(piece) > 2:  # noqa: PLR2004 - brackets with something in them
        return _character_set(piece)
    return re.escape(piece)


def _character_set(piece: str) -> str:
    negated = piece[1] == "!" and len(piece) > 3  # noqa: PLR2004 - `[!]` is a set of one mark
    inner = piece[2:-1] if negated else piece[1:-1]
    ranges = re.sub(r"[\\\[\]^&~|]", r"\\\g<0>", inner)
    try:
        re.compile(f"[{ranges}]")
    except re.error:  # `[z-a]`: no range, so the characters themselves
        ranges = re.escape(inner)
    return f"[{'^' if negated else ''}{ranges}]"


class _States:
    """All places in the pattern where the text so far may be, as the bits of one number."""

    def __init__(self, pieces: list[str]) -> None:
        self._steps: list[Callable[[str], bool]] = []
        self._any = self._in_part = 0
        for piece in pieces:
            position = len(self._steps)
            if piece[0] == "*":
                if len(piece) > 1:
                    self._any |= 1 << position
                else:
                    self._in_part |= 1 << position
                self._steps.append(lambda _: False)
            elif piece == "?":
                self._steps.append(lambda character: character != "/")
            elif piece[0] == "[" and len(piece) > 2:  # noqa: PLR2004 - a set
                self._steps.append(_full_match(re.compile(_character_set(piece), re.DOTALL)))
            else:
                self._steps += [character.__eq__ for character in piece]
        self._stars = self._any | self._in_part
        self._last = 1 << len(self._steps)
        self._masks: dict[str, int] = {}
        self._needed = max((each for each in pieces if each[0] not in "*?["), key=len, default="")

    def match(self, text: str) -> bool:
        if self._needed not in text:
            return False
        states = 1 | (self._stars & 1) << 1
        for character in text:
            mask = self._masks.get(character)
            if mask is None:
                mask = self._mask(character)
            kept = states & (self._any if character == "/" else self._stars)
            states = (states & mask) << 1 | kept
            states |= (states & self._stars) << 1
            if not states:
                return False
        return bool(states & self._last)

    def _mask(self, character: str) -> int:
        mask = 0
        for position, step in enumerate(self._steps):
            if step(character):
                mask |= 1 << position
        if len(self._masks) < _MASKS_MAX:
            self._masks[character] = mask
        return mask
