"""Rust: two ways of mangling, closures, and the machinery of panics on top of every stack."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.families.nested_marks import cut_marks
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_HASH: Final = re.compile(r"::h[0-9a-f]{16}$")
_CLOSURE: Final = re.compile(r"\{\{closure\}\}|\{closure#\d+\}")
_NUMBERED: Final = re.compile(r"\{(impl|shim|constant|async_block|async_fn)[^{}]*#\d+\}")
_SAYS_NOTHING: Final = frozenset(
    ("panic", "Error", "anyhow::Error", "Box<dyn Error>", "String", "str")
)


def _stable_names(frame: SentFrame) -> StableNames:
    function = _HASH.sub("", frame.function)
    function = _CLOSURE.sub("{closure}", _NUMBERED.sub(r"{\1}", function))
    function = cut_marks(_with_receiver(function), "<", ">")
    function = function.replace("::::", "::").removesuffix("::")
    hint = "without hash, type parameters and numbers of closures"
    return StableNames(
        filename="" if function else base_name(frame.path),
        function=function or frame.address,
        function_hint=hint if function != frame.function else "",
    )


def _with_receiver(function: str) -> str:
    """Return `Order::fmt` for `<Order as Display>::fmt`."""
    if function[:1] != "<":
        return function
    depth = 0
    for index, character in enumerate(function):
        depth += (character == "<") - (character == ">" and function[index - 1] != "-")
        if depth == 0:
            receiver = cut_marks(function[1:index], "<", ">").partition(" as ")[0]
            return receiver + function[index + 1 :]
    return function


def _value_counts(exception_type: str, _value: str, _is_fatal: bool) -> str:  # noqa: FBT001 - Family.value_counts
    return (
        f"every such error has the type {exception_type}" if exception_type in _SAYS_NOTHING else ""
    )


FAMILY: Final = Family(
    name="rust",
    platforms=("rust",),
    rule_family="native",
    stable_names=_stable_names,
    value_counts=_value_counts,
    rules_if_silent="""
function:std::* -app
function:core::* -app
function:alloc::* -app
function:tokio::* -app
function:tokio_*::* -app
function:futures*::* -app
function:hyper::* -app
function:tower::* -app
function:axum::* -app
function:actix*::* -app
function:rayon*::* -app
function:backtrace::* -app
function:anyhow::* -app
function:eyre::* -app
function:rust_panic -app
function:_start -app
function:__libc_start_* -app
function:clone -app
function:start_thread -app
path:/rustc/** -app
path:**/.cargo/registry/** -app
path:**/.rustup/** -app
""",
    rules_always="""
function:sentry*::* -app -group
function:backtrace::* -app -group
function:std::backtrace* -app -group
function:"<* as anyhow::*" -app -group
function:anyhow::* -app -group
function:__rust_begin_short_backtrace -app -group
function:__rust_* -app -group
function:*__rust_begin_short_backtrace* -app -group
function:std::rt::* -app -group
function:core::panicking::* v-app v-group -app -group
function:std::panicking::begin_panic* v-app v-group -app -group
function:std::panicking::panic_* v-app v-group -app -group
function:std::panicking::rust_panic* v-app v-group -app -group
function:rust_begin_unwind v-app v-group -app -group
function:__rustc::rust_begin_unwind v-app v-group -app -group
function:core::option::*_failed v-app v-group -app -group
function:core::result::*_failed v-app v-group -app -group
""",
)
