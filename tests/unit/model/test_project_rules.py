"""What options mean, and that no option can break the rules of a project."""

from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonValue
from vedette.model.project_rules import (
    DEFAULT_RULES,
    LEGACY_BROWSERS_BY_DEFAULT,
    OptionName,
    read_project_rules,
)

NAMES = [value for name, value in vars(OptionName).items() if name.isupper()]


def test_a_project_without_options_has_the_default() -> None:
    assert read_project_rules({}) == DEFAULT_RULES


def test_options_say_what_is_done() -> None:
    rules = read_project_rules(
        {
            OptionName.SCRUB_ADDRESSES: True,
            OptionName.SENSITIVE_FIELDS: ["iban", ""],
            OptionName.LEGACY_BROWSERS: ["ie9", "netscape"],
            OptionName.STACK_RULES: "family:python -app",
        }
    )

    assert rules.scrubbing.addresses
    assert rules.scrubbing.sensitive_fields == ("iban",)
    assert rules.filters.legacy_browsers == {"ie9"}
    assert rules.grouping.stack_rules == "family:python -app"


def test_the_filter_of_old_browsers_that_is_only_on_knows_which() -> None:
    rules = read_project_rules({OptionName.LEGACY_BROWSERS: True})

    assert rules.filters.legacy_browsers == LEGACY_BROWSERS_BY_DEFAULT


VALUES: list[JsonValue] = [None, True, False, 7, "", "a", [], ["ie9", 1, None, ["b"]], {"a": []}]


@given(st.dictionaries(st.sampled_from(NAMES), st.sampled_from(VALUES)))
def test_whatever_was_kept_can_be_read(options: dict[str, JsonValue]) -> None:
    assert hash(read_project_rules(options)) is not None
