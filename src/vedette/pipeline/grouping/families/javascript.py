"""JavaScript in browsers, Node, Bun and Deno: one function has many names, bundles have hashes."""

import re
from collections.abc import Sequence
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames

_REMOTE: Final = re.compile(r"(?:https?|blob|applewebdata):", re.IGNORECASE)
_SCRIPT_ENDING: Final = re.compile(r"\.(?:[cm]?[jt]sx?|vue|svelte|bundle)$")
_SOURCE_ENDING: Final = re.compile(r"\.(?:[cm]?tsx?|jsx|vue|svelte)$")
_BUNDLE_HASH: Final = re.compile(
    r"[-._~](?:[A-Z0-9]{8}|(?=[A-Za-z_]{0,31}\d)[A-Za-z0-9_]{6,32}|(?=(?:[a-z_]{0,8}[A-Z]){3})[A-Za-z_]{8})"
    r"(?=$|[-.])"
)
"""What bundlers put between a file's name and its ending: `main-KMKHLRLD`, `app.3f2a9b1c`."""
_BUNDLE_NAME: Final = re.compile(
    r"(?:^|[-._])(?:min|bundle|main|app|index|vendors?|chunk|chunks|runtime|polyfills?|common|entry|\d+)(?=[-._]|$)"
)
_NUMBERED_CHUNK: Final = re.compile(r"(?:\d+|(?=[a-f]*\d)[0-9a-f]{8,40})(?=[-.]|$)")
_EVAL_ORIGIN: Final = re.compile(r"\(([^()]{1,512}?)(?::\d+)?(?::\d+)?\)?, <anonymous>$")
_EVAL_TAIL: Final = re.compile(r"(?::\d+)?(?::\d+)?\)?, <anonymous>$")
_FIREFOX_EVAL: Final = re.compile(
    r" line \d+ > (?:eval|Function)(?: line \d+ > (?:eval|Function))*$"
)
_ALIAS: Final = re.compile(r" \[as [^\]]*\]$")
_PREFIX: Final = re.compile(r"^(?:async\*?|new|get|set|bound|static)[ *]|^async\*")
_NAMELESS: Final = frozenset(
    ("", "?", "<anonymous>", "anonymous", "Anonymous function", "<unknown>", "eval", "eval code",
     "global code", "module code", "[native code]", "native code", "callback", "<computed>")
)  # fmt: skip
_NATIVE_FILES: Final = frozenset(
    ("[native code]", "native code", "native", "<anonymous>", "eval code")
)
_BUILT_IN: Final = re.compile(
    r"^(?:async )?(?:new )?(?:Array|Promise|Object|Function|Reflect|JSON|Map|Set|String|RegExp|"
    r"Generator|AsyncGenerator|Iterator)(?:\.\w+)*$"
)
_INDEX: Final = re.compile(r"index \d+$")
_MINIFIED_LENGTH_MAX: Final = 2


def _stable_names(frame: SentFrame) -> StableNames:
    filename = frame.filename
    if _is_built_in(frame):
        return StableNames(function=frame.function, ignored="code of the engine")
    path = frame.path
    is_eval = filename.startswith("eval at ")
    if is_eval:
        origin = _EVAL_ORIGIN.search(filename)
        path = origin[1] if origin else ""
    path = _FIREFOX_EVAL.sub("", path)
    function, function_hint, is_minified = _function(frame.function, is_remote=_is_remote(path))
    module = _EVAL_TAIL.sub("", frame.module)
    module = re.sub(r":\d+$", "", module)
    cleaned_module = _BUNDLE_HASH.sub("", module)
    name, filename_hint = _file_name(path)
    if not function and _is_remote(path):
        return StableNames(
            filename=name,
            ignored="a function without a lasting name in a file of a page",
            is_weak=is_minified,
        )
    return StableNames(
        module="" if is_eval else cleaned_module,
        filename=name,
        function=function,
        module_hint="without the bundle's hash" if cleaned_module != frame.module else "",
        filename_hint=filename_hint,
        function_hint=function_hint,
        is_weak=is_minified,
    )


def _is_built_in(frame: SentFrame) -> bool:
    filename = frame.filename
    if filename in _NATIVE_FILES or frame.abs_path in _NATIVE_FILES or _INDEX.match(filename):
        return True
    return not filename and not frame.abs_path and bool(_BUILT_IN.match(frame.function))


def _is_remote(path: str) -> bool:
    return _REMOTE.match(path) is not None


def _function(sent: str, *, is_remote: bool) -> tuple[str, str, bool]:
    """Return the lasting part of a name, what was done, and whether a minifier made it."""
    name = sent.rstrip("/<")
    name = _ALIAS.sub("", name)
    while match := _PREFIX.match(name):
        name = name[match.end() :]
    name = name.rpartition(".")[2].rpartition("#")[2].rpartition("/")[2].rstrip("<")
    if name in _NAMELESS or name.endswith(">"):
        return "", "a function without a name" if sent else "", False
    name = re.sub(r"\$\d+$", "", name) or name
    if is_remote and len(name) <= _MINIFIED_LENGTH_MAX:
        return "", "a minified name: the next build gives another", True
    return name, "without its object" if name != sent else "", False


def _file_name(path: str) -> tuple[str, str]:
    plain = path.partition("?")[0].partition("#")[0]
    original = _base_name_with_case(plain)
    name = original.lower()
    if not _is_remote(path):
        if _NUMBERED_CHUNK.match(name):
            return "", "a chunk: its number changes per build"
        return _BUNDLE_HASH.sub("", original).lower(), ""
    if not _SCRIPT_ENDING.search(name):
        return "", "the address of a page"
    if _SOURCE_ENDING.search(name):
        return name, ""
    if _BUNDLE_HASH.search(original) or _BUNDLE_NAME.search(name):
        return "", "a bundle: its name changes per build"
    return name, ""


def _base_name_with_case(path: str) -> str:
    """Return the last part of a path; the case of letters tells hashes from words."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def _counted_part(frames: Sequence[SentFrame]) -> tuple[int, int]:
    """Leave out what ran before the present task: only Firefox shows it."""
    for index in range(len(frames) - 1, -1, -1):
        function = frames[index].function
        if "*" in function and ("handler*" in function or "callback*" in function):
            return index + 1, len(frames)
        if function.endswith("sentryWrapped"):
            return index + 1, len(frames)
    return 0, len(frames)


def _is_awaiting(frame: SentFrame) -> bool:
    return frame.function.startswith("async ")


_SYSTEM_ERROR: Final = re.compile(r"^(E[A-Z0-9]{2,16}: [^',]{1,120}, [a-z]{2,16})\b.*", re.DOTALL)
_READ_OF_NOTHING: Final = (
    re.compile(r"^Cannot read propert(?:y|ies) (?:'(?P<old>[^']{1,200})' )?of (?:undefined|null)"
               r"(?: \(reading '(?P<new>[^']{1,200})'\))?"),
    re.compile(r"^(?:undefined|null) is not an object \(evaluating '(?P<path>[^']{1,400})'\)"),
    re.compile(r"^can't access property \"(?P<name>[^\"]{1,200})\""),
)  # fmt: skip
_NOT_A_FUNCTION: Final = re.compile(
    r"^(?P<what>[\w$.]{1,200}(?:\(\.\.\.\)\.[\w$.]+)?) is not a function\b.*", re.DOTALL
)
_FETCH_FAILED: Final = re.compile(
    r"^(?:Failed to fetch|Load failed|fetch failed"
    r"|NetworkError when attempting to fetch resource\.?)"
    r"(?: \([^()]*\))?$"
)
_UNCAUGHT: Final = "Uncaught "


def _canonical_value(value: str) -> str:
    """Return one text for what V8, SpiderMonkey and JavaScriptCore say in different words."""
    value = value.removeprefix(_UNCAUGHT)
    for expression in _READ_OF_NOTHING:
        match = expression.match(value)
        if match:
            name = next((each for each in match.groups() if each), "")
            return f"read {name.rpartition('.')[2]} of nothing"
    match = _NOT_A_FUNCTION.match(value)
    if match:
        return f"{match['what'].rpartition('.')[2]} is not a function"
    if _FETCH_FAILED.match(value):
        return "fetch failed"
    match = _SYSTEM_ERROR.match(value)
    return match[1] if match else value


FAMILY: Final = Family(
    name="javascript",
    platforms=("javascript", "node", "bun", "deno"),
    rule_family="javascript",
    stable_names=_stable_names,
    uses_context_line=True,
    frames_in_app_max=5,
    callers_of_recursion_count=False,
    counted_part=_counted_part,
    is_awaiting=_is_awaiting,
    canonical_value=_canonical_value,
    wrappers=frozenset(("UnhandledPromiseRejectionWarning",)),
    rules_if_silent="""
path:**/.pnpm/** -app
path:**/.yarn/** -app
""",
    rules_always="""
path:"eval at **" +app
path:**/node_modules/** -app
path:node:** -app
path:internal/** -app
path:**webpack/runtime/** -app
path:**webpack/bootstrap** -app
path:<anonymous> -app
path:"[[]native code]" -app
path:native -app
path:**://unpkg.com/** -app
path:**://cdnjs.cloudflare.com/** -app
path:**://cdn.jsdelivr.net/** -app
path:**://esm.run/** -app
path:**://esm.sh/** -app
path:**://ajax.googleapis.com/** -app
path:**://code.jquery.com/** -app
path:**-extension://** -app
path:**/@babel/** -app -group
path:**/core-js/** -app -group
path:**/regenerator-runtime/** -app -group
path:**/tslib/** -app -group
path:**/@sentry/** -app -group
path:**/@sentry-internal/** -app -group
path:**/sentry-internal/** -app -group
path:**cdn.sentry-cdn.com/** -app -group
path:**/@opentelemetry/** -app -group
path:**/zone.js/** -app -group
path:**logrocket** -app -group
path:**newrelic** -app -group
function:sentryWrapped -app -group
function:*sentryWrapped -app -group
function:*processTicksAndRejections* -app -group
function:*runMicrotasks* -app -group
function:*queueMicrotask* -app -group
function:*runNextTicks* -app -group
function:*nextTick* path:node:** -app -group
function:*AsyncLocalStorage.run* -app -group
function:"*Generator.next*" -app -group
function:*asyncGeneratorStep* -app -group
function:*__awaiter* -app -group
function:*_wrapTimeFunction* -app -group
""",
)
