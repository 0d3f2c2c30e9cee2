"""C#, F# and other languages of .NET: state machines, display classes, numbered lambdas."""

import re
from typing import Final

from vedette.pipeline.grouping.families.family import Family
from vedette.pipeline.grouping.frame import SentFrame, StableNames, base_name

_STATE_MACHINE: Final = re.compile(r"[.+/]<(\w+)>d__\d+$|[.+/]<(\w+)>d$")
_LAMBDA: Final = re.compile(r"<(\w*)>b__[\d_]+$")
_LOCAL: Final = re.compile(r"<(\w+)>g__(\w+)\|[\d_]+$")
_DISPLAY: Final = re.compile(r"[.+/]<>c(?:__DisplayClass[\d_]+)?$")
_ARITY: Final = re.compile(r"`\d+(?:\[.{0,400}\])?")
_READABLE_LAMBDA: Final = re.compile(r"^(\w+)(?:\.[^{}]*)?\(?.*\{ ?<?lambda>? ?\}$|^(\w+) ?\{.*\}$")


def _stable_names(frame: SentFrame) -> StableNames:
    module, function = frame.module, frame.function
    machine = _STATE_MACHINE.search(module)
    if machine and function in ("MoveNext", "MoveNext()"):
        # Newer SDKs show the method that the state machine was made of.
        module, function = module[: machine.start()], machine[1] or machine[2]
    function = _LOCAL.sub(r"\1.\2", _LAMBDA.sub(r"\1 lambda", function))
    readable = _READABLE_LAMBDA.match(function)
    if readable:
        function = f"{readable[1] or readable[2]} lambda"
    function = re.sub(r"\(.*\)$", "", function)
    module = _ARITY.sub("", _DISPLAY.sub("", module))
    changed = "without the compiler's numbers"
    return StableNames(
        module=module,
        filename=base_name(frame.path),
        function=function,
        module_hint=changed if module != frame.module else "",
        function_hint=changed if function != frame.function else "",
    )


FAMILY: Final = Family(
    name="csharp",
    platforms=("csharp", "dotnet", "fsharp", "vb"),
    rule_family="other",
    stable_names=_stable_names,
    wrappers=frozenset(
        ("AggregateException", "System.AggregateException", "TargetInvocationException",
         "System.Reflection.TargetInvocationException", "TypeInitializationException",
         "System.TypeInitializationException")
    ),
    rules_if_silent="""
module:System -app
module:System.* -app
module:Microsoft.* -app
module:Windows.* -app
module:Newtonsoft.* -app
module:NUnit.* -app
module:Xunit.* -app
module:Serilog.* -app
module:NLog.* -app
module:Npgsql.* -app
module:MySql.* -app
module:UnityEngine.* -app
module:mscorlib -app
""",
    rules_always="""
module:Sentry -app -group
module:Sentry.* -app -group
module:System.Runtime.ExceptionServices.* -app -group
module:System.Runtime.CompilerServices.* -app -group
module:System.Threading.Tasks.Task* -app -group
""",
)  # fmt: skip
