"""Which issue an event belongs to, and why: pure functions over the normalised event."""

from vedette.pipeline.grouping.group_event import group_event
from vedette.pipeline.grouping.nouns import (
    Component,
    FingerprintUsed,
    FrameDecision,
    GroupHash,
    Grouping,
    Variant,
)
from vedette.pipeline.grouping.rule_text import RuleFault
from vedette.pipeline.grouping.rules import VERSION, GroupingRules
from vedette.pipeline.grouping.why_grouped import why_grouped

__all__ = [
    "VERSION",
    "Component",
    "FingerprintUsed",
    "FrameDecision",
    "GroupHash",
    "Grouping",
    "GroupingRules",
    "RuleFault",
    "Variant",
    "group_event",
    "why_grouped",
]
