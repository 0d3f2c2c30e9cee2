"""Ruby: blocks count their levels, compiled templates carry ids, 3.4 writes the class as well."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_BLOCK: Final = re.compile(r"^(?:block|rescue|ensure)(?: \(\d+ levels\))? in ")
_TEMPLATE: Final = re.compile(r"__+\d+_\d+$")


def _stable_names(frame: SentFrame) -> StableNames:
    function = _BLOCK.sub("block ", frame.function)
    function = _TEMPLATE.sub("", function)
    is_block = function.startswith("block ")
    name = function.removeprefix("block ").strip("'`")
    # Ruby 3.4 gives `Shop::Cart#total` for what was `total`.
    name = re.sub(r"^.*(?:#|(?<=\w)\.)(?=[^#.]+$)", "", name)
    function = f"block {name}" if is_block else name
    return StableNames(
        module="",
        filename=base_name(frame.path),
        function=function,
        function_hint="without levels and class" if function != frame.function else "",
    )


FAMILY: Final = Family(
    name="ruby",
    platforms=("ruby",),
    rule_family="other",
    stable_names=_stable_names,
    uses_context_line=True,
    rules_if_silent="""
path:**/gems/** -app
path:**/lib/ruby/** -app
path:**/vendor/bundle/** -app
path:"<internal:**" -app
""",
    rules_always="""
path:**/gems/sentry-** -app -group
path:**/bin/bundle** -app
""",
)
