"""Parse fingerprint rules: `matcher matcher -> "value", "value" title="…"`."""

from collections.abc import Callable
from functools import lru_cache
from typing import Final, Literal

from vedette.pipeline.grouping.event_facts import EventFacts, FrameFacts
from vedette.pipeline.grouping.fingerprint_rule import (
    EventMatcher,
    ExceptionMatcher,
    FingerprintRule,
    FrameMatcher,
    Matcher,
)
from vedette.pipeline.grouping.glob import Matches, compile_glob
from vedette.pipeline.grouping.rule_text import (
    MATCHER_COUNT_MAX,
    CostBudget,
    LineReader,
    RuleFault,
    split_lines,
)
from vedette.pipeline.grouping.stack_rule_parser import PATH_KEYS, frame_matches

VALUE_COUNT_MAX: Final = 32

_ALIASES: Final = {
    "error.type": "type",
    "error.value": "value",
    "error.mechanism": "mechanism",
    "stack.abs_path": "path",
    "stack.filename": "path",
    "stack.module": "module",
    "stack.package": "package",
    "stack.function": "function",
}
_EVENT_KEYS: Final = (
    "family", "message", "logger", "level", "sdk", "release", "transaction", "environment",
    "thread.name", "thread.state", "thread.id",
)  # fmt: skip
_EXCEPTION_KEYS: Final = ("type", "value", "mechanism")
_FRAME_KEYS: Final = ("path", "module", "package", "function", "app")
_IGNORES_CASE: Final = ("message", "value", "level")

BUILT_IN_TEXT: Final = """
type:ChunkLoadError -> chunkloaderror
value:"ChunkLoadError: *" -> chunkloaderror
value:"Loading chunk * failed*" -> chunkloaderror
value:"Loading CSS chunk * failed*" -> chunkloaderror
value:"Failed to fetch dynamically imported module: *" -> chunkloaderror
value:"error loading dynamically imported module: *" -> chunkloaderror
value:"Importing a module script failed.*" -> chunkloaderror
value:"Hydration failed because*" -> hydrationerror
value:"*Text content does not match server-rendered HTML*" -> hydrationerror
value:"There was an error while hydrating*" -> hydrationerror
value:"*Minified React error #418*" -> hydrationerror
value:"*Minified React error #419*" -> hydrationerror
value:"*Minified React error #42[0-5]*" -> hydrationerror
"""
"""What happens to pages of JavaScript again and again, with a different text or place each time."""


@lru_cache(maxsize=1)
def built_in_fingerprint_rules() -> tuple[FingerprintRule, ...]:
    """Return the rules that come with us."""
    rules, faults = parse_fingerprint_rules(BUILT_IN_TEXT, origin="built-in rule")
    assert not faults, faults
    return rules


def parse_fingerprint_rules(
    text: str, *, origin: Literal["rule", "built-in rule"] = "rule"
) -> tuple[tuple[FingerprintRule, ...], tuple[RuleFault, ...]]:
    """Return the rules, and what is wrong with the lines that are none."""
    lines, faults = split_lines(text)
    budget = CostBudget()
    rules: list[FingerprintRule] = []
    for line in lines:
        try:
            reader = LineReader(line)
            rule = _parse_rule(reader, origin)
            budget.spend(reader)
            rules.append(rule)
        except RuleFault as fault:
            faults.append(fault)
    return tuple(rules), tuple(faults)


def _parse_rule(reader: LineReader, origin: Literal["rule", "built-in rule"]) -> FingerprintRule:
    matchers: list[Matcher] = []
    while reader.skip_blanks() and not reader.take("->"):
        matchers.append(_matcher(reader))
        if len(matchers) > MATCHER_COUNT_MAX:
            raise reader.fault(f"more than {MATCHER_COUNT_MAX} matchers")
    if reader.text[reader.position - 2 : reader.position] != "->":
        raise reader.fault("expected -> and the fingerprint")
    if not matchers:
        raise reader.fault("expected a matcher before ->", at=0)
    values, title = _right_side(reader)
    return FingerprintRule(reader.line.text.strip(), tuple(matchers), values, title, origin)


def _right_side(reader: LineReader) -> tuple[tuple[str, ...], str]:
    values: list[str] = []
    title = ""
    while reader.skip_blanks():
        if reader.take(","):
            continue
        if reader.peek_word().startswith("title="):
            reader.take("title=")
            title = (
                reader.take_quoted()
                if reader.text.startswith('"', reader.position)
                else reader.take_word()
            )
            continue
        value = _value(reader)
        if value:
            values.append(value)
        if len(values) > VALUE_COUNT_MAX:
            raise reader.fault(f"more than {VALUE_COUNT_MAX} values")
    if not values:
        raise reader.fault("expected at least one value after ->")
    return tuple(values), title


def _value(reader: LineReader) -> str:
    if reader.text.startswith('"', reader.position):
        return reader.take_quoted()
    if reader.text.startswith("{{", reader.position):
        end = reader.text.find("}}", reader.position)
        if end < 0:
            raise reader.fault("expected }} at the end of the variable")
        value = reader.text[reader.position : end + 2]
        reader.position = end + 2
        # `{{ a }}-{{ b }}` is one value.
        return value + _value_rest(reader)
    word = reader.peek_word().partition(",")[0]
    variable = word.find("{{")
    word = word if variable < 0 else word[:variable]
    if not word:
        raise reader.fault("expected a value")
    reader.position += len(word)
    return word + _value_rest(reader)


def _value_rest(reader: LineReader) -> str:
    following = reader.text[reader.position : reader.position + 1]
    return "" if not following or following.isspace() or following in ',"' else _value(reader)


def _matcher(reader: LineReader) -> Matcher:
    negated = reader.take("!")
    begin = reader.position
    sent_key = reader.take_key()
    key = _ALIASES.get(sent_key, sent_key)
    pattern_begin = reader.position
    pattern = reader.take_path_pattern() if key in PATH_KEYS else reader.take_pattern()
    if key in _FRAME_KEYS:
        return FrameMatcher(_frame_test(reader, key, pattern, negated=negated, at=pattern_begin))
    matches = compile_glob(pattern, ignore_case=key in _IGNORES_CASE)
    if key in _EXCEPTION_KEYS:
        return _exception_matcher(key, matches, negated=negated)
    if key.startswith("tags.") and len(key) > len("tags."):
        tag = key.removeprefix("tags.")
        return EventMatcher(lambda facts: matches(facts.tag(tag) or "") != negated)
    if key in _EVENT_KEYS:
        families = pattern.lower().replace(" ", "").split(",")
        test = _family_test(families) if key == "family" else _event_test(key, matches)
        return EventMatcher(lambda facts: test(facts) != negated)
    known = ", ".join((*_EXCEPTION_KEYS, *_FRAME_KEYS, *_EVENT_KEYS, "tags.NAME"))
    raise reader.fault(f"unknown matcher {sent_key!r}; known: {known}", at=begin)


def _exception_matcher(key: str, matches: Matches, *, negated: bool) -> ExceptionMatcher:
    if key == "type":
        return ExceptionMatcher(lambda facts: matches(facts.type) != negated)
    if key == "value":
        return ExceptionMatcher(lambda facts: matches(facts.value) != negated)
    return ExceptionMatcher(lambda facts: matches(facts.mechanism) != negated)


def _frame_test(
    reader: LineReader, key: str, pattern: str, *, negated: bool, at: int
) -> Callable[[FrameFacts], bool]:
    if key == "app":
        if pattern.lower() not in ("yes", "no", "true", "false", "1", "0"):
            raise reader.fault("app is yes or no", at=at)
        wanted = (pattern.lower() in ("yes", "true", "1")) != negated
        return lambda facts: facts.in_app == wanted
    matches = frame_matches(key, pattern)
    return lambda facts: matches(facts.sent) != negated


def _event_test(key: str, matches: Matches) -> Callable[[EventFacts], bool]:
    if key == "message":
        return lambda facts: any(matches(each) for each in facts.messages)
    if key == "sdk":
        return lambda facts: (
            matches(facts.sdk) or matches(facts.sdk.removeprefix("sentry.").partition(".")[0])
        )
    if key.startswith("thread."):
        name = key.removeprefix("thread.")
        return lambda facts: matches(facts.thread(name))
    return lambda facts: matches(facts.field(key))


def _family_test(families: list[str]) -> Callable[[EventFacts], bool]:
    return lambda facts: not {facts.family, "all"}.isdisjoint(families)
