"""What all strategies need of one event: its family, its rules, its stacks, each read once."""

from collections.abc import Iterator

from vedette.model.json_value import JsonObject, JsonValue
from vedette.pipeline.grouping.exception_order import EXCEPTION_COUNT_MAX
from vedette.pipeline.grouping.families.catalogue import family_of
from vedette.pipeline.grouping.images import Images
from vedette.pipeline.grouping.json_reading import list_of, object_of, text_of, values_of
from vedette.pipeline.grouping.judged_stack import Judge, JudgedStack, judge_stack, listen
from vedette.pipeline.grouping.stack_rule import ExceptionFacts
from vedette.pipeline.grouping.stack_rule_set import StackRuleSet

_THREADS_MAX = 200


class EventContext:
    """One event while it is grouped."""

    def __init__(self, event: JsonObject, stack_rules: StackRuleSet) -> None:
        self.event = event
        self.platform = text_of(event.get("platform"))[:64] or "other"
        self.family = family_of(
            self.platform, text_of(object_of(event.get("sdk")).get("name"))[:64]
        )
        self.is_fatal = event.get("level") == "fatal"
        self.exceptions = values_of(event.get("exception"), EXCEPTION_COUNT_MAX)
        self.threads = values_of(event.get("threads"), _THREADS_MAX)
        self._judge = Judge(
            stack_rules.book_of(self.family), self.platform, listen(self._all_frames())
        )
        is_native = self.family.rule_family == "native" and "debug_meta" in event
        self._images = Images(event["debug_meta"]) if is_native else None
        self.exception_stacks: list[JudgedStack | None] = [
            self._stack(value.get("stacktrace"), f"exception.{index}", exception_facts(value))
            for index, value in enumerate(self.exceptions)
        ]
        self.any_frame_counts = any(_has_counting_frame(each) for each in self.exception_stacks)
        """In any exception's stack, whoever's code it is."""
        self.thread_index = self._telling_thread()
        self.thread_stack = self._thread_stack()
        self.event_stack = self._stack(event.get("stacktrace"), "stacktrace", ExceptionFacts())

    @property
    def stacks(self) -> list[JudgedStack]:
        """All stacks that were looked at."""
        stacks = [*self.exception_stacks, self.thread_stack, self.event_stack]
        return [stack for stack in stacks if stack is not None]

    @property
    def message(self) -> tuple[str, str]:
        """The message as it was written in the program, and as it was shown."""
        entry = object_of(self.event.get("logentry"))
        shown = text_of(entry.get("formatted"))
        return text_of(entry.get("message")) or shown, shown or text_of(entry.get("message"))

    def thread_has_crashed(self) -> bool:
        """Return whether the thread that was chosen is one that crashed."""
        index = self.thread_index
        return index is not None and self.threads[index].get("crashed") is True

    def _telling_thread(self) -> int | None:
        """Return the one thread that crashed, else the one that is current, else the only one."""
        for mark in ("crashed", "current"):
            marked = [i for i, thread in enumerate(self.threads) if thread.get(mark) is True]
            if marked:
                return marked[0] if len(marked) == 1 else None
        return 0 if len(self.threads) == 1 else None

    def _thread_stack(self) -> JudgedStack | None:
        if self.thread_index is None:
            return None
        thread = self.threads[self.thread_index]
        place = f"thread.{self.thread_index}"
        return self._stack(thread.get("stacktrace"), place, ExceptionFacts())

    def _all_frames(self) -> Iterator[list[JsonValue]]:
        for holder in (*self.exceptions, *self.threads, self.event):
            yield _frames_of(holder.get("stacktrace"))

    def _stack(
        self, stacktrace: JsonValue, place: str, facts: ExceptionFacts
    ) -> JudgedStack | None:
        frames = _frames_of(stacktrace)
        if not frames:
            return None
        if self._images is not None:
            frames = self._images.locate(frames)
        stack = judge_stack(self._judge, frames, place=place, facts=facts)
        return stack if stack.known else None


def _frames_of(stacktrace: JsonValue) -> list[JsonValue]:
    return list_of(object_of(stacktrace).get("frames"))


def _has_counting_frame(stack: JudgedStack | None) -> bool:
    return stack is not None and any(
        frame.component.contributes and in_group
        for frame, in_group in zip(stack.known, stack.in_group, strict=True)
    )


def exception_facts(value: JsonObject) -> ExceptionFacts:
    """Return what stack-trace rules may ask about an exception."""
    return ExceptionFacts(
        text_of(value.get("type")),
        text_of(value.get("value")),
        text_of(object_of(value.get("mechanism")).get("type")),
    )
