"""Parse stack-trace rules: `[ caller ] | matcher matcher | [ callee ] action action`."""

import re
from collections.abc import Callable
from typing import Final, Literal

from vedette.pipeline.grouping.families.catalogue import family_of
from vedette.pipeline.grouping.frame import SentFrame
from vedette.pipeline.grouping.glob import compile_glob, fold_path
from vedette.pipeline.grouping.rule_text import (
    MATCHER_COUNT_MAX,
    CostBudget,
    LineReader,
    RuleFault,
    split_lines,
)
from vedette.pipeline.grouping.stack_rule import (
    Action,
    CategoryAction,
    CategoryTest,
    Conditions,
    ExceptionFacts,
    ExceptionTest,
    FlagAction,
    FrameTest,
    InAppTest,
    NumberAction,
    StackRule,
    Test,
)

_ALIASES: Final = {
    "stack.abs_path": "path",
    "stack.filename": "path",
    "stack.module": "module",
    "stack.package": "package",
    "stack.function": "function",
    "in-app": "app",
    "stack.in_app": "app",
    "error.type": "type",
    "error.value": "value",
    "error.mechanism": "mechanism",
}
_KEYS: Final = (
    "family", "path", "module", "package", "function", "app", "category", "type", "value",
    "mechanism",
)  # fmt: skip
PATH_KEYS: Final = ("path", "package")
_FLAG: Final = re.compile(r"([\^v]?)([+-])(app|group)")
_NUMBER: Final = re.compile(r"(max-frames|min-frames|invert-stacktrace)=(\d{1,6})")
_CATEGORY: Final = re.compile(r"category=([\w.-]{1,64})")
_FAMILIES: Final = ("native", "javascript", "other", "all")


def parse_stack_rules(
    text: str, *, only_if_silent: bool = False
) -> tuple[tuple[StackRule, ...], tuple[RuleFault, ...]]:
    """Return the rules, and what is wrong with the lines that are none."""
    lines, faults = split_lines(text)
    budget = CostBudget()
    rules: list[StackRule] = []
    for line in lines:
        try:
            reader = LineReader(line)
            rule = _parse_rule(reader, only_if_silent=only_if_silent)
            budget.spend(reader)
            rules.append(rule)
        except RuleFault as fault:
            faults.append(fault)
    return tuple(rules), tuple(faults)


def _parse_rule(reader: LineReader, *, only_if_silent: bool) -> StackRule:
    caller = callee = None
    reader.skip_blanks()
    if reader.take("["):
        caller = _sibling(reader)
        reader.skip_blanks()
        if not reader.take("|"):
            raise reader.fault("expected | after the caller in brackets")
    conditions = _conditions(reader)
    if reader.skip_blanks() and reader.take("|"):
        reader.skip_blanks()
        if not reader.take("["):
            raise reader.fault("expected the callee in brackets after |")
        callee = _sibling(reader)
    return StackRule(
        text=reader.line.text.strip(),
        conditions=conditions,
        caller=caller,
        callee=callee,
        actions=_actions(reader),
        only_if_silent=only_if_silent,
    )


def _sibling(reader: LineReader) -> Conditions:
    test = []
    while reader.skip_blanks() and not reader.take("]"):
        test.append(_test(reader, inside_brackets=True))
        if len(test) > MATCHER_COUNT_MAX:
            raise reader.fault(f"more than {MATCHER_COUNT_MAX} matchers")
    if reader.text[reader.position - 1 : reader.position] != "]":
        raise reader.fault("this bracket is not closed")
    if not test:
        raise reader.fault("expected a matcher in the brackets")
    return _by_kind(test)


def _conditions(reader: LineReader) -> Conditions:
    tests: list[Test] = []
    while reader.skip_blanks() and not _is_action(reader.peek_word()):
        if reader.text[reader.position] == "|":
            break
        tests.append(_test(reader, inside_brackets=False))
        if len(tests) > MATCHER_COUNT_MAX:
            raise reader.fault(f"more than {MATCHER_COUNT_MAX} matchers")
    if not tests:
        raise reader.fault("expected a matcher such as function:name")
    return _by_kind(tests)


def _by_kind(tests: list[Test]) -> Conditions:
    return Conditions(
        frame=tuple(each for each in tests if isinstance(each, FrameTest)),
        state=tuple(each for each in tests if isinstance(each, InAppTest | CategoryTest)),
        exception=tuple(each for each in tests if isinstance(each, ExceptionTest)),
    )


def _is_action(word: str) -> bool:
    return bool(_FLAG.fullmatch(word) or re.match(r"[\^v]?[+-]|[\w-]+=", word))


def _test(reader: LineReader, *, inside_brackets: bool) -> Test:
    reader.skip_blanks()
    negated = reader.take("!")
    begin = reader.position
    sent_key = reader.take_key()
    key = _ALIASES.get(sent_key, sent_key)
    if key not in _KEYS:
        raise reader.fault(f"unknown matcher {sent_key!r}; known: {', '.join(_KEYS)}", at=begin)
    pattern_begin = reader.position
    take = reader.take_path_pattern if key in PATH_KEYS else reader.take_pattern
    pattern = take(inside_brackets=inside_brackets)
    if key == "app":
        if pattern.lower() not in ("yes", "no", "true", "false", "1", "0"):
            raise reader.fault("app is yes or no", at=pattern_begin)
        return InAppTest((pattern.lower() in ("yes", "true", "1")) != negated)
    if key == "category":
        return CategoryTest(compile_glob(pattern), negated)
    if key in ("type", "value", "mechanism"):
        return _exception_test(key, pattern, negated=negated)
    if key == "family":
        names = tuple(each.strip() for each in pattern.lower().split(","))
        if not set(names) <= set(_FAMILIES):
            raise reader.fault(f"a family is one of {', '.join(_FAMILIES)}", at=pattern_begin)
        return _frame_test(family_matches(names), negated=negated)
    return _frame_test(frame_matches(key, pattern), negated=negated)


def _frame_test(holds: Callable[[SentFrame], bool], *, negated: bool) -> FrameTest:
    return FrameTest((lambda frame: not holds(frame)) if negated else holds)


def family_matches(names: tuple[str, ...]) -> Callable[[SentFrame], bool]:
    """Return the test whether a frame's language is of one of the families of rules."""
    return lambda frame: "all" in names or family_of(frame.platform).rule_family in names


def frame_matches(key: str, pattern: str) -> Callable[[SentFrame], bool]:
    """Return the test of one field of a frame: path, module, package or function."""
    if key == "function":
        function = compile_glob(pattern)
        return lambda frame: function(frame.function)
    if key == "module":
        module = compile_glob(pattern)
        return lambda frame: module(frame.module)
    path = compile_glob(pattern, is_path=True)
    if key == "package":
        return lambda frame: bool(frame.package) and _path_matches(path, frame.package)
    if pattern[:1] in "*/\\":
        return lambda frame: any(map(path, frame.rooted))
    return lambda frame: any(map(path, frame.folded))


def _path_matches(matches: Callable[[str], bool], path: str) -> bool:
    folded = fold_path(path)
    # `**/vendor/**` means a relative path's first folder too.
    return matches(folded) or (folded[:1] != "/" and matches("/" + folded))


def _exception_test(key: str, pattern: str, *, negated: bool) -> ExceptionTest:
    matches = compile_glob(pattern, ignore_case=key == "value")

    def holds(facts: ExceptionFacts) -> bool:
        text = {"type": facts.type, "value": facts.value}.get(key, facts.mechanism)
        return matches(text) != negated

    return ExceptionTest(holds)


def _actions(reader: LineReader) -> tuple[Action, ...]:
    actions: list[Action] = []
    while reader.skip_blanks():
        begin = reader.position
        word = reader.take_word()
        flag, number = _FLAG.fullmatch(word), _NUMBER.fullmatch(word)
        category = _CATEGORY.fullmatch(word)
        if flag:
            actions.append(_flag_action(flag))
        elif number:
            actions.append(NumberAction(_number_name(number[1]), int(number[2])))
        elif category:
            actions.append(CategoryAction(category[1]))
        else:
            shown = word or reader.text[begin:][:20]
            raise reader.fault(
                f"unknown action {shown!r}; known: +app -app +group -group (also after ^ or v),"
                " max-frames=N, min-frames=N, invert-stacktrace=1, category=x",
                at=begin,
            )
        if len(actions) > MATCHER_COUNT_MAX:
            raise reader.fault(f"more than {MATCHER_COUNT_MAX} actions")
    if not actions:
        raise reader.fault("expected an action such as -app")
    return tuple(actions)


def _flag_action(match: re.Match[str]) -> FlagAction:
    reach: Literal["", "^", "v"] = ""
    if match[1] == "^":
        reach = "^"
    elif match[1] == "v":
        reach = "v"
    return FlagAction("app" if match[3] == "app" else "group", match[2] == "+", reach)


def _number_name(
    name: str,
) -> Literal["max-frames", "min-frames", "invert-stacktrace"]:
    if name == "max-frames":
        return "max-frames"
    return "min-frames" if name == "min-frames" else "invert-stacktrace"
