"""C, C++, Objective-C, Swift and other compiled code: signatures, templates, addresses."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.families.nested_marks import cut_marks
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_UNKNOWN: Final = frozenset(("<redacted>", "<unknown>", "???", "??"))
_INLINE_NAMESPACE: Final = re.compile(r"::__(?:1|2|cxx11|ndk1|v1)(?=::)")
_CLONE: Final = re.compile(
    r" ?\[clone [^\]]*\]|\.(?:cold|part|constprop|isra|llvm)(?:\.\d+)*$|@[@\w.]+$"
)
_LAMBDA: Final = re.compile(
    r"\{lambda\([^{}]*\)#\d+\}|\$_\d+|'lambda\d*'(?:\([^()]*\))?|<lambda_[0-9a-f]+>"
)
_BLOCK: Final = re.compile(r"^__\d+(?=[-+]\[)|(?<=_block_invoke)_\d+$|^___?(?=\w+_block_invoke)")
_SWIFT_NUMBER: Final = re.compile(r"\b(closure|default argument|getter|setter) #\d+")
_RETURN_TYPE: Final = re.compile(r"^(?:[\w:*&]+ )+(?=[\w:~]+$)")


def _stable_names(frame: SentFrame) -> StableNames:
    function = frame.function
    if function in _UNKNOWN:
        function = ""
    if not function:
        address = f"{base_name(frame.package)}{frame.address}" if frame.address else ""
        return StableNames(
            filename="" if address else base_name(frame.path),
            function=address,
            function_hint="no symbol: the place in the image" if address else "",
        )
    stable = short_name(function)
    return StableNames(
        function=stable,
        function_hint="without signature and template arguments" if stable != function else "",
    )


def short_name(function: str) -> str:
    """Return the name without arguments, template arguments, return type and compilers' marks."""
    name = _LAMBDA.sub("{lambda}", _CLONE.sub("", function))
    if name[:1] in "-+" or "_block_invoke" in name:
        return _BLOCK.sub("", name)
    name = _SWIFT_NUMBER.sub(r"\1", name).replace("(anonymous namespace)", "{anonymous}")
    name = name.replace("`anonymous namespace'", "{anonymous}")
    name = re.sub(r"operator ?(?:<<=?|>>=?|<=>|<=?|>=?|->\*?|\(\))", "{operator}", name)
    cut = cut_marks(cut_marks(name, "<", ">"), "(", ")").strip()
    cut = cut.removesuffix(" const").removesuffix(" noexcept").strip()
    cut = _RETURN_TYPE.sub("", _INLINE_NAMESPACE.sub("", cut))
    return cut or name


FAMILY: Final = Family(
    name="native",
    platforms=("native", "c", "cocoa", "objc", "swift"),
    rule_family="native",
    stable_names=_stable_names,
    rules_if_silent="""
path:/usr/lib/** -app
path:/usr/lib64/** -app
path:/lib/** -app
path:/lib64/** -app
path:/System/Library/** -app
path:C:/Windows/** -app
path:/usr/include/** -app
package:/usr/lib/** -app
package:/usr/lib64/** -app
package:/lib/** -app
package:/lib64/** -app
package:/System/Library/** -app
package:/Developer/** -app
package:**/CoreSimulator/**/RuntimeRoot/** -app
package:/system/lib** -app
package:/apex/** -app
package:/vendor/lib** -app
package:C:/Windows/** -app
package:linux-vdso** -app
package:linux-gate** -app
package:libc.so** -app
package:libpthread** -app
package:libstdc++** -app
package:**/Flutter.framework/** -app
package:/Users/** +app
package:/home/** +app
package:/app/** +app
package:/var/containers/Bundle/Application/** +app
package:/private/var/containers/Bundle/Application/** +app
function:std::* -app
function:__libc_* -app
function:_start -app
function:__cxa_* -app
function:__gxx_* -app
function:_Unwind_* -app
function:abort -app
function:raise -app
""",
    rules_always="""
function:sentry_* -app -group
function:sentry::* -app -group
function:-[Sentry* -app -group
function:+[Sentry* -app -group
function:abort v-group -app -group
function:raise v-group -app -group
function:__assert_fail* v-group -app -group
function:__pthread_kill* v-group -app -group
function:std::terminate* v-group -app -group
function:__cxa_throw v-group -app -group
function:objc_exception_throw v-group -app -group
package:**libsentry.so -app -group
""",
)
