"""PHP: closures are named after file and line, anonymous classes after their path."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_CLOSURE: Final = re.compile(r"\{closure(?::[^{}]*)?\}")
_ANONYMOUS: Final = re.compile(r"class@anonymous(?:\0|\\0)?[^:]*(?::[^:]*\$[0-9a-f]+)?")


def _stable_names(frame: SentFrame) -> StableNames:
    function = _CLOSURE.sub("{closure}", frame.function)
    function = _ANONYMOUS.sub("class@anonymous", function)
    return StableNames(
        module=frame.module,
        filename=base_name(frame.path),
        function=function,
        function_hint="without file and line of the closure" if function != frame.function else "",
    )


FAMILY: Final = Family(
    name="php",
    platforms=("php",),
    rule_family="other",
    stable_names=_stable_names,
    uses_context_line=True,
    rules_if_silent="""
path:**/vendor/** -app
path:[[]internal] -app
""",
    rules_always="""
path:**/vendor/sentry/** -app -group
function:Sentry\\* -app -group
""",
)
