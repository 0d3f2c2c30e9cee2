"""What grouping knows about a family of languages."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from vedette.pipeline.grouping.frame import SentFrame, StableNames


def count_all_frames(functions: Sequence[SentFrame]) -> tuple[int, int]:
    """Return the whole stack as the part that counts."""
    return 0, len(functions)


@dataclass(frozen=True, slots=True)
class Family:
    """One family; the files beside this one hold one each."""

    name: str
    platforms: tuple[str, ...]
    rule_family: str
    """What the `family:` matcher of rules calls it: javascript, native or other."""
    stable_names: Callable[[SentFrame], StableNames]
    rules_if_silent: str = ""
    """Stack-trace rules whose +app and -app count only where the SDK did not say."""
    rules_always: str = ""
    """Stack-trace rules that correct what the SDK said."""
    distrusts_all_false: bool = False
    """If the SDK calls every frame foreign, then it could not tell: the rules decide."""
    uses_context_line: bool = False
    frames_in_app_max: int = 0
    """How many of the newest in-app frames count; 0: all."""
    callers_of_recursion_count: bool = True
    """False where deep stacks are cut at so few frames that the depth decides who is seen."""
    counted_part: Callable[[Sequence[SentFrame]], tuple[int, int]] = count_all_frames
    """Which frames count, as begin and end: without crash machinery and foreign beginnings."""
    is_awaiting: Callable[[SentFrame], bool] = field(default=lambda _: False)
    """Whether a frame is a caller that waits: of errors that happened beside each other only the
    first one shows them."""
    value_counts: Callable[[str, str, bool], str] = field(default=lambda *_: "")
    """Given type, value and whether the level is fatal: why the value counts although there is a
    stack; empty: it does not."""
    wrappers: frozenset[str] = frozenset()
    """Exception types that only carry another one."""
    canonical_value: Callable[[str], str] = field(default=lambda value: value)
    """The value in one form, whichever runtime or SDK version wrote it."""


def matches_any(text: str, parts: tuple[str, ...]) -> bool:
    """Return whether any of `parts` is in `text`."""
    return any(part in text for part in parts)
