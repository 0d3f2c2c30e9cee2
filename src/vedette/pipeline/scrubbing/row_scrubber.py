"""The scrubber of spans, logs and metrics: the default rules, a project's fields, addresses."""

from functools import lru_cache

from vedette.model.project_rules import ScrubRules
from vedette.native import KeyRules, Scrubber


@lru_cache(maxsize=256)
def row_scrubber(rules: ScrubRules) -> Scrubber | None:
    """Return the scrubber that these rules mean; None if nothing is to be taken out."""
    if not rules.is_on and not rules.addresses:
        return None
    return Scrubber(key_rules(rules), rules.addresses)


def key_rules(rules: ScrubRules) -> KeyRules:
    """Return how names are judged under these rules."""
    if not rules.is_on:
        return KeyRules(False, (), ())  # noqa: FBT003 - the extension takes no names
    return KeyRules(rules.with_defaults, rules.sensitive_fields, rules.safe_fields)
