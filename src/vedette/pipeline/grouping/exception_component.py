"""An exception as a part of the grouping: type, stack, and the value if these say too little."""

import re
from dataclasses import dataclass
from typing import Final

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.context import EventContext
from vedette.pipeline.grouping.json_reading import object_of, text_of
from vedette.pipeline.grouping.message_shape import (
    first_line,
    head_of,
    shape_of,
    without_quoted,
)
from vedette.pipeline.grouping.nouns import Component
from vedette.pipeline.grouping.stack_component import VariantName, stack_component
from vedette.pipeline.grouping.stack_memory import StackView

_STACK_SAYS_IT: Final = "the stack trace says it"
_OWN_STACK: Final = "the stack is the SDK's own: nothing was thrown"
_NO_TYPE: Final = "made up by the SDK"
_MINIFIED_TYPE: Final = "a minified name: the next build gives another"
_OVERFLOWS: Final = frozenset(
    ("RecursionError", "StackOverflowError", "StackOverflowException", "SystemStackError")
)
_OVERFLOW_VALUE: Final = re.compile(r"Maximum call stack size exceeded|too much recursion")
_MINIFIED_LENGTH_MAX: Final = 2


@dataclass(frozen=True, slots=True)
class ExceptionView:
    """An exception as one variant sees it."""

    component: Component
    has_stack: bool
    """Whether its stack counts."""


def exception_component(
    context: EventContext, index: int, variant: VariantName, *, is_member: bool = False
) -> ExceptionView:
    """Return one exception of the event as a part of the grouping."""
    value = context.exceptions[index]
    mechanism = object_of(value.get("mechanism"))
    is_synthetic = mechanism.get("synthetic") is True
    exception_type, text = text_of(value.get("type")), text_of(value.get("value"))
    is_javascript = context.family.name == "javascript"
    # What JavaScript SDKs make up has the stack of the call into the SDK; crash reporters of
    # native code make up the type alone.
    only_value = is_javascript and bool(text) and (is_synthetic or not exception_type)
    view = None if only_value else _stack_view(context, index, variant, is_member=is_member)
    has_stack = view is not None and view.component.contributes
    parts = [
        _type_component(exception_type, is_synthetic=is_synthetic, is_javascript=is_javascript),
        _value_component(context, index, view),
    ]
    error_code = _error_code(mechanism)
    if error_code is not None:
        parts.append(error_code)
    if only_value:
        if context.exception_stacks[index] is not None:
            parts.append(Component("stacktrace", contributes=False, hint=_OWN_STACK))
    elif view is not None:
        parts.append(view.component)
    return ExceptionView(Component("exception", tuple(parts)), has_stack)


def _stack_view(
    context: EventContext, index: int, variant: VariantName, *, is_member: bool
) -> StackView | None:
    stack = context.exception_stacks[index]
    if stack is None:
        return None
    value = context.exceptions[index]
    is_overflow = text_of(value.get("type")) in _OVERFLOWS or bool(
        _OVERFLOW_VALUE.match(text_of(value.get("value")))
    )
    return stack_component(
        stack, context.family, variant, is_overflow=is_overflow, is_member=is_member
    )


def _type_component(sent: str, *, is_synthetic: bool, is_javascript: bool) -> Component:
    if is_synthetic:
        return Component("type", (sent,), contributes=False, hint=_NO_TYPE)
    if is_javascript and 0 < len(sent) <= _MINIFIED_LENGTH_MAX:
        return Component("type", (sent,), contributes=False, hint=_MINIFIED_TYPE)
    return Component("type", (sent,))


def _value_component(context: EventContext, index: int, view: StackView | None) -> Component:
    value = context.exceptions[index]
    text = text_of(value.get("value"))
    if view is None:
        template, shown = context.message
        if template != shown and shown == text:
            return Component("value", (shape_of(head_of(template)),), hint="the message's template")
        shape = shape_of(head_of(context.family.canonical_value(text)))
        return Component("value", (shape,), hint="with placeholders" if shape != text else "")
    why = _why_value_counts(context, value, view)
    if not why:
        return Component("value", (text,), contributes=False, hint=_STACK_SAYS_IT)
    line = first_line(context.family.canonical_value(text))
    return Component("value", (without_quoted(shape_of(line)),), hint=why)


def _why_value_counts(context: EventContext, value: JsonObject, view: StackView) -> str:
    if view.is_weak:
        return "the place of the crash has no lasting name"
    if not view.component.contributes:
        # A cause in foreign code beside an exception with in-app frames is known by its type.
        return "" if context.any_frame_counts else "no frame counts"
    return context.family.value_counts(
        text_of(value.get("type")), text_of(value.get("value")), context.is_fatal
    )


def _error_code(mechanism: JsonObject) -> Component | None:
    error = object_of(object_of(mechanism.get("meta")).get("ns_error"))
    domain, code = text_of(error.get("domain")), text_of(error.get("code"))
    if not domain and not code:
        return None
    return Component("ns_error", (Component("domain", (domain,)), Component("code", (code,))))
