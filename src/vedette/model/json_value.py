"""The type of anything that JSON can say."""

from collections.abc import Mapping, Sequence
from typing import TypeAlias, Union

# A union and not `X | Y`: the alias names itself, and a text has no `|`.
JsonValue: TypeAlias = Union[  # noqa: UP007 - see above
    str, int, float, bool, Sequence["JsonValue"], Mapping[str, "JsonValue"], None
]
JsonObject: TypeAlias = Mapping[str, JsonValue]


def text_or_empty(value: JsonValue) -> str:
    """Return a text as it is, and an empty one for anything else."""
    return value if isinstance(value, str) else ""
