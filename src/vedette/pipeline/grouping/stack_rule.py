"""Stack-trace rules as nouns: what they match and what they do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from vedette.pipeline.grouping.frame import SentFrame


@dataclass(frozen=True, slots=True)
class ExceptionFacts:
    """What rules may ask about the exception that a stack belongs to."""

    type: str = ""
    value: str = ""
    mechanism: str = ""


@dataclass(frozen=True, slots=True)
class FrameTest:
    """Asks for something in a frame that no rule changes."""

    holds: Callable[[SentFrame], bool]


@dataclass(frozen=True, slots=True)
class InAppTest:
    """Asks whether the frame is in-app by what was decided so far."""

    wanted: bool


@dataclass(frozen=True, slots=True)
class CategoryTest:
    """Asks for the category that an earlier rule gave."""

    matches: Callable[[str], bool]
    negated: bool


@dataclass(frozen=True, slots=True)
class ExceptionTest:
    """Asks for something of the exception."""

    holds: Callable[[ExceptionFacts], bool]


Test = FrameTest | InAppTest | CategoryTest | ExceptionTest


@dataclass(frozen=True, slots=True)
class Conditions:
    """All tests on one frame, by kind: those that depend on the frame alone are kept once known."""

    frame: tuple[FrameTest, ...] = ()
    state: tuple[InAppTest | CategoryTest, ...] = ()
    exception: tuple[ExceptionTest, ...] = ()

    def hold_for_frame(self, frame: SentFrame) -> bool:
        """Return whether the tests that depend on the frame alone hold."""
        return all(test.holds(frame) for test in self.frame)

    def hold_for_exception(self, facts: ExceptionFacts) -> bool:
        """Return whether the tests of the exception hold."""
        return all(test.holds(facts) for test in self.exception)


@dataclass(frozen=True, slots=True)
class FlagAction:
    """`+app`, `-group` and so on, for the frame itself or for those around it."""

    flag: Literal["app", "group"]
    value: bool
    reach: Literal["", "^", "v"] = ""
    """`^`: all callers of the frame; `v`: everything that it called. Not the frame itself."""


@dataclass(frozen=True, slots=True)
class NumberAction:
    """`max-frames=5` and so on, for the whole stack."""

    name: Literal["max-frames", "min-frames", "invert-stacktrace"]
    value: int


@dataclass(frozen=True, slots=True)
class CategoryAction:
    """`category=x`."""

    value: str


Action = FlagAction | NumberAction | CategoryAction


@dataclass(frozen=True, slots=True)
class StackRule:
    """One line of stack-trace rules."""

    text: str
    conditions: Conditions
    caller: Conditions | None
    callee: Conditions | None
    actions: tuple[Action, ...]
    only_if_silent: bool = False
    """Whether +app and -app leave alone what the SDK said."""
