"""What an issue is called, and where it happened."""

from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.context import EventContext
from vedette.pipeline.grouping.json_reading import object_of, text_of
from vedette.pipeline.grouping.judged_stack import JudgedStack
from vedette.pipeline.grouping.message_shape import first_line

_TITLE_LENGTH_MAX: Final = 256
_CULPRIT_LENGTH_MAX: Final = 200
_UNLABELED: Final = "<unlabeled event>"


def title_of(context: EventContext, main_index: int | None) -> str:
    """Return `Type: first line of the value`, or the message's first line."""
    title = ""
    if main_index is not None:
        stack = context.exception_stacks[main_index]
        title = _exception_title(context, context.exceptions[main_index], stack)
    title = title or first_line(context.message[1]) or _stack_title(context.thread_stack)
    title = title or _stack_title(context.event_stack) or _template_title(context) or _UNLABELED
    return _cut(title, _TITLE_LENGTH_MAX)


def _exception_title(context: EventContext, value: JsonObject, stack: JudgedStack | None) -> str:
    mechanism = object_of(value.get("mechanism"))
    exception_type, line = text_of(value.get("type")), first_line(text_of(value.get("value")))
    if mechanism.get("synthetic") is True:
        # The type was made up: what was thrown, or where the program was, says more.
        if context.family.name == "javascript" and line:
            return line
        function = _crash_function(stack)
        if function:
            return f"{exception_type} in {function}" if exception_type else function
    if exception_type and line:
        return f"{exception_type}: {line}"
    return exception_type or line or _crash_function(stack)


def _stack_title(stack: JudgedStack | None) -> str:
    return _crash_function(stack)


def _crash_function(stack: JudgedStack | None) -> str:
    if stack is None or stack.crash_index is None:
        return ""
    known = stack.known[stack.crash_index]
    return known.sent.function or known.names.function


def _template_title(context: EventContext) -> str:
    filename = text_of(object_of(context.event.get("template")).get("filename"))
    return f"error in template {filename}" if filename else ""


def culprit_of(context: EventContext, main_index: int | None) -> str:
    """Return where it happened: as the SDK says, else the newest in-app frame."""
    given = text_of(context.event.get("culprit")) or text_of(context.event.get("transaction"))
    if given:
        return _cut(given, _CULPRIT_LENGTH_MAX)
    stack = context.exception_stacks[main_index] if main_index is not None else None
    stack = stack or context.thread_stack or context.event_stack
    if stack is None or stack.crash_index is None:
        return ""
    sent = stack.known[stack.crash_index].sent
    where = sent.module or sent.filename or sent.abs_path
    if context.family.name == "javascript":
        culprit = f"{sent.function or '?'}({where})" if where else sent.function
    else:
        culprit = (
            f"{where} in {sent.function}" if where and sent.function else where or sent.function
        )
    return _cut(culprit, _CULPRIT_LENGTH_MAX)


def _cut(text: str, length_max: int) -> str:
    return text if len(text) <= length_max else text[: length_max - 3] + "..."
