"""Languages without a file of their own: names as they are, without addresses and numbers."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_ERLANG_CLOSURE: Final = re.compile(r"(?<=-fun-)\d+-")
_DART_CLOSURE: Final = re.compile(r"<anonymous closure(?:[^>]*)>|<fn>")


def _stable_names(frame: SentFrame) -> StableNames:
    function = _DART_CLOSURE.sub("{closure}", _ERLANG_CLOSURE.sub("", frame.function))
    return StableNames(
        module=frame.module,
        filename=base_name(frame.path),
        function=function or frame.address,
        function_hint="without the number of the closure" if function != frame.function else "",
    )


FAMILY: Final = Family(
    name="other",
    platforms=("other", "elixir", "perl", "haskell", "dart", "lua", "as3", "cfml", "powershell"),
    rule_family="other",
    stable_names=_stable_names,
    rules_if_silent="""
path:**/deps/** -app
path:**/.pub-cache/** -app
path:dart:** -app
path:package:flutter/** -app
path:/usr/lib/** -app
path:/usr/share/** -app
""",
    rules_always="""
path:package:sentry/** -app -group
path:package:sentry_flutter/** -app -group
""",
)
