"""Python: modules are stable, comprehensions come and go, generated code has names with numbers."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_INLINED_SINCE_3_12: Final = ("<listcomp>", "<dictcomp>", "<setcomp>")
_NUMBER: Final = re.compile(r"(?<![A-Za-z])[0-9a-f]*[0-9][0-9a-f]*(?![A-Za-z])")


def _stable_names(frame: SentFrame) -> StableNames:
    function = frame.function
    if function in _INLINED_SINCE_3_12:
        return StableNames(function=function, ignored="part of its function since Python 3.12")
    function = function.rpartition(".<locals>.")[2]
    module, hint = frame.module, ""
    if module.startswith(("/", "\\")) or module[1:3] == ":\\":
        # Template engines give the template's path for a module.
        module, hint = _place_without_root(module), "the path of a template, without its root"
    elif module == "__main__":
        module = f"__main__ {_place_without_root(frame.path)}"
        hint = "scripts are told apart by their folder and file"
    elif not module and frame.filename.startswith("<"):
        filename = _NUMBER.sub("*", frame.filename)
        return StableNames(
            filename=filename, function=function, filename_hint="generated code, without numbers"
        )
    return StableNames(
        module=module, filename=base_name(frame.path), function=function, module_hint=hint
    )


def _place_without_root(path: str) -> str:
    """Return folder and file: the rest of the path differs between deployments."""
    parts = path.replace("\\", "/").rsplit("/", 2)[-2:]
    return "/".join(_NUMBER.sub("*", part) for part in parts)


FAMILY: Final = Family(
    name="python",
    platforms=("python",),
    rule_family="other",
    stable_names=_stable_names,
    uses_context_line=True,
    wrappers=frozenset(),
    rules_if_silent="""
path:**/site-packages/** -app
path:**/dist-packages/** -app
path:**/lib/python2.** -app
path:**/lib/python3** -app
path:**/lib64/python3** -app
path:**/python3**/lib/** -app
path:"<frozen **" -app
path:"**<frozen **" -app
module:importlib._bootstrap* -app
module:runpy -app
module:threading -app
module:concurrent.futures.* -app
module:asyncio.* -app
module:multiprocessing.* -app
""",
    rules_always="""
module:sentry_sdk.* -app -group
module:raven.* -app -group
""",
)
