"""Read rules and selectors that a project wrote in Relay's PII configuration."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.native import KeyRules, TextRules
from vedette.pipeline.scrubbing.builtin_rules import builtin_rules, is_type, typed_rule
from vedette.pipeline.scrubbing.rule import FILTERED, Looks, Method, Redaction, Rule
from vedette.pipeline.scrubbing.selector import Selector, SelectorFault, parse_selector

RULE_COUNT_MAX: Final = 200
APPLICATION_COUNT_MAX: Final = 200
_PATTERN_LENGTH_MAX: Final = 2_000
_NESTED_MAX: Final = 5


@dataclass(frozen=True, slots=True)
class Application:
    """Rules, and where they hold."""

    selector: Selector
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class PiiConfig:
    """What was written, and what is wrong with it: what is wrong is left out."""

    applications: tuple[Application, ...] = ()
    faults: tuple[str, ...] = ()


def read_pii_config(text: str) -> PiiConfig:
    """Read a configuration; an empty text has no rules."""
    if not text.strip():
        return PiiConfig()
    try:
        config: JsonValue = json.loads(text)
    except ValueError as error:
        return PiiConfig(faults=(f"no JSON: {error}",))
    except RecursionError:
        return PiiConfig(faults=("nested too deeply",))
    if not isinstance(config, dict):
        return PiiConfig(faults=("expected an object with rules and applications",))
    reader = _Reader(_object(config.get("rules")))
    applications = _object(config.get("applications"))
    found = tuple(
        reader.application(selector, names)
        for selector, names in list(applications.items())[:APPLICATION_COUNT_MAX]
    )
    if len(applications) > APPLICATION_COUNT_MAX:
        reader.faults.append(f"more than {APPLICATION_COUNT_MAX} applications")
    return PiiConfig(tuple(each for each in found if each is not None), tuple(reader.faults))


class _Reader:
    def __init__(self, specified: JsonObject) -> None:
        self.faults: list[str] = []
        if len(specified) > RULE_COUNT_MAX:
            self.faults.append(f"more than {RULE_COUNT_MAX} rules")
        self._specified = dict(list(specified.items())[:RULE_COUNT_MAX])
        self._rules: dict[str, tuple[Rule, ...]] = {}
        for name in self._specified:
            self._named(name, 0)

    def application(self, text: str, names: JsonValue) -> Application | None:
        try:
            selector = parse_selector(text)
        except SelectorFault as error:
            self.faults.append(f"selector {text[:100]!r}: {error}")
            return None
        listed = names if isinstance(names, list) else []
        rules: list[Rule] = []
        for name in listed:
            found = self._named(str(name), 0)
            if not found:
                self.faults.append(f"selector {text[:100]!r}: there is no rule {str(name)[:100]!r}")
            rules += found
        return Application(selector, tuple(rules)) if rules else None

    def _named(self, name: str, depth: int) -> tuple[Rule, ...]:
        if name in self._rules:
            return self._rules[name]
        if name not in self._specified:
            return builtin_rules(name) if name.startswith("@") else ()
        found: tuple[Rule, ...] = ()
        if depth > _NESTED_MAX:
            self.faults.append(f"rule {name[:100]!r}: rules lead in a circle, or too deep")
        else:
            try:
                found = self._read(name, _object(self._specified[name]), depth)
            except ValueError as error:
                self.faults.append(f"rule {name[:100]!r}: {error}")
        self._rules[name] = found
        return found

    def _read(self, name: str, spec: JsonObject, depth: int) -> tuple[Rule, ...]:
        kind = spec.get("type")
        if not isinstance(kind, str):
            raise ValueError("expected a type such as email or pattern")  # noqa: TRY004 - told as text
        if kind in ("multiple", "alias"):
            inner = spec.get("rules") if kind == "multiple" else [spec.get("rule")]
            names = [str(each) for each in inner] if isinstance(inner, list) else []
            return tuple(rule for each in names for rule in self._named(each, depth + 1))
        redaction = _redaction(_object(spec.get("redaction")))
        if kind == "redact_pair":
            pattern = _pattern(spec.get("keyPattern"), "keyPattern")
            return (Rule(name, Looks.KEYS, redaction, "pattern", pattern),)
        if kind == "pattern":
            pattern = _pattern(spec.get("pattern"), "pattern")
            groups = spec.get("replaceGroups")
            listed = groups if isinstance(groups, list) else []
            numbers = tuple(each for each in listed if isinstance(each, int) and 0 <= each < 100)  # noqa: PLR2004 - no pattern has more
            return (Rule(name, Looks.TEXTS, redaction, "pattern", pattern, numbers),)
        if not is_type(kind):
            raise ValueError(f"there is no type {kind[:50]!r}")
        return (typed_rule(name, kind, redaction),)


def _redaction(spec: JsonObject) -> Redaction:
    method = spec.get("method", "remove")
    match method:
        case "default" | "remove":
            return Redaction(Method.REMOVE)
        case "replace":
            text = spec.get("text")
            return Redaction(Method.REPLACE, text[:200] if isinstance(text, str) else FILTERED)
        case "mask":
            mask = spec.get("maskChar")
            unmasked = spec.get("charsToIgnore")
            return Redaction(
                Method.MASK,
                mask=mask if isinstance(mask, str) and len(mask) == 1 else "*",
                unmasked=unmasked[:100] if isinstance(unmasked, str) else "",
            )
        case "hash":
            return Redaction(Method.HASH)
        case _:
            raise ValueError("expected one of the methods remove, replace, mask and hash")


def _pattern(value: JsonValue, field: str) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"expected a {field}")
    if len(value) > _PATTERN_LENGTH_MAX:
        raise ValueError(f"{field}: expected at most {_PATTERN_LENGTH_MAX} characters")
    try:
        TextRules([("pattern", value, ())], KeyRules(False, (), ()))  # noqa: FBT003 - the extension takes no names
    except ValueError as error:
        told = " ".join(line.strip() for line in str(error).splitlines())
        raise ValueError(f"{field}: {told[:500]}") from error
    return value


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}
