"""Which commits may have caused an error: those that changed the files its own code ran through."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from vedette.model.commit import ChangedFile, Commit, FileChangeKind
from vedette.model.json_value import JsonObject
from vedette.query.payload import as_list, as_object, as_text

FRAME_COUNT_MAX: Final = 25
"""From where it broke: frames farther away explain less than they accuse."""
SUSPECT_COUNT_MAX: Final = 20

_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://[^/]*/?", re.IGNORECASE)
_JAVA: Final = (".java", ".kt", ".scala", ".groovy")


@dataclass(frozen=True, slots=True)
class FramePath:
    """A frame of the project's own code, and every path it may lie under."""

    place: int
    """0 is where it broke."""
    frame: JsonObject
    paths: tuple[tuple[str, ...], ...]
    """Each from the file upwards."""

    @property
    def base_names(self) -> frozenset[str]:
        """The names of the file."""
        return frozenset(path[0] for path in self.paths)


@dataclass(frozen=True, slots=True)
class Suspect:
    """A commit with what speaks against it."""

    commit: Commit
    place: int
    """Of the frame closest to where it broke whose file it changed."""
    matched_count: int
    """How many parts of the path agree, from the file upwards."""

    @property
    def score(self) -> int:
        """The more, the more suspect: 5 for the first frame, then 4, never less than 1."""
        return max(1, 5 - self.place)


def frames_of(event: JsonObject) -> list[FramePath]:
    """Return the frames of the event's last exception, from where it broke.

    Those of the project's own code; all of them if none says whose it is.
    """
    frames = list(_frames(event))
    own = [each for each in frames if each.get("inApp") is True] or frames
    nearest_first = list(reversed(own))[:FRAME_COUNT_MAX]
    found = [
        FramePath(place, frame, tuple(dict.fromkeys(_paths(frame))))
        for place, frame in enumerate(nearest_first)
    ]
    return [each for each in found if each.paths]


def suspects(frames: Iterable[FramePath], changed: Sequence[ChangedFile]) -> list[Suspect]:
    """Return the suspect commits, most suspect first, each once.

    A commit is suspect by a frame if it changed the file that agrees with the frame's path in
    the most parts, and in more than the bare name unless the file lies at the very top. Commits
    by nearer frames come first, of equal ones the latest.
    """
    by_commit: dict[int, Suspect] = {}
    for frame in frames:
        for suspect in _of_frame(frame, changed):
            by_commit.setdefault(suspect.commit.commit_id, suspect)
    ranked = sorted(
        by_commit.values(),
        key=lambda each: (each.place, -each.matched_count, -each.commit.time_ns),
    )
    return ranked[:SUSPECT_COUNT_MAX]


def path_parts(path: str) -> tuple[str, ...]:
    """Return the parts of a path from the file upwards, without what is about no folder."""
    plain = _SCHEME.sub("", path, count=1).partition("?")[0].partition("#")[0]
    parts = re.split(r"[/\\]", plain)
    return tuple(part for part in reversed(parts) if part not in ("", ".", "..", "~"))


def _of_frame(frame: FramePath, changed: Sequence[ChangedFile]) -> Iterator[Suspect]:
    matches = [
        (matched, each)
        for each in changed
        if each.kind is not FileChangeKind.DELETED
        and (matched := _matched(frame, path_parts(each.path)))
    ]
    best = max((matched for matched, _ in matches), default=0)
    for matched, each in matches:
        if matched == best:
            yield Suspect(each.commit, frame.place, matched)


def _matched(frame: FramePath, changed: tuple[str, ...]) -> int:
    """Return in how many parts the paths agree; 0 if that is too few to mean anything."""
    best = max((_common(path, changed) for path in frame.paths), default=0)
    is_enough = best > 1 or (best == 1 and len(changed) == 1)
    return best if is_enough else 0


def _common(one: Sequence[str], other: Sequence[str]) -> int:
    count = 0
    for mine, theirs in zip(one, other, strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _frames(event: JsonObject) -> Iterator[JsonObject]:
    for entry in as_list(event.get("entries")):
        if as_object(entry).get("type") == "exception":
            values = as_list(as_object(as_object(entry).get("data")).get("values"))
            stacks = [as_object(as_object(each).get("stacktrace")) for each in values]
            last = next((each for each in reversed(stacks) if each), {})
            yield from (as_object(each) for each in as_list(last.get("frames")))


def _paths(frame: JsonObject) -> Iterator[tuple[str, ...]]:
    filename, module = as_text(frame.get("filename")) or "", as_text(frame.get("module")) or ""
    if filename.endswith(_JAVA) and "." in module:
        folders = module.split(".")[:-1]
        yield (filename, *reversed(folders))
    for path in (filename, as_text(frame.get("absPath")) or ""):
        parts = path_parts(path)
        if parts:
            yield parts
