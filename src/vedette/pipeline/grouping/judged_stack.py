"""Decide for every frame of a stack whether it is in-app and may count: the SDK, then the rules."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.frame_book import FrameBook, KnownFrame
from vedette.pipeline.grouping.nouns import FrameDecision
from vedette.pipeline.grouping.stack_memory import StackMemory
from vedette.pipeline.grouping.stack_rule import (
    CategoryAction,
    Conditions,
    ExceptionFacts,
    FlagAction,
    InAppTest,
    NumberAction,
    StackRule,
)

FRAMES_OLDEST_MAX: Final = 50
FRAMES_NEWEST_MAX: Final = 200
"""Of longer stacks the middle is not looked at, as the normaliser cuts it."""

BY_SDK: Final = "sdk"
BY_SILENCE: Final = "the SDK says nothing of any frame that would tell them apart"
BY_CONTRAST: Final = "the SDK says it of other frames, and nothing of this one"


@dataclass(slots=True)
class JudgedStack:
    """The frames of a stack, oldest first, with what was decided of each."""

    place: str
    sources: Sequence[JsonObject]
    known: list[KnownFrame]
    indexes: Sequence[int]
    """Of each frame in the event's list, which may be longer."""
    in_app: list[bool]
    decided_by: list[str]
    in_group: list[bool]
    frames_max: int | None
    frames_min: int | None
    is_inverted: bool
    memory: StackMemory

    def decisions(self) -> list[FrameDecision]:
        """Return the decisions for those who ask why."""
        return [
            FrameDecision(self.place, index, in_app, decided_by, in_group)
            for index, in_app, decided_by, in_group in zip(
                self.indexes, self.in_app, self.decided_by, self.in_group, strict=True
            )
        ]

    @property
    def crash_index(self) -> int | None:
        """The newest in-app frame, else the newest."""
        for index in range(len(self.known) - 1, -1, -1):
            if self.in_app[index]:
                return index
        return len(self.known) - 1 if self.known else None


@dataclass(frozen=True, slots=True)
class SdkWord:
    """What the SDK said of any frame of the event: its silence means something only then."""

    some_in_app: bool
    some_foreign: bool


@dataclass(frozen=True, slots=True)
class Judge:
    """Looks at the stacks of one event."""

    book: FrameBook
    platform: str
    word: SdkWord


def listen(stacks: Iterable[Sequence[object]]) -> SdkWord:
    """Return what was said of the frames of all stacks together."""
    said = {
        frame.get("in_app")
        for frames in stacks
        for frame in looked_at(frames)
        if type(frame) is dict and type(frame.get("in_app")) is bool
    }
    return SdkWord(some_in_app=True in said, some_foreign=False in said)


def looked_at(frames: Sequence[object]) -> Sequence[object]:
    """Return the frames without the middle of an enormous stack."""
    if len(frames) <= FRAMES_OLDEST_MAX + FRAMES_NEWEST_MAX:
        return frames
    return [*frames[:FRAMES_OLDEST_MAX], *frames[-FRAMES_NEWEST_MAX:]]


def judge_stack(
    judge: Judge, frames: Sequence[object], *, place: str, facts: ExceptionFacts
) -> JudgedStack:
    """Look at the frames of one stack."""
    indexes: Sequence[int] = range(len(frames))
    if len(frames) > FRAMES_OLDEST_MAX + FRAMES_NEWEST_MAX:
        indexes = [*indexes[:FRAMES_OLDEST_MAX], *indexes[-FRAMES_NEWEST_MAX:]]
    sources: list[JsonObject] = []
    kept: list[int] = []
    for index, frame in zip(indexes, looked_at(frames), strict=True):
        if type(frame) is dict:
            sources.append(frame)
            kept.append(index)
    known = [judge.book.look_up(frame, judge.platform) for frame in sources]
    judgement = _Judgement(judge, known, facts)
    judgement.apply_rules()
    in_app, decided_by = judgement.settle()
    return JudgedStack(
        place,
        sources,
        known,
        kept,
        in_app,
        decided_by,
        judgement.in_group,
        judgement.numbers.get("max-frames"),
        judgement.numbers.get("min-frames"),
        bool(judgement.numbers.get("invert-stacktrace")),
        judge.book.stacks,
    )


class _Judgement:
    """The state that rules read and change, one after the other."""

    def __init__(self, judge: Judge, known: list[KnownFrame], facts: ExceptionFacts) -> None:
        self._rules = judge.book.rules
        self._known = known
        self._facts = facts
        self._in_app = [frame.sent.in_app for frame in known]
        word = judge.word
        self._sdk_spoke = word.some_in_app or word.some_foreign
        if judge.book.family.distrusts_all_false and not word.some_in_app:
            self._in_app = [None] * len(known)
            self._sdk_spoke = False
        self._silent = [said is None for said in self._in_app]
        self._decided_by = [BY_SDK] * len(known)
        self._category = [""] * len(known)
        self.in_group = [True] * len(known)
        self.numbers: dict[str, int] = {}

    def apply_rules(self) -> None:
        """Let every rule that holds somewhere act, in the order in which they are written."""
        where: dict[int, list[int]] = {}
        for index, frame in enumerate(self._known):
            for number in frame.rules:
                where.setdefault(number, []).append(index)
        for number in sorted(where):
            rule = self._rules[number]
            held = [index for index in where[number] if self._holds(rule, index)]
            if held:
                self._act(rule, held)

    def settle(self) -> tuple[list[bool], list[str]]:
        """Return the decisions; where nobody decided, silence does."""
        default, reason = (False, BY_CONTRAST) if self._sdk_spoke else (True, BY_SILENCE)
        in_app = [default if said is None else said for said in self._in_app]
        return in_app, [
            reason if said is None else by
            for said, by in zip(self._in_app, self._decided_by, strict=True)
        ]

    def _holds(self, rule: StackRule, index: int) -> bool:
        conditions = rule.conditions
        if conditions.state and not self._state_holds(conditions, index):
            return False
        if conditions.exception and not conditions.hold_for_exception(self._facts):
            return False
        if rule.caller is not None and not self._sibling_holds(rule.caller, index - 1):
            return False
        return rule.callee is None or self._sibling_holds(rule.callee, index + 1)

    def _sibling_holds(self, conditions: Conditions, index: int) -> bool:
        return (
            0 <= index < len(self._known)
            and conditions.hold_for_frame(self._known[index].sent)
            and self._state_holds(conditions, index)
            and conditions.hold_for_exception(self._facts)
        )

    def _state_holds(self, conditions: Conditions, index: int) -> bool:
        for test in conditions.state:
            if isinstance(test, InAppTest):
                if bool(self._in_app[index]) != test.wanted:
                    return False
            elif test.matches(self._category[index]) == test.negated:
                return False
        return True

    def _act(self, rule: StackRule, held: list[int]) -> None:
        for action in rule.actions:
            if isinstance(action, FlagAction):
                for index in self._reached(action, held):
                    self._set_flag(rule, action, index)
            elif isinstance(action, NumberAction):
                self.numbers[action.name] = action.value
            else:
                self._set_category(action, held)

    def _reached(self, action: FlagAction, held: list[int]) -> Sequence[int]:
        if action.reach == "^":
            return range(max(held))
        if action.reach == "v":
            return range(min(held) + 1, len(self._known))
        return held

    def _set_flag(self, rule: StackRule, action: FlagAction, index: int) -> None:
        if action.flag == "group":
            self.in_group[index] = action.value
        elif self._silent[index] or not rule.only_if_silent:
            self._in_app[index] = action.value
            self._decided_by[index] = rule.text

    def _set_category(self, action: CategoryAction, held: list[int]) -> None:
        for index in held:
            self._category[index] = action.value
