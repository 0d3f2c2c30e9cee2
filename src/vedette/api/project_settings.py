"""A project's options in the form of Sentry's API: how they are shown, and what may be set."""

import ipaddress
from collections.abc import Callable, Mapping, Sequence
from typing import Final

import msgspec
from msgspec import UNSET, UnsetType

from vedette.api.refusal import Refusal, wrong
from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.project_rules import (
    LEGACY_BROWSERS,
    OptionName,
    ProjectRules,
    read_project_rules,
)
from vedette.pipeline.grouping import GroupingRules, RuleFault
from vedette.pipeline.scrubbing.pii_config import read_pii_config

ENTRY_COUNT_MAX: Final = 500
"""Of each list: every one of them is tried on every event."""
ENTRY_LENGTH_MAX: Final = 500
FAULT_COUNT_SHOWN: Final = 10

OptionValue = bool | str | int | float | list[str] | None


class ProjectChange(msgspec.Struct, rename="camel"):
    """The body that changes what is done with a project's data; what it does not name stays."""

    name: str | UnsetType = UNSET
    slug: str | UnsetType = UNSET
    platform: str | UnsetType | None = UNSET
    data_scrubber: bool | UnsetType = UNSET
    data_scrubber_defaults: bool | UnsetType = UNSET
    scrub_ip_addresses: bool | UnsetType = msgspec.field(name="scrubIPAddresses", default=UNSET)
    sensitive_fields: list[str] | UnsetType = UNSET
    safe_fields: list[str] | UnsetType = UNSET
    relay_pii_config: str | UnsetType | None = UNSET
    fingerprinting_rules: str | UnsetType | None = UNSET
    grouping_enhancements: str | UnsetType | None = UNSET
    options: dict[str, OptionValue] | UnsetType = UNSET


_FIELDS: Final = {
    "data_scrubber": OptionName.SCRUB,
    "data_scrubber_defaults": OptionName.SCRUB_DEFAULTS,
    "scrub_ip_addresses": OptionName.SCRUB_ADDRESSES,
    "sensitive_fields": OptionName.SENSITIVE_FIELDS,
    "safe_fields": OptionName.SAFE_FIELDS,
    "relay_pii_config": OptionName.PII_CONFIG,
    "fingerprinting_rules": OptionName.FINGERPRINT_RULES,
    "grouping_enhancements": OptionName.STACK_RULES,
}
"""The options that have a field of their own in Sentry's form of a project."""


def settings_shape(options: Mapping[str, JsonValue]) -> JsonObject:
    """Return the options as a project shows them."""
    rules = read_project_rules(options)
    scrubbing, grouping = rules.scrubbing, rules.grouping
    return {
        "dataScrubber": scrubbing.is_on,
        "dataScrubberDefaults": scrubbing.with_defaults,
        "scrubIPAddresses": scrubbing.addresses,
        "sensitiveFields": list(scrubbing.sensitive_fields),
        "safeFields": list(scrubbing.safe_fields),
        "relayPiiConfig": scrubbing.pii_config or None,
        "fingerprintingRules": grouping.fingerprint_rules,
        "groupingEnhancements": grouping.stack_rules,
        "options": _filter_options(rules),
    }


def _filter_options(rules: ProjectRules) -> JsonObject:
    filters = rules.filters
    return {
        OptionName.BROWSER_EXTENSIONS: filters.browser_extensions,
        OptionName.LEGACY_BROWSERS: sorted(filters.legacy_browsers),
        OptionName.WEB_CRAWLERS: filters.web_crawlers,
        OptionName.LOCALHOST: filters.localhost,
        OptionName.HEALTH_CHECKS: filters.health_checks,
        OptionName.HYDRATION_ERRORS: filters.hydration_errors,
        OptionName.CHUNK_LOAD_ERRORS: filters.chunk_load_errors,
        OptionName.ADDRESSES: "\n".join(filters.addresses),
        OptionName.RELEASES: "\n".join(filters.releases),
        OptionName.ERROR_MESSAGES: "\n".join(filters.error_messages),
    }


def option_changes(body: ProjectChange) -> dict[str, JsonValue]:
    """Return which options a body sets, and to what.

    Raises:
        Refusal: One of them cannot be set to this; the text says which and why.
    """
    given: dict[str, JsonValue] = {}
    for attribute, name in _FIELDS.items():
        value: OptionValue | UnsetType = getattr(body, attribute)
        if value is not UNSET:
            given[name] = _as_json(value)
    for name, value in ({} if body.options is UNSET else body.options).items():
        given[name] = _as_json(value)
    return {name: _checked(name, value) for name, value in given.items()}


def _as_json(value: OptionValue | UnsetType) -> JsonValue:
    if isinstance(value, list):
        return [*value]
    return None if isinstance(value, UnsetType) else value


def _checked(name: str, value: JsonValue) -> JsonValue:
    check = _CHECKS.get(name)
    if check is None:
        raise wrong(f"There is no option {name[:100]!r}.")
    return None if value is None else check(name, value)


def _flag(name: str, value: JsonValue) -> JsonValue:
    if value in (True, 1, "1", "true"):
        return True
    if value in (False, 0, "0", "false", ""):
        return False
    raise wrong(f"{name}: expected true or false.")


def _browsers(name: str, value: JsonValue) -> JsonValue:
    if not isinstance(value, list):
        return _flag(name, value)
    for each in value:
        if each not in LEGACY_BROWSERS:
            known = ", ".join(sorted(LEGACY_BROWSERS))
            raise wrong(f"{name}: {str(each)[:100]!r} is not one of {known}.")
    return value


def _entries(name: str, value: JsonValue) -> list[str]:
    """Return the entries of a list, or of a text with one in each line."""
    if isinstance(value, str):
        lines: Sequence[JsonValue] = value.splitlines()
    elif isinstance(value, list):
        lines = value
    else:
        raise wrong(f"{name}: expected a list, or a text with one entry in each line.")
    entries = [str(each).strip() for each in lines]
    for number, entry in enumerate(entries, 1):
        if len(entry) > ENTRY_LENGTH_MAX:
            raise wrong(f"{name}: line {number}: expected at most {ENTRY_LENGTH_MAX} characters.")
    kept = [entry for entry in entries if entry]
    if len(kept) > ENTRY_COUNT_MAX:
        raise wrong(f"{name}: expected at most {ENTRY_COUNT_MAX} entries.")
    return kept


def _texts(name: str, value: JsonValue) -> JsonValue:
    return [*_entries(name, value)]


def _addresses(name: str, value: JsonValue) -> JsonValue:
    entries = _entries(name, value)
    for number, entry in enumerate(entries, 1):
        try:
            ipaddress.ip_network(entry, strict=False)
        except ValueError as error:
            raise wrong(
                f"{name}: line {number}: expected an IP address or a network such as"
                f" 10.0.0.0/8, not {entry[:100]!r}."
            ) from error
    return [*entries]


def _stack_rules(name: str, value: JsonValue) -> JsonValue:
    text = _text(name, value)
    return _without_faults("groupingEnhancements", text, GroupingRules(stack_text=text).faults)


def _fingerprint_rules(name: str, value: JsonValue) -> JsonValue:
    text = _text(name, value)
    return _without_faults("fingerprintingRules", text, GroupingRules(fingerprint_text=text).faults)


def _without_faults(field: str, text: str, faults: Sequence[RuleFault]) -> str:
    if not faults:
        return text
    places: list[JsonValue] = [
        {"line": fault.line, "column": fault.column, "why": fault.why} for fault in faults
    ]
    raise Refusal(
        400, f"{field}: {_told([str(fault) for fault in faults])}", more={"faults": places}
    )


def _told(faults: Sequence[str]) -> str:
    told = "; ".join(faults[:FAULT_COUNT_SHOWN])
    left = len(faults) - FAULT_COUNT_SHOWN
    return f"{told} (and {left} more)" if left > 0 else told


def _pii_config(name: str, value: JsonValue) -> JsonValue:
    text = _text(name, value).strip()
    if not text:
        return None
    faults = read_pii_config(text).faults
    if faults:
        raise wrong(f"relayPiiConfig: {_told(faults)}")
    return text


def _text(name: str, value: JsonValue) -> str:
    if not isinstance(value, str):
        raise wrong(f"{name}: expected a text.")
    return value


_CHECKS: Final[Mapping[str, Callable[[str, JsonValue], JsonValue]]] = {
    OptionName.SCRUB: _flag,
    OptionName.SCRUB_DEFAULTS: _flag,
    OptionName.SCRUB_ADDRESSES: _flag,
    OptionName.SENSITIVE_FIELDS: _texts,
    OptionName.SAFE_FIELDS: _texts,
    OptionName.PII_CONFIG: _pii_config,
    OptionName.FINGERPRINT_RULES: _fingerprint_rules,
    OptionName.STACK_RULES: _stack_rules,
    OptionName.BROWSER_EXTENSIONS: _flag,
    OptionName.LEGACY_BROWSERS: _browsers,
    OptionName.WEB_CRAWLERS: _flag,
    OptionName.LOCALHOST: _flag,
    OptionName.HEALTH_CHECKS: _flag,
    OptionName.HYDRATION_ERRORS: _flag,
    OptionName.CHUNK_LOAD_ERRORS: _flag,
    OptionName.ADDRESSES: _addresses,
    OptionName.RELEASES: _texts,
    OptionName.ERROR_MESSAGES: _texts,
}
"""Every option that may be set, and how its value is read."""
