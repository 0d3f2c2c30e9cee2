"""What fingerprint rules and variables may ask about an event."""

from dataclasses import dataclass
from functools import cached_property

from vedette.pipeline.grouping.context import EventContext, exception_facts
from vedette.pipeline.grouping.frame import SentFrame, base_name
from vedette.pipeline.grouping.json_reading import list_of, object_of, text_of
from vedette.pipeline.grouping.stack_rule import ExceptionFacts

_PAIR = 2
_MESSAGES_MAX = 10
"""Of the newest exceptions; each is tried by every rule that asks for the message."""


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """A frame and whether it was decided to be in-app."""

    sent: SentFrame
    in_app: bool


class EventFacts:
    """One event, as rules ask about it; what nobody asks for is not made."""

    def __init__(self, context: EventContext, main_index: int | None) -> None:
        self._context = context
        self.family = context.family.rule_family
        self._main_index = main_index

    @cached_property
    def exceptions(self) -> list[ExceptionFacts]:
        """Every exception, the main one last."""
        return [exception_facts(value) for value in self._context.exceptions]

    @cached_property
    def frames(self) -> list[FrameFacts]:
        """The frames of all stacks, each only once."""
        found: dict[tuple[SentFrame, bool], None] = {}
        for stack in self._context.stacks:
            for frame, in_app in zip(stack.known, stack.in_app, strict=True):
                found[frame.sent, in_app] = None
        return [FrameFacts(sent, in_app) for sent, in_app in found]

    @property
    def message(self) -> str:
        """The message as it was shown; else the main exception's value."""
        return self._context.message[1] or self.main.value

    @cached_property
    def messages(self) -> list[str]:
        """Everything that a `message` matcher may mean."""
        values = [
            text
            for each in self.exceptions[-_MESSAGES_MAX:]
            for text in (each.value, f"{each.type}: {each.value}")
        ]
        return [self._context.message[1], *values]

    @property
    def main(self) -> ExceptionFacts:
        """The exception that names the issue."""
        index = self._main_index
        return ExceptionFacts() if index is None else self.exceptions[index]

    @cached_property
    def crash_frame(self) -> SentFrame | None:
        """The newest in-app frame of the main exception, else of a thread, else the newest."""
        context = self._context
        main = None if self._main_index is None else context.exception_stacks[self._main_index]
        others = [*reversed(context.exception_stacks), context.thread_stack, context.event_stack]
        stacks = [main, *others]
        stack = next((each for each in stacks if each is not None), None)
        index = stack.crash_index if stack is not None else None
        return stack.known[index].sent if stack is not None and index is not None else None

    def field(self, name: str) -> str:
        """Return a field of the event itself: level, logger, release and so on."""
        return text_of(self._context.event.get(name))

    @property
    def sdk(self) -> str:
        """The SDK's name, such as `sentry.python.django`."""
        return text_of(object_of(self._context.event.get("sdk")).get("name"))

    def thread(self, name: str) -> str:
        """Return a field of the thread that crashed, is current, or is the only one."""
        index = self._context.thread_index
        return "" if index is None else text_of(self._context.threads[index].get(name))

    def tag(self, name: str) -> str | None:
        """Return a tag's value; None if the event does not have it."""
        for pair in list_of(self._context.event.get("tags")):
            parts = list_of(pair)
            if len(parts) == _PAIR and parts[0] == name:
                return text_of(parts[1])
        value = self.field(name) if name in ("level", "logger", "environment", "release") else ""
        return value or None


def package_name(frame: SentFrame) -> str:
    """Return the package without its path."""
    return base_name(frame.package)
