"""Choose the frames of a stack that count, and say of the others why they do not."""

from typing import Final, Literal

from vedette.pipeline.grouping.code_line import code_line
from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.judged_stack import JudgedStack
from vedette.pipeline.grouping.nouns import Component
from vedette.pipeline.grouping.stack_memory import StackView

VariantName = Literal["app", "system"]

NOT_IN_APP: Final = "not in-app"
_NOT_IN_GROUP: Final = "left out by a stack-trace rule"
_OUTSIDE: Final = "part of how the error was reported, or of what ran before"
_REPEATED: Final = "recursion: the same frames again"
_BEFORE_RECURSION: Final = "caller of a recursion, which deep stacks do not show"
_AWAITING: Final = "waits for several at once, and only the first to fail shows it"
_TOO_OLD: Final = "only the newest in-app frames are sure to be there"
_BEYOND_MAX: Final = "beyond max-frames"
_CYCLE_LENGTH_MAX: Final = 8
_ENDLESS_TIMES: Final = 3


def stack_component(
    stack: JudgedStack,
    family: Family,
    variant: VariantName,
    *,
    is_overflow: bool = False,
    is_member: bool = False,
) -> StackView:
    """Return the stack as a part of the grouping.

    `is_overflow`: the recursion never ended, so where it broke is chance; its functions count,
    in any order. `is_member`: the exception is one of several that happened beside each other.
    """
    question = (
        tuple(stack.known),
        tuple(stack.in_app),
        tuple(stack.in_group),
        stack.frames_max,
        stack.frames_min,
        stack.is_inverted,
        variant,
        is_overflow,
        is_member,
    )
    known = stack.memory.get(question)
    if known is not None:
        line = _line_of(stack, family, known.line_index)
        view = known.views.get(line)
        if view is not None:
            return view
    line_index, line, view = _found_out(
        stack, family, variant, is_overflow=is_overflow, is_member=is_member
    )
    # Of frames that nobody remembers every event has objects of its own.
    if all(frame.is_kept for frame in stack.known):
        stack.memory.keep(question, line_index, line, view, len(stack.known))
    return view


def _line_of(stack: JudgedStack, family: Family, index: int | None) -> str:
    if index is None or not family.uses_context_line:
        return ""
    return code_line(stack.sources[index])


def _found_out(
    stack: JudgedStack,
    family: Family,
    variant: VariantName,
    *,
    is_overflow: bool,
    is_member: bool,
) -> tuple[int | None, str, StackView]:
    """Return the view, the frame whose line counts, and that line."""
    parts, candidates = _candidates(stack, family, variant)
    if is_member:
        candidates = _without_awaiting(stack, family, parts, candidates)
    if is_overflow:
        endless = _endless_component(stack, candidates)
        if endless is not None:
            return None, "", StackView(endless, is_weak=False)
    candidates = _without_recursion(stack, family, parts, candidates)
    candidates = _newest(stack, family, variant, parts, candidates)
    for index in candidates:
        parts[index] = stack.known[index].component
    line_index = candidates[-1] if candidates else None
    line = _line_of(stack, family, line_index)
    if line_index is not None and line:
        parts[line_index] = stack.known[line_index].with_context(line)
    contributes, hint = True, ""
    if stack.frames_min is not None and len(candidates) < stack.frames_min:
        contributes, hint = False, f"fewer frames than min-frames={stack.frames_min}"
    elif not candidates:
        contributes, hint = False, "no frame counts"
    values = parts[::-1] if stack.is_inverted else parts
    view = StackView(
        Component("stacktrace", tuple(values), contributes=contributes, hint=hint),
        is_weak=_is_weak(stack, variant, candidates),
    )
    return line_index, line, view


def _candidates(
    stack: JudgedStack, family: Family, variant: VariantName
) -> tuple[list[Component], list[int]]:
    """Return every frame as refused, and which ones are not refused at once."""
    begin, end = family.counted_part([each.sent for each in stack.known])
    is_app = variant == "app"
    parts: list[Component] = []
    candidates: list[int] = []
    for index, frame in enumerate(stack.known):
        if not begin <= index < end:
            parts.append(frame.refused(_OUTSIDE))
        elif is_app and not stack.in_app[index]:
            parts.append(frame.refused(NOT_IN_APP))
        elif not stack.in_group[index]:
            parts.append(frame.refused(_NOT_IN_GROUP))
        else:
            parts.append(frame.component)
            if frame.component.contributes:
                candidates.append(index)
    return parts, candidates


def _without_awaiting(
    stack: JudgedStack, family: Family, parts: list[Component], candidates: list[int]
) -> list[int]:
    awaiting = [index for index in candidates[:-1] if family.is_awaiting(stack.known[index].sent)]
    if not awaiting:
        return candidates
    for index in candidates:
        if index <= awaiting[-1]:
            parts[index] = stack.known[index].refused(_AWAITING)
    return [index for index in candidates if index > awaiting[-1]]


def _without_recursion(
    stack: JudgedStack, family: Family, parts: list[Component], candidates: list[int]
) -> list[int]:
    """Keep one round of every cycle, so that the depth of a recursion does not matter."""
    texts = [stack.known[index].component.text for index in candidates]
    if len(set(texts)) == len(texts):
        return candidates
    kept: list[int] = []
    kept_texts: list[str] = []
    recursion_begin = None
    for index, text in zip(candidates, texts, strict=True):
        kept.append(index)
        kept_texts.append(text)
        for length in range(1, min(_CYCLE_LENGTH_MAX, len(kept) // 2) + 1):
            if kept_texts[-length:] == kept_texts[-2 * length : -length]:
                for repeated in kept[-2 * length : -length]:
                    parts[repeated] = stack.known[repeated].refused(_REPEATED)
                # The newest round stays: it has the line at which the error broke out.
                del kept[-2 * length : -length], kept_texts[-2 * length : -length]
                recursion_begin = len(kept) - length
                break
    if recursion_begin is not None and not family.callers_of_recursion_count:
        for index in kept[:recursion_begin]:
            parts[index] = stack.known[index].refused(_BEFORE_RECURSION)
        kept = kept[recursion_begin:]
    return kept


def _newest(
    stack: JudgedStack,
    family: Family,
    variant: VariantName,
    parts: list[Component],
    candidates: list[int],
) -> list[int]:
    limit, hint = stack.frames_max, _BEYOND_MAX
    if limit is None and variant == "app":
        limit, hint = family.frames_in_app_max, _TOO_OLD
    if not limit or len(candidates) <= limit:
        return candidates
    for index in candidates[:-limit]:
        parts[index] = stack.known[index].refused(hint)
    return candidates[-limit:]


def _endless_component(stack: JudgedStack, candidates: list[int]) -> Component | None:
    """Return the functions of the cycle; None if no function is there often enough."""
    times: dict[str, int] = {}
    first: dict[str, int] = {}
    for index in candidates:
        text = stack.known[index].component.text
        times[text] = times.get(text, 0) + 1
        first.setdefault(text, index)
    cycle = sorted(text for text, count in times.items() if count >= _ENDLESS_TIMES)
    if not cycle:
        return None
    return Component(
        "stacktrace",
        tuple(stack.known[first[text]].component for text in cycle),
        hint="endless recursion: its functions in any order",
    )


def _is_weak(stack: JudgedStack, variant: VariantName, candidates: list[int]) -> bool:
    for index in range(len(stack.known) - 1, -1, -1):
        if candidates and index == candidates[-1]:
            return stack.known[index].is_weak
        seen = variant == "system" or stack.in_app[index]
        if seen and stack.in_group[index] and stack.known[index].is_weak:
            return True
    return False
