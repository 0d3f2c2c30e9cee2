"""Functions by the names that people ask for: `p95(span.duration)`, `failure_rate()`, `epm()`."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from vedette.base.clock import NANOSECONDS_PER_SECOND
from vedette.model.question import (
    Aggregate,
    AllOf,
    Arithmetic,
    Compare,
    Condition,
    Constant,
    Field,
    Formula,
    Function,
    Measure,
    Operator,
    Subject,
)
from vedette.query.condition import SearchContext, resolve_filter
from vedette.query.fields import Kind
from vedette.query.refusal import QuestionWrong
from vedette.query.search import Comparison, Filter, SearchError, Value
from vedette.query.subject import as_number, read_subject
from vedette.query.units import read_any_number, read_duration_ns

ARGUMENT_COUNT_MAX: Final = 6
_CALL: Final = re.compile(r"(?P<function>[a-z_][a-z_0-9]*)\((?P<arguments>.*)\)", re.DOTALL)
_PERCENTILE: Final = re.compile(r"p(\d{1,2}|100)")
_FIELD_OF_DURATION: Final = "span.duration"
_SECONDS_PER_MINUTE: Final = 60
_NUMBERS: Final = frozenset({None, Kind.NUMBER, Kind.INTEGER, Kind.DURATION})
_TIMES: Final = frozenset({Kind.TIME, Kind.SECONDS, Kind.NANOSECONDS})


@dataclass(frozen=True, slots=True)
class MeasureMeaning:
    """What a function measures, and how it is shown."""

    measure: Measure
    kind: Kind


def is_call(name: str) -> bool:
    """Tell whether a name calls a function."""
    return _CALL.fullmatch(name) is not None


def read_measure(name: str, context: SearchContext) -> MeasureMeaning:
    """Return what a call such as `p95(span.duration)` measures.

    Raises:
        QuestionWrong: The function is unknown, or its arguments do not fit.
    """
    found = _CALL.fullmatch(name)
    if found is None:
        raise QuestionWrong(f"{name} is no function")
    function, arguments = found["function"], split_arguments(found["arguments"])
    percentile = _PERCENTILE.fullmatch(function)
    if percentile is not None:
        share = int(percentile[1]) / 100
        return _measured(_Call(function, arguments, context), Function.PERCENTILE, share=share)
    read = _READERS.get(function)
    if read is None:
        known = ", ".join([*_READERS, "p50, p75, p95 and other percentiles"])
        raise QuestionWrong(
            f"{function}() is not a function that can be asked for. Known: {known}."
        )
    return read(_Call(function, arguments, context))


def split_arguments(text: str) -> list[str]:
    """Return arguments, cut at commas outside brackets and quotes.

    Raises:
        QuestionWrong: There are too many.
    """
    arguments, start, depth, is_quoted = [], 0, 0, False
    for place, character in enumerate(text):
        is_quoted ^= character == '"'
        depth += 0 if is_quoted else (character in "[(") - (character in "])")
        if character == "," and depth == 0 and not is_quoted:
            arguments.append(text[start:place].strip())
            start = place + 1
    arguments.append(text[start:].strip())
    if len(arguments) > ARGUMENT_COUNT_MAX:
        raise QuestionWrong(f"A function has at most {ARGUMENT_COUNT_MAX} arguments.")
    return arguments if any(arguments) else []


@dataclass(frozen=True, slots=True)
class _Call:
    """One call, not understood yet."""

    function: str
    arguments: list[str]
    context: SearchContext

    def wrong(self, what: str) -> QuestionWrong:
        return QuestionWrong(f"{self.function}({', '.join(self.arguments)}) {what}")

    def check_count(self, least: int, most: int) -> None:
        if not least <= len(self.arguments) <= most:
            wanted = str(least) if least == most else f"{least} to {most}"
            raise self.wrong(f"needs {wanted} arguments.")

    def subject(self, place: int = 0) -> tuple[Subject, Kind | None]:
        """Return the argument, by default the duration where the dataset has one."""
        meaning = self.context.meaning
        if place < len(self.arguments):
            return read_subject(self.arguments[place], meaning)
        if _FIELD_OF_DURATION in meaning.fields:
            return read_subject(_FIELD_OF_DURATION, meaning)
        raise self.wrong("needs a field between the parentheses.")

    def number_subject(self, *, is_time_allowed: bool = False) -> tuple[Subject, Kind]:
        subject, kind = self.subject()
        if kind not in _NUMBERS and not (is_time_allowed and kind in _TIMES):
            raise self.wrong("needs a field of numbers.")
        is_plain = kind in {None, Kind.INTEGER, Kind.NUMBER}
        return as_number(subject), Kind.NUMBER if is_plain or kind is None else kind


def _measured(call: _Call, function: Function, *, share: float | None = None) -> MeasureMeaning:
    call.check_count(0, 1 if call.function != "percentile" else 2)
    is_end = function in {Function.MIN, Function.MAX}
    subject, kind = call.number_subject(is_time_allowed=is_end)
    return MeasureMeaning(Aggregate(function, subject, share), kind)


def _percentile(call: _Call) -> MeasureMeaning:
    call.check_count(2, 2)
    share = read_any_number(call.arguments[1])
    if share is None or not 0 <= share <= 1:
        raise call.wrong("needs a share from 0 to 1 as its second argument.")
    return _measured(call, Function.PERCENTILE, share=float(share))


def _count(call: _Call) -> MeasureMeaning:
    call.check_count(0, 1)
    subject, kind = call.subject() if call.arguments else (None, None)
    # Every row has its fields: only attributes are counted one by one.
    is_attribute = kind is None and subject is not None
    function = Function.SAMPLE_COUNT if call.function == "count_sample" else Function.COUNT
    return MeasureMeaning(Aggregate(function, subject if is_attribute else None), Kind.INTEGER)


def _count_unique(call: _Call) -> MeasureMeaning:
    call.check_count(1, 1)
    return MeasureMeaning(Aggregate(Function.COUNT_UNIQUE, call.subject()[0]), Kind.INTEGER)


def _count_if(call: _Call) -> MeasureMeaning:
    call.check_count(3, 3)
    where = _condition(call, *call.arguments)
    return MeasureMeaning(Aggregate(Function.COUNT, where=where), Kind.INTEGER)


def _condition(call: _Call, key: str, word: str, value: str) -> Condition:
    known = _COMPARISON_WORDS.get(word)
    if known is None:
        raise call.wrong(f"needs one of {', '.join(_COMPARISON_WORDS)} as its second argument.")
    comparison, is_negated = known
    text = value.removeprefix('"').removesuffix('"')
    term = Filter(key, comparison, (Value((text,), 0, is_quoted=True),), is_negated, 0)
    try:
        return resolve_filter(term, call.context)
    except SearchError as error:
        raise call.wrong(f"needs {error.expected} as its third argument.") from None


def _failures(call: _Call) -> Aggregate:
    call.check_count(0, 0)
    failed = call.context.meaning.fields.get("is_failed")
    if failed is None:
        raise call.wrong(f"is not known of {call.context.meaning.public_name}.")
    is_failed = Compare(Field(failed.column), Operator.EQUAL, (True,))
    return Aggregate(Function.COUNT, where=is_failed)


def _failure_count(call: _Call) -> MeasureMeaning:
    return MeasureMeaning(_failures(call), Kind.INTEGER)


def _failure_rate(call: _Call) -> MeasureMeaning:
    ratio = Formula(Arithmetic.DIVIDE, _failures(call), Aggregate(Function.COUNT))
    return MeasureMeaning(ratio, Kind.PERCENTAGE)


def _apdex(call: _Call) -> MeasureMeaning:
    """Those that are satisfied, and half of those that tolerate up to four times as long."""
    call.check_count(1, 2)
    *named, threshold = call.arguments
    subject, kind = _Call(call.function, named, call.context).number_subject()
    read = read_duration_ns if kind is Kind.DURATION else read_any_number
    limit = read(threshold)
    if limit is None or limit <= 0:
        raise call.wrong("needs a threshold above 0 as its last argument.")
    is_satisfied = Compare(subject, Operator.LESS_OR_EQUAL, (limit,))
    is_tolerating = AllOf(
        (
            Compare(subject, Operator.GREATER, (limit,)),
            Compare(subject, Operator.LESS_OR_EQUAL, (limit * 4,)),
        )
    )
    half = Formula(Arithmetic.DIVIDE, Aggregate(Function.COUNT, where=is_tolerating), Constant(2))
    happy = Formula(Arithmetic.ADD, Aggregate(Function.COUNT, where=is_satisfied), half)
    # Rows without the number are neither: they do not count at all.
    total = Aggregate(Function.COUNT, subject)
    return MeasureMeaning(Formula(Arithmetic.DIVIDE, happy, total), Kind.NUMBER)


def _rate(call: _Call) -> MeasureMeaning:
    is_sum = call.function.startswith("per_")
    call.check_count(int(is_sum), int(is_sum))
    if call.context.length_ns is None:
        raise call.wrong("needs a length of time, which there is none of here.")
    is_minute = call.function in {"epm", "tpm", "spm", "per_minute"}
    kind = Kind.RATE_PER_MINUTE if is_minute else Kind.RATE_PER_SECOND
    unit_s = _SECONDS_PER_MINUTE if is_minute else 1
    length = call.context.length_ns / NANOSECONDS_PER_SECOND / unit_s
    measured = (
        Aggregate(Function.SUM, call.number_subject()[0]) if is_sum else Aggregate(Function.COUNT)
    )
    return MeasureMeaning(Formula(Arithmetic.DIVIDE, measured, Constant(length)), kind)


def _moment(call: _Call) -> MeasureMeaning:
    call.check_count(0, 0)
    function = Function.MIN if call.function == "first_seen" else Function.MAX
    return MeasureMeaning(Aggregate(function, Field("timestamp")), Kind.TIME)


_COMPARISON_WORDS: Final = {
    "equals": (Comparison.EQUAL, False),
    "notEquals": (Comparison.EQUAL, True),
    "less": (Comparison.LESS, False),
    "lessOrEquals": (Comparison.LESS_OR_EQUAL, False),
    "greater": (Comparison.GREATER, False),
    "greaterOrEquals": (Comparison.GREATER_OR_EQUAL, False),
}
_READERS: Final[Mapping[str, Callable[[_Call], MeasureMeaning]]] = {
    "count": _count,
    "count_sample": _count,
    "count_unique": _count_unique,
    "count_if": _count_if,
    "sum": lambda call: _measured(call, Function.SUM),
    "avg": lambda call: _measured(call, Function.AVG),
    "min": lambda call: _measured(call, Function.MIN),
    "max": lambda call: _measured(call, Function.MAX),
    "percentile": _percentile,
    "failure_count": _failure_count,
    "failure_rate": _failure_rate,
    "apdex": _apdex,
    **dict.fromkeys(("eps", "tps", "epm", "tpm", "spm", "per_second", "per_minute"), _rate),
    **dict.fromkeys(("first_seen", "last_seen"), _moment),
}
