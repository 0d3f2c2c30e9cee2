"""What was decided of stacks that were seen before: programs break in the same places again."""

from collections.abc import Hashable
from dataclasses import dataclass, field
from typing import Final, TypeAlias

from vedette.pipeline.grouping.nouns import Component

FRAMES_MAX: Final = 32_768
"""In all stacks together. When there are more, the memory begins anew, as the book of frames."""
LINES_MAX: Final = 8
"""At which one stack breaks out: few, as its last function is always the same."""

Question: TypeAlias = tuple[Hashable, ...]
"""All that the decision depends on, but the line of code. The first of it are the frames."""


@dataclass(frozen=True, slots=True)
class StackView:
    """A stack as one variant sees it."""

    component: Component
    is_weak: bool
    """Whether the place of the crash has no lasting name."""


@dataclass(frozen=True, slots=True)
class KnownStack:
    """A stack with its views, by the line at which it broke out."""

    line_index: int | None
    """The frame whose line counts, if any does."""
    views: dict[str, StackView] = field(default_factory=dict)


class StackMemory:
    """Keeps stacks by their question."""

    def __init__(self) -> None:
        self._known: dict[Question, KnownStack] = {}
        self._frame_count = 0

    def get(self, question: Question) -> KnownStack | None:
        """Return what is known of the stack."""
        return self._known.get(question)

    def keep(
        self, question: Question, line_index: int | None, line: str, view: StackView, frames: int
    ) -> None:
        """Remember how a stack of so many frames is seen."""
        known = self._known.get(question)
        if known is None:
            if self._frame_count + frames > FRAMES_MAX:
                self.forget()
            known = self._known[question] = KnownStack(line_index)
            self._frame_count += frames
        if len(known.views) < LINES_MAX:
            known.views[line] = view

    def forget(self) -> None:
        """Begin anew: with the frames, as no stack of forgotten frames is ever asked for."""
        self._known.clear()
        self._frame_count = 0
