"""A stack frame as grouping sees it: what was sent, and the names that outlive a build."""

from dataclasses import dataclass
from typing import NamedTuple

from vedette.model.json_value import JsonObject
from vedette.pipeline.grouping.glob import fold_path
from vedette.pipeline.grouping.json_reading import number_of, text_of

NAME_LENGTH_MAX = 512
"""The normaliser cuts names to this; longer ones come from callers that did not ask it."""


class SentFrame(NamedTuple):
    """The parts of a frame that may decide something. Line numbers are not among them."""

    in_app: bool | None
    function: str
    module: str
    filename: str
    abs_path: str
    package: str
    platform: str
    address: str
    """Of unsymbolicated code, within its image; empty when there is a function."""
    folded: tuple[str, ...] = ()
    """Path and file name as path globs compare them."""
    rooted: tuple[str, ...] = ()
    """The same with a slash before those that have none: `**/vendor/**` means `vendor/x` too."""

    @property
    def path(self) -> str:
        """Where the code lies, as exactly as it is known."""
        return self.abs_path or self.filename


@dataclass(frozen=True, slots=True)
class StableNames:
    """A frame's names without what moves: numbers of closures, hashes of bundles."""

    module: str = ""
    filename: str = ""
    function: str = ""
    ignored: str = ""
    """Why the whole frame does not count; empty: it counts."""
    module_hint: str = ""
    filename_hint: str = ""
    function_hint: str = ""
    is_weak: bool = False
    """A name was left out that changes with every build: the stack says less than it seems."""


def read_frame(source: JsonObject, platform: str) -> SentFrame:
    """Read one frame; whatever has a wrong type is read as missing."""
    get = source.get
    in_app = get("in_app")
    function = _name(get("function")) or _name(get("raw_function"))
    if function == "?":
        function = ""
    filename, abs_path = _name(get("filename")), _name(get("abs_path"))
    folded = _folded(abs_path, filename)
    return SentFrame(
        in_app if in_app is True or in_app is False else None,
        function,
        _name(get("module")),
        filename,
        abs_path,
        _name(get("package")),
        _name(get("platform")) or platform,
        "" if function else _address(source),
        folded,
        tuple(each if each[:1] == "/" else f"/{each}" for each in folded),
    )


def _name(value: object) -> str:
    if type(value) is str:
        return value if len(value) <= NAME_LENGTH_MAX else value[:NAME_LENGTH_MAX]
    return text_of(value)[:NAME_LENGTH_MAX] if isinstance(value, int | float) else ""


def _folded(abs_path: str, filename: str) -> tuple[str, ...]:
    if not abs_path or not filename or abs_path == filename:
        return (fold_path(abs_path or filename),)
    return fold_path(abs_path), fold_path(filename)


def _address(source: JsonObject) -> str:
    """Return the distance from the image's beginning: the same in every process of one build."""
    instruction, image = (
        number_of(source.get("instruction_addr")),
        number_of(source.get("image_addr")),
    )
    if instruction is None or image is None or instruction < image:
        return ""
    return f"+{instruction - image:#x}"


def base_name(path: str) -> str:
    """Return the last part of a path of either kind, in lower case."""
    return fold_path(path).rstrip("/").rpartition("/")[2]
