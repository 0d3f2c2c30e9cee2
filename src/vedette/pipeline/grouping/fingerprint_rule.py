"""Fingerprint rules as nouns, and the search for the first one that matches."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from vedette.pipeline.grouping.event_facts import EventFacts, FrameFacts
from vedette.pipeline.grouping.stack_rule import ExceptionFacts


@dataclass(frozen=True, slots=True)
class EventMatcher:
    """Asks for something that an event has once."""

    holds: Callable[[EventFacts], bool]


@dataclass(frozen=True, slots=True)
class ExceptionMatcher:
    """Asks for something of an exception: all that a rule asks must hold for the same one."""

    holds: Callable[[ExceptionFacts], bool]


@dataclass(frozen=True, slots=True)
class FrameMatcher:
    """Asks for something of a frame; all such matchers of a rule must hold for the same one."""

    holds: Callable[[FrameFacts], bool]


Matcher = EventMatcher | ExceptionMatcher | FrameMatcher


@dataclass(frozen=True, slots=True)
class FingerprintRule:
    """One line: when it matches, events get these values as their fingerprint."""

    text: str
    matchers: tuple[Matcher, ...]
    values: tuple[str, ...]
    title: str
    """A template; empty: the usual title."""
    origin: Literal["rule", "built-in rule"] = "rule"

    def matches(self, facts: EventFacts) -> bool:
        """Return whether every matcher holds. The cheap ones are asked first."""
        return (
            all(each.holds(facts) for each in self.matchers if isinstance(each, EventMatcher))
            and _same(
                [each for each in self.matchers if isinstance(each, ExceptionMatcher)],
                facts.exceptions,
            )
            and _same_frame(
                [each for each in self.matchers if isinstance(each, FrameMatcher)], facts.frames
            )
        )


def _same(matchers: list[ExceptionMatcher], exceptions: Iterable[ExceptionFacts]) -> bool:
    if not matchers:
        return True
    return any(all(each.holds(exception) for each in matchers) for exception in exceptions)


def _same_frame(matchers: list[FrameMatcher], frames: Iterable[FrameFacts]) -> bool:
    if not matchers:
        return True
    return any(all(each.holds(frame) for each in matchers) for frame in frames)


def first_match(rules: Iterable[FingerprintRule], facts: EventFacts) -> FingerprintRule | None:
    """Return the first rule that matches."""
    return next((rule for rule in rules if rule.matches(facts)), None)
