"""Find the fingerprint that an event is grouped by, and fill in its variables."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonValue
from vedette.pipeline.grouping.context import EventContext
from vedette.pipeline.grouping.event_facts import EventFacts, package_name
from vedette.pipeline.grouping.fingerprint_parser import (
    VALUE_COUNT_MAX,
    built_in_fingerprint_rules,
)
from vedette.pipeline.grouping.fingerprint_rule import FingerprintRule, first_match
from vedette.pipeline.grouping.json_reading import list_of, text_of
from vedette.pipeline.grouping.message_shape import head_of, shape_of
from vedette.pipeline.grouping.nouns import FingerprintUsed

_VALUE_LENGTH_MAX: Final = 8_192
_TITLE_LENGTH_MAX: Final = 256
_VARIABLE: Final = re.compile(r"\{\{ {0,8}([A-Za-z0-9_.:\-]{1,200}) {0,8}\}\}")
_DEFAULT: Final = "{{ default }}"


@dataclass(frozen=True, slots=True)
class ResolvedFingerprint:
    """What the hashes are made with."""

    used: FingerprintUsed
    title: str
    """Of the rule, filled in; empty: the usual one."""

    @property
    def has_default(self) -> bool:
        """Whether the usual grouping takes part."""
        return _DEFAULT in self.used.values

    @property
    def own_values(self) -> tuple[str, ...]:
        """The values besides the usual grouping, filled in."""
        return tuple(each for each in self.used.values if each != _DEFAULT)


def resolve_fingerprint(
    context: EventContext, rules: Sequence[FingerprintRule], main_index: int | None
) -> ResolvedFingerprint:
    """Return the fingerprint: of the first rule that matches, else the client's, else the usual."""
    client = _client_values(context.event.get("fingerprint"))
    is_own = bool(client) and client != (_DEFAULT,)
    facts = EventFacts(context, main_index)
    rule = first_match(rules, facts)
    if rule is None and not is_own and context.family.rule_family == "javascript":
        # Ours know less of the program than its author, so that they yield to the SDK's.
        rule = first_match(built_in_fingerprint_rules(), facts)
    if rule is not None:
        return _by_rule(rule, facts, client)
    if not is_own:
        return ResolvedFingerprint(
            FingerprintUsed((_DEFAULT,), "default", client_values=client), ""
        )
    values = tuple(_fill_in(each, facts) for each in client)
    return ResolvedFingerprint(FingerprintUsed(values, "client", client_values=client), "")


def _by_rule(
    rule: FingerprintRule, facts: EventFacts, client: tuple[str, ...]
) -> ResolvedFingerprint:
    values = tuple(_fill_in(each, facts) for each in map(_spell_default, rule.values))
    title = _VARIABLE.sub(lambda match: _variable(match[1], facts), rule.title)
    used = FingerprintUsed(values, rule.origin, rule=rule.text, client_values=client)
    return ResolvedFingerprint(used, title[:_TITLE_LENGTH_MAX])


def _client_values(sent: JsonValue) -> tuple[str, ...]:
    values = list_of(sent)[:VALUE_COUNT_MAX]
    texts = [text_of(each)[:_VALUE_LENGTH_MAX] for each in values]
    return tuple(_spell_default(each) for each in texts if each)


def _spell_default(value: str) -> str:
    match = _VARIABLE.fullmatch(value.strip())
    return _DEFAULT if match and match[1] == "default" else value


def _fill_in(value: str, facts: EventFacts) -> str:
    if value == _DEFAULT:
        return value
    # A message as a fingerprint means the kind of message, not the number in it.
    if value == facts.message and value:
        return shape_of(head_of(value))
    filled = _VARIABLE.sub(lambda match: _variable(match[1], facts), value)
    return filled[:_VALUE_LENGTH_MAX]


def _variable(name: str, facts: EventFacts) -> str:
    if name.startswith("tags."):
        tag = name.removeprefix("tags.")
        value = facts.tag(tag)
        return f"<no-value-for-tag-{tag}>" if value is None else value
    if name in ("transaction", "level", "logger", "release", "environment"):
        return facts.field(name) or f"<no-{name}>"
    if name in ("message", "raw_message"):
        return facts.message or "<no-message>"
    if name in ("type", "error.type"):
        return facts.main.type or "<no-type>"
    if name in ("value", "error.value"):
        return facts.main.value or "<no-value>"
    return _frame_variable(name, facts)


def _frame_variable(name: str, facts: EventFacts) -> str:
    plain = name.removeprefix("stack.")
    if plain not in ("function", "path", "abs_path", "filename", "module", "package"):
        return f"<unrecognized-variable-{name}>"
    plain = "abs_path" if plain == "path" else plain
    frame = facts.crash_frame
    value = ""
    if frame is not None:
        value = {
            "function": frame.function,
            "abs_path": frame.path,
            "filename": frame.filename,
            "module": frame.module,
            "package": package_name(frame),
        }[plain]
    return value or f"<no-{plain.replace('_', '-')}>"
