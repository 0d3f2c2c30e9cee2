"""Go: an error's stack is where it was reported, closures are numbered, inlining renames."""

import re
from collections.abc import Sequence
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_CLOSURE: Final = re.compile(
    r"(?:\.func\d+|\.gowrap\d+|\.deferwrap\d+|-range\d+)(?:\.\d+|\.func\d+|\.gowrap\d+)*$"
)
_TYPE_PARAMETERS: Final = re.compile(r"\[[^\]]{0,400}\]")
_STANDARD: Final = (
    "archive", "bufio", "bytes", "cmp", "compress", "container", "context", "crypto", "database",
    "debug", "embed", "encoding", "errors", "expvar", "flag", "fmt", "go", "hash", "html", "image",
    "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin",
    "reflect", "regexp", "runtime", "slices", "sort", "strconv", "strings", "structs", "sync",
    "syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "weak",
)  # fmt: skip
_SAYS_NOTHING: Final = frozenset(
    (
        "*errors.errorString",
        "*errors.fundamental",
        "*errors.joinError",
        "*errors.withMessage",
        "*errors.withStack",
        "*exec.ExitError",
        "*fmt.wrapError",
        "*fmt.wrapErrors",
        "*multierror.Error",
        "*status.Error",
        "*status.statusError",
        "*xerrors.errorString",
        "*xerrors.wrapError",
        "error",
        "errors.errorString",
    )
)
"""Types that any error may have."""


def _stable_names(frame: SentFrame) -> StableNames:
    function = _TYPE_PARAMETERS.sub("", frame.function)
    filename = base_name(frame.path)
    closure = _CLOSURE.search(function)
    if closure:
        # The compiler names an inlined closure after the function that it was inlined into.
        enclosing = function[: closure.start()].rpartition(".")[2]
        return StableNames(
            filename=filename,
            function=f"{enclosing}.func",
            function_hint="closures are renumbered, and renamed when inlined",
        )
    hint = "without type parameters" if function != frame.function else ""
    return StableNames(
        module=frame.module, filename=filename, function=function, function_hint=hint
    )


def _counted_part(frames: Sequence[SentFrame]) -> tuple[int, int]:
    """Leave out the deferred function that recovers: old SDKs show it as the newest frame."""
    end = len(frames)
    names = [frame.function for frame in frames]
    while end > 1:
        closure = _CLOSURE.search(names[end - 1])
        parent = names[end - 1][: closure.start()] if closure else ""
        nested = closure and re.sub(r"\.\d+$", "", names[end - 1])
        older = names[: end - 1]
        if not closure or not (parent in older or nested in older):
            break
        end -= 1
    return 0, end


def _value_counts(exception_type: str, _value: str, is_fatal: bool) -> str:  # noqa: FBT001 - Family.value_counts
    if is_fatal or exception_type not in _SAYS_NOTHING:
        return ""
    return "the stack is where the error was reported and the type is anyone's"


FAMILY: Final = Family(
    name="go",
    platforms=("go",),
    rule_family="other",
    stable_names=_stable_names,
    distrusts_all_false=True,
    counted_part=_counted_part,
    value_counts=_value_counts,
    rules_if_silent="\n".join(
        f"module:{name} -app\nmodule:{name}/* -app\npath:/{name}/** -app" for name in _STANDARD
    )
    + """
path:**@v** -app
path:**/go/pkg/mod/** -app
path:**/vendor/** -app
path:**/go/src/runtime/** -app
path:**/go/src/net/** -app
path:**/libexec/src/** -app
module:golang.org/x/* -app
module:google.golang.org/* -app
""",
    rules_always="""
path:**/getsentry/sentry-go@** -app -group
path:**/getsentry/sentry-go/** -app -group
path:**/go/pkg/mod/** -app
module:github.com/getsentry/sentry-go* -app -group
""",
)
