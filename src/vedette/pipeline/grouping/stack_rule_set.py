"""A project's stack-trace rules behind those that come with each language family."""

from functools import lru_cache

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame_book import FrameBook
from vedette.pipeline.grouping.stack_rule import StackRule
from vedette.pipeline.grouping.stack_rule_parser import parse_stack_rules


class StackRuleSet:
    """Stack-trace rules, compiled once; remembers the frames that they were tried on."""

    def __init__(self, text: str = "") -> None:
        self.rules, self.faults = parse_stack_rules(text)
        self._books: dict[str, FrameBook] = {}

    def book_of(self, family: Family) -> FrameBook:
        """Return what is known of the family's frames under these rules."""
        book = self._books.get(family.name)
        if book is None:
            book = FrameBook(family, (*built_in_rules(family), *self.rules))
            self._books[family.name] = book
        return book


@lru_cache(maxsize=32)
def built_in_rules(family: Family) -> tuple[StackRule, ...]:
    """Return the rules that come with a family."""
    silent, faults = parse_stack_rules(family.rules_if_silent, only_if_silent=True)
    always, more_faults = parse_stack_rules(family.rules_always)
    assert not faults, faults
    assert not more_faults, more_faults
    return (*silent, *always)
