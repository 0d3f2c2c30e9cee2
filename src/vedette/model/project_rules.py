"""What a project wants done with its data before it is kept: filters, scrubbing, grouping."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from vedette.model.json_value import JsonValue, text_or_empty


class OptionName:
    """The names under which options are kept: Sentry's own, where it has one."""

    SCRUB: Final = "sentry:scrub_data"
    SCRUB_DEFAULTS: Final = "sentry:scrub_defaults"
    SCRUB_ADDRESSES: Final = "sentry:scrub_ip_address"
    SENSITIVE_FIELDS: Final = "sentry:sensitive_fields"
    SAFE_FIELDS: Final = "sentry:safe_fields"
    PII_CONFIG: Final = "sentry:relay_pii_config"
    FINGERPRINT_RULES: Final = "sentry:fingerprinting_rules"
    STACK_RULES: Final = "sentry:grouping_enhancements"
    BROWSER_EXTENSIONS: Final = "filters:browser-extensions"
    LEGACY_BROWSERS: Final = "filters:legacy-browsers"
    WEB_CRAWLERS: Final = "filters:web-crawlers"
    LOCALHOST: Final = "filters:localhost"
    HEALTH_CHECKS: Final = "filters:filtered-transaction"
    HYDRATION_ERRORS: Final = "filters:react-hydration-errors"
    CHUNK_LOAD_ERRORS: Final = "filters:chunk-load-error"
    ADDRESSES: Final = "filters:blacklisted_ips"
    RELEASES: Final = "filters:releases"
    ERROR_MESSAGES: Final = "filters:error_messages"


LEGACY_BROWSERS: Final = frozenset(
    {
        "ie",
        "ie_pre_9",
        "ie9",
        "ie10",
        "ie11",
        "edge",
        "edge_pre_79",
        "safari",
        "safari_pre_6",
        "opera",
        "opera_pre_15",
        "opera_mini",
        "opera_mini_pre_8",
        "android",
        "android_pre_4",
        "firefox",
        "chrome",
    }
)
"""The browsers that the filter of old browsers can be told to let go."""

LEGACY_BROWSERS_BY_DEFAULT: Final = frozenset(
    {"ie_pre_9", "safari_pre_6", "opera_pre_15", "opera_mini_pre_8", "android_pre_4", "edge_pre_79"}
)
"""Those it lets go when it is only told to be on."""


@dataclass(frozen=True, slots=True)
class FilterRules:
    """What is not kept at all."""

    browser_extensions: bool = False
    web_crawlers: bool = False
    localhost: bool = False
    health_checks: bool = True
    hydration_errors: bool = True
    chunk_load_errors: bool = True
    legacy_browsers: frozenset[str] = frozenset()
    addresses: tuple[str, ...] = ()
    """Single addresses and networks, as text."""
    releases: tuple[str, ...] = ()
    """Patterns with `*`."""
    error_messages: tuple[str, ...] = ()
    """Patterns with `*`, for `type: value` and for messages."""


@dataclass(frozen=True, slots=True)
class ScrubRules:
    """What is taken out of what is kept."""

    is_on: bool = True
    """Whether sensitive data is looked for at all; a PII config of its own holds even so."""
    with_defaults: bool = True
    """Whether the rules for passwords, cards and so on are among those applied."""
    addresses: bool = False
    """Whether IP addresses go."""
    sensitive_fields: tuple[str, ...] = ()
    safe_fields: tuple[str, ...] = ()
    pii_config: str = ""
    """Rules and their selectors in the language of Relay, as JSON text; empty for none."""


@dataclass(frozen=True, slots=True)
class GroupingTexts:
    """The rules of grouping, as they were written."""

    stack_rules: str = ""
    fingerprint_rules: str = ""


@dataclass(frozen=True, slots=True)
class ProjectRules:
    """Everything a project says of its data. The default is what a new project has."""

    filters: FilterRules = field(default_factory=FilterRules)
    scrubbing: ScrubRules = field(default_factory=ScrubRules)
    grouping: GroupingTexts = field(default_factory=GroupingTexts)


DEFAULT_RULES: Final = ProjectRules()


def read_project_rules(options: Mapping[str, JsonValue]) -> ProjectRules:
    """Return the rules that kept options mean; what is not there, or is no option, is default."""
    return ProjectRules(
        filters=FilterRules(
            browser_extensions=_flag(options, OptionName.BROWSER_EXTENSIONS, default=False),
            web_crawlers=_flag(options, OptionName.WEB_CRAWLERS, default=False),
            localhost=_flag(options, OptionName.LOCALHOST, default=False),
            health_checks=_flag(options, OptionName.HEALTH_CHECKS, default=True),
            hydration_errors=_flag(options, OptionName.HYDRATION_ERRORS, default=True),
            chunk_load_errors=_flag(options, OptionName.CHUNK_LOAD_ERRORS, default=True),
            legacy_browsers=_browsers(options.get(OptionName.LEGACY_BROWSERS)),
            addresses=_texts(options.get(OptionName.ADDRESSES)),
            releases=_texts(options.get(OptionName.RELEASES)),
            error_messages=_texts(options.get(OptionName.ERROR_MESSAGES)),
        ),
        scrubbing=ScrubRules(
            is_on=_flag(options, OptionName.SCRUB, default=True),
            with_defaults=_flag(options, OptionName.SCRUB_DEFAULTS, default=True),
            addresses=_flag(options, OptionName.SCRUB_ADDRESSES, default=False),
            sensitive_fields=_texts(options.get(OptionName.SENSITIVE_FIELDS)),
            safe_fields=_texts(options.get(OptionName.SAFE_FIELDS)),
            pii_config=text_or_empty(options.get(OptionName.PII_CONFIG)),
        ),
        grouping=GroupingTexts(
            stack_rules=text_or_empty(options.get(OptionName.STACK_RULES)),
            fingerprint_rules=text_or_empty(options.get(OptionName.FINGERPRINT_RULES)),
        ),
    )


def _flag(options: Mapping[str, JsonValue], name: str, *, default: bool) -> bool:
    value = options.get(name)
    return value if isinstance(value, bool) else default


def _texts(value: JsonValue) -> tuple[str, ...]:
    listed = value if isinstance(value, list) else []
    return tuple(each for each in listed if isinstance(each, str) and each)


def _browsers(value: JsonValue) -> frozenset[str]:
    if value is True:
        return LEGACY_BROWSERS_BY_DEFAULT
    return LEGACY_BROWSERS & frozenset(_texts(value))
