"""Equations over functions, such as `count_if(is_failed,equals,true) / count() * 100`.

sum     = product { ("+" | "-") product }
product = operand { ("*" | "/") operand }
operand = [ "-" ] ( number | "(" sum ")" | function "(" arguments ")" )
"""

import re
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import Arithmetic, Constant, Formula, Measure
from vedette.query.condition import SearchContext
from vedette.query.fields import Kind
from vedette.query.functions import read_measure
from vedette.query.refusal import QuestionWrong

PREFIX: Final = "equation|"
LENGTH_MAX: Final = 1_024
OPERAND_COUNT_MAX: Final = 30
DEPTH_MAX: Final = 10
_NUMBER: Final = re.compile(r"\d{1,15}(?:\.\d{1,15})?|\.\d{1,15}")
_NAME: Final = re.compile(r"[a-z_][a-z_0-9]*(?=\()")
_NANOSECONDS_PER_MILLISECOND: Final = NANOSECONDS_PER_SECOND // 1_000
_PLAIN: Final = frozenset(
    {
        Kind.NUMBER,
        Kind.INTEGER,
        Kind.DURATION,
        Kind.PERCENTAGE,
        Kind.RATE_PER_MINUTE,
        Kind.RATE_PER_SECOND,
    }
)


def read_equation(text: str, context: SearchContext) -> Measure:
    """Return what an equation measures; durations in it are milliseconds.

    Raises:
        QuestionWrong: It is not understood, or it is too large.
    """
    if len(text) > LENGTH_MAX:
        raise QuestionWrong(f"An equation has at most {LENGTH_MAX} characters.")
    reader = _Reader(text, context)
    measure = reader.sum(depth=0)
    if reader.position < len(text):
        raise reader.wrong("an operator or the end")
    return measure


class _Reader:
    """Where we are in the text."""

    def __init__(self, text: str, context: SearchContext) -> None:
        self._text = text
        self._context = context
        self._operand_count = 0
        self.position = 0
        self._move_to(0)

    def wrong(self, expected: str) -> QuestionWrong:
        return QuestionWrong(f"Error in equation at position {self.position}: expected {expected}.")

    def sum(self, *, depth: int) -> Measure:
        if depth > DEPTH_MAX:
            raise self.wrong(f"at most {DEPTH_MAX} parentheses inside each other")
        measure = self._product(depth=depth)
        while sign := self._take("+-"):
            measure = Formula(Arithmetic(sign), measure, self._product(depth=depth))
        return measure

    def _product(self, *, depth: int) -> Measure:
        measure = self._operand(depth=depth)
        while sign := self._take("*/"):
            measure = Formula(Arithmetic(sign), measure, self._operand(depth=depth))
        return measure

    def _operand(self, *, depth: int) -> Measure:
        self._operand_count += 1
        if self._operand_count > OPERAND_COUNT_MAX:
            raise self.wrong(f"at most {OPERAND_COUNT_MAX} functions and numbers")
        if self._take("-"):
            inner = self._operand(depth=depth + 1) if depth < DEPTH_MAX else None
            if inner is None:
                raise self.wrong("fewer signs")
            return Formula(Arithmetic.MULTIPLY, Constant(-1), inner)
        if self._take("("):
            measure = self.sum(depth=depth + 1)
            if not self._take(")"):
                raise self.wrong("a closing parenthesis")
            return measure
        number = _NUMBER.match(self._text, self.position)
        if number is not None:
            self._move_to(number.end())
            return Constant(float(number[0]))
        return self._call()

    def _call(self) -> Measure:
        start = self.position
        name = _NAME.match(self._text, start)
        if name is None:
            raise self.wrong("a function, a number or a parenthesis")
        end = self._end_of_call(name.end())
        meaning = read_measure(self._text[start:end], self._context)
        if meaning.kind not in _PLAIN:
            raise self.wrong("a function that gives a number")
        self._move_to(end)
        if meaning.kind is Kind.DURATION:
            per_millisecond = Constant(_NANOSECONDS_PER_MILLISECOND)
            return Formula(Arithmetic.DIVIDE, meaning.measure, per_millisecond)
        return meaning.measure

    def _end_of_call(self, start: int) -> int:
        depth, is_quoted = 0, False
        for place in range(start, len(self._text)):
            character = self._text[place]
            is_quoted ^= character == '"'
            depth += 0 if is_quoted else (character == "(") - (character == ")")
            if depth == 0:
                return place + 1
        raise self.wrong("a function with its closing parenthesis")

    def _take(self, signs: str) -> str:
        self._move_to(self.position)
        here = self._text[self.position : self.position + 1]
        if not here or here not in signs:
            return ""
        self._move_to(self.position + 1)
        return here

    def _move_to(self, position: int) -> None:
        """Go there and over white space."""
        while position < len(self._text) and self._text[position].isspace():
            position += 1
        self.position = position
