"""All rules of a project, compiled once and kept."""

from typing import Final

from vedette.pipeline.grouping.fingerprint_parser import parse_fingerprint_rules
from vedette.pipeline.grouping.rule_text import RuleFault
from vedette.pipeline.grouping.stack_rule_set import StackRuleSet

VERSION: Final = "vedette:2026-11"
"""The algorithm that groups new events."""


class GroupingRules:
    """What a project says of grouping. Lines that are no rules are left out; `faults` names them.

    Keep one for each pair of texts, not one for each event: compiling costs milliseconds, and what
    it learns of frames (up to 8 MB per language) makes the next event cheap. Projects without
    rules of their own can share one.
    """

    def __init__(
        self,
        stack_text: str = "",
        fingerprint_text: str = "",
        *,
        version: str = VERSION,
        former_versions: tuple[str, ...] = (),
    ) -> None:
        self.version = version
        self.former_versions = former_versions
        """Algorithms whose hashes are made too, so that known groups are found after an upgrade."""
        self.stack = StackRuleSet(stack_text)
        self.fingerprints, self.fingerprint_faults = parse_fingerprint_rules(fingerprint_text)

    @property
    def faults(self) -> tuple[RuleFault, ...]:
        """Return what is wrong with either text."""
        return (*self.stack.faults, *self.fingerprint_faults)
