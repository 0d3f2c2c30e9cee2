"""What is known of frames that were seen before: programs send the same ones over and over."""

from collections.abc import Callable
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import NAME_LENGTH_MAX, SentFrame, StableNames, read_frame
from vedette.pipeline.grouping.nouns import Component
from vedette.pipeline.grouping.stack_memory import StackMemory
from vedette.pipeline.grouping.stack_rule import StackRule

_FRAMES_MAX: Final = 4_096
"""About 2 KB each. When there are more, the book begins anew: cheaper than knowing the oldest."""
_CHARACTERS_MAX: Final = 4 * NAME_LENGTH_MAX


class KnownFrame:
    """A frame with everything that can be said of it without its neighbours."""

    __slots__ = ("_refused", "component", "is_kept", "names", "rules", "sent")

    def __init__(self, sent: SentFrame, names: StableNames, rules: tuple[int, ...]) -> None:
        self.sent = sent
        self.names = names
        self.rules = rules
        """Which rules hold as far as the frame alone decides, by their place."""
        self.component = _component(names)
        self.is_kept = False
        """Whether the book remembers it: then the same frame is the same object."""
        self._refused: dict[str, Component] = {}

    @property
    def is_weak(self) -> bool:
        """Whether a name had to be left out that changes with every build."""
        return self.names.is_weak

    def refused(self, hint: str) -> Component:
        """Return the frame as a part that does not contribute. There are few hints."""
        component = self._refused.get(hint)
        if component is None:
            component = self._refused[hint] = self.component.without(hint)
        return component

    def with_context(self, line: str) -> Component:
        """Return the frame with its line of code."""
        context = Component("context_line", (line,))
        return Component("frame", (*self.component.values, context))


class FrameBook:
    """The frames of one family under one set of rules."""

    def __init__(self, family: Family, rules: tuple[StackRule, ...]) -> None:
        self.family = family
        self.rules = rules
        self._tests = [(index, _frame_test(rule)) for index, rule in enumerate(rules)]
        self._known: dict[tuple[object, ...], KnownFrame] = {}
        self.stacks = StackMemory()

    def look_up(self, frame: JsonObject, platform: str) -> KnownFrame:
        """Return what is known of the frame; the first time, find out."""
        get = frame.get
        in_app, function = get("in_app"), get("function")
        key = (
            # 1 is equal to True, and must not find it.
            in_app if in_app is True or in_app is False else None,
            function,
            get("module"),
            get("filename"),
            get("abs_path"),
            get("package"),
            get("platform"),
            get("raw_function"),
            None if function else (get("instruction_addr"), get("image_addr")),
            platform,
        )
        try:
            known = self._known.get(key)
        except TypeError:  # a list or an object where a text should be
            return self._find_out(frame, platform)
        if known is None:
            known = self._find_out(frame, platform)
            if sum(len(each) for each in key if isinstance(each, str)) <= _CHARACTERS_MAX:
                if len(self._known) >= _FRAMES_MAX:
                    self._known.clear()
                    self.stacks.forget()
                self._known[key] = known
                known.is_kept = True
        return known

    def _find_out(self, frame: JsonObject, platform: str) -> KnownFrame:
        sent = read_frame(frame, platform)
        return KnownFrame(
            sent,
            self.family.stable_names(sent),
            tuple([index for index, holds in self._tests if holds(sent)]),
        )


def _frame_test(rule: StackRule) -> Callable[[SentFrame], bool]:
    tests = rule.conditions.frame
    return tests[0].holds if len(tests) == 1 else rule.conditions.hold_for_frame


def _component(names: StableNames) -> Component:
    """Return the frame's names as parts: a module makes the file name superfluous."""
    module = Component("module", (names.module,), hint=names.module_hint)
    filename = Component(
        "filename",
        (names.filename,),
        contributes=not names.module,
        hint=names.filename_hint or ("the module says it" if names.module else ""),
    )
    function = Component("function", (names.function,), hint=names.function_hint)
    return Component(
        "frame",
        tuple(each for each in (module, filename, function) if each.values[0] or each.hint),
        contributes=not names.ignored,
        hint=names.ignored,
    )
