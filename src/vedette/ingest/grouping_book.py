"""Rules of grouping, compiled once for each pair of texts that projects have."""

from typing import Final

from vedette.model.project_rules import GroupingTexts
from vedette.pipeline.grouping import GroupingRules

RULES_COUNT_MAX: Final = 32
"""Each may learn some megabytes of frames; most projects share the one without texts."""


class GroupingBook:
    """Keeps the rules that were asked for last."""

    def __init__(self) -> None:
        self._rules: dict[GroupingTexts, GroupingRules] = {}

    def rules_of(self, texts: GroupingTexts) -> GroupingRules:
        """Return the rules that these texts are."""
        rules = self._rules.pop(texts, None)
        if rules is None:
            rules = GroupingRules(texts.stack_rules, texts.fingerprint_rules)
        # The newest stands last; who is asked for least often goes first.
        self._rules[texts] = rules
        if len(self._rules) > RULES_COUNT_MAX:
            del self._rules[next(iter(self._rules))]
        return rules
