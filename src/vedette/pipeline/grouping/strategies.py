"""The ways to see what an event is about, in the order in which they are tried."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

from vedette.pipeline.grouping.code_line import code_line
from vedette.pipeline.grouping.context import EventContext
from vedette.pipeline.grouping.exception_component import ExceptionView, exception_component
from vedette.pipeline.grouping.exception_order import (
    ExceptionGroupTree,
    carried_only,
    main_exception,
    read_group,
)
from vedette.pipeline.grouping.frame import base_name
from vedette.pipeline.grouping.json_reading import object_of, text_of
from vedette.pipeline.grouping.judged_stack import JudgedStack
from vedette.pipeline.grouping.message_shape import head_of, shape_of
from vedette.pipeline.grouping.nouns import Component
from vedette.pipeline.grouping.stack_component import VariantName, stack_component

_WORDS_MIN: Final = 2
"""A message of fewer words than this says too little on its own."""
_UNSPACED_FROM: Final = "\u2e80"
_LOCAL_WORDS: Final = (
    "self",
    "inline",
    "unsafe-inline",
    "eval",
    "unsafe-eval",
    "data",
    "blob",
    "wasm-eval",
)


@dataclass(frozen=True, slots=True)
class Seen:
    """What a strategy saw."""

    component: Component
    has_stack: bool = False
    main_index: int | None = None
    """Of the exceptions, if the strategy chose one."""


Strategy = Callable[[EventContext, VariantName], Seen | None]


def see_exceptions(context: EventContext, variant: VariantName) -> Seen | None:
    """See the exceptions: a chain in its order, or what happened beside each other."""
    if not context.exceptions:
        return None
    group = read_group(context.exceptions)
    views = [
        exception_component(
            context, index, variant, is_member=group is not None and index != group.root
        )
        for index in range(len(context.exceptions))
    ]
    if group is not None:
        return _see_group(group, views)
    wraps = carried_only(context.exceptions, context.family)
    parts: list[Component] = []
    seen: set[str] = set()
    has_stack = False
    for view, only_carries in zip(views, wraps, strict=True):
        component = view.component
        if only_carries:
            component = component.without("only carries another exception")
        elif component.text in seen:
            component = component.without("the same as another exception of the chain")
        else:
            has_stack = has_stack or view.has_stack
            seen.add(component.text)
        parts.append(component)
    main = main_exception(context.exceptions, wraps)
    if len(parts) == 1:
        return Seen(parts[0], has_stack, main)
    return Seen(Component("chained_exception", tuple(parts)), has_stack, main)


def _see_group(group: ExceptionGroupTree, views: list[ExceptionView]) -> Seen:
    """Group by the one kind of member, or by the group and its kinds in any order."""
    kinds: dict[str, Component] = {}
    first: dict[str, int] = {}
    for path in group.members:
        parts = tuple(views[index].component for index in path)
        member = parts[0] if len(parts) == 1 else Component("chained_exception", parts)
        kinds.setdefault(member.text, member)
        first.setdefault(member.text, path[0])
    members = [index for path in group.members for index in path]
    has_stack = any(views[index].has_stack for index in members)
    if len(kinds) == 1:
        ((text, member),) = kinds.items()
        root = views[group.root].component.without("all its members are of one kind")
        return Seen(Component("exception_group", (root, member)), has_stack, first[text])
    sorted_kinds = tuple(kinds[text] for text in sorted(kinds))
    component = Component("exception_group", (views[group.root].component, *sorted_kinds))
    return Seen(component, has_stack or views[group.root].has_stack, group.root)


def see_spoken_message(context: EventContext, variant: VariantName) -> Seen | None:
    """See a message that a program sent on purpose; its stack only says where the helper is."""
    if context.exceptions or context.thread_has_crashed():
        return None
    message = _message_component(context)
    if message is None:
        return None
    if _says_enough(message.text):
        return Seen(message)
    logger = Component("logger", (text_of(context.event.get("logger")),))
    stack = context.thread_stack or context.event_stack
    view = None if stack is None else stack_component(stack, context.family, variant)
    hint = "the message says too little on its own"
    parts = (message, logger) if view is None else (message, logger, view.component)
    has_stack = view is not None and view.component.contributes
    return Seen(Component("message_with_place", parts, hint=hint), has_stack)


def _says_enough(text: str) -> bool:
    words = [word for word in text.split() if any(each.isalpha() for each in word)]
    # Chinese, Japanese and their like write no blanks between words.
    unspaced = sum(each > _UNSPACED_FROM for each in text) // _WORDS_MIN
    return unspaced + sum(not word.startswith("<") for word in words) >= _WORDS_MIN


def _message_component(context: EventContext) -> Component | None:
    template, shown = context.message
    text = head_of(template)
    if not text:
        return None
    shape = shape_of(text)
    hint = "with placeholders" if shape != text else ""
    if template != shown:
        hint = "as it is written in the program"
    return Component("message", (shape,), hint=hint)


def see_thread(context: EventContext, variant: VariantName) -> Seen | None:
    """See the stack of the thread that crashed, is current, or is the only one."""
    return _see_stack(context, context.thread_stack, variant, "threads")


def see_stacktrace(context: EventContext, variant: VariantName) -> Seen | None:
    """See the event's own stack, as very old SDKs send it."""
    return _see_stack(context, context.event_stack, variant, "")


def _see_stack(
    context: EventContext, stack: JudgedStack | None, variant: VariantName, name: str
) -> Seen | None:
    if stack is None:
        return None
    component = stack_component(stack, context.family, variant).component
    has_stack = component.contributes
    return Seen(Component(name, (component,)) if name else component, has_stack)


def see_template(context: EventContext, _variant: VariantName) -> Seen | None:
    """See the template that could not be rendered."""
    template = object_of(context.event.get("template"))
    if not template:
        return None
    path = text_of(template.get("filename")) or text_of(template.get("abs_path"))
    filename = Component("filename", (base_name(path),))
    line = Component("context_line", (code_line(template),))
    return Seen(Component("template", (filename, line)))


def see_security_report(context: EventContext, _variant: VariantName) -> Seen | None:
    """See what a browser reported: which rule of the policy, and what it stopped."""
    for name in ("csp", "hpkp", "expectct", "expectstaple"):
        report = object_of(context.event.get(name))
        if report:
            break
    else:
        return None
    if name != "csp":
        host = Component("hostname", (text_of(report.get("hostname")),))
        return Seen(Component(name, (Component("kind", (name,)), host)))
    directive = text_of(report.get("effective_directive")) or text_of(
        report.get("violated_directive")
    )
    blocked = text_of(report.get("blocked_uri")).strip("'")
    directive_part = Component("directive", (directive.partition(" ")[0],))
    return Seen(Component("csp", (directive_part, _blocked_component(blocked))))


def _blocked_component(blocked: str) -> Component:
    scheme = blocked.partition(":")[0]
    if blocked in _LOCAL_WORDS or scheme in ("data", "blob"):
        return Component("violation", (f"'{scheme}'",))
    try:
        host = urlsplit(blocked).hostname or blocked
    except ValueError:
        host = blocked
    return Component("uri", (host or "'self'",), hint="the host alone")


def see_message(context: EventContext, _variant: VariantName) -> Seen | None:
    """See the message of an event that has nothing better."""
    message = _message_component(context)
    return None if message is None else Seen(message)


STRATEGIES: Final[tuple[Strategy, ...]] = (
    see_security_report,
    see_exceptions,
    see_spoken_message,
    see_thread,
    see_stacktrace,
    see_template,
    see_message,
)
"""The first one that sees something that contributes wins."""
