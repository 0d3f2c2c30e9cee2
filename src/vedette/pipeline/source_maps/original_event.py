"""An event with every frame brought back whose source map is known."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.source_map import (
    FindMap,
    NothingUploaded,
    OpenMap,
    OriginalPlace,
    ScriptQuestion,
    ScriptTrouble,
    Trouble,
)
from vedette.pipeline.event_reading import release_of, text_of
from vedette.pipeline.normalise_event import NormalisedEvent
from vedette.pipeline.source_maps.minified_frames import (
    SCRIPTS_MAX,
    MinifiedFrame,
    debug_ids_of,
    frames_of,
    may_have_maps,
    read_frame,
    stacks_of,
)
from vedette.pipeline.source_maps.original_frame import original_frame

TROUBLES_MAX: Final = 20
"""Scripts without a map that an event tells of."""


def original_event(event: NormalisedEvent, *, project_id: int, find: FindMap) -> NormalisedEvent:
    """Return the event in its sources; as it is when there is nothing to bring back."""
    if not may_have_maps(event.platform, event.body):
        return event
    release, dist = release_of(event.body), text_of(event.body.get("dist"))[:64]
    asker = ScriptQuestion(project_id, release, dist, debug_id="", url="")
    body = original_body(event.body, asker=asker, find=find)
    if body is event.body:
        return event
    return replace(event, body=dict(body))


def original_body(body: JsonObject, *, asker: ScriptQuestion, find: FindMap) -> JsonObject:
    """Return an event's body in its sources; the same object when nothing changes.

    `asker` says for which project and release; `find` is asked once for each script.
    """
    scripts = _Scripts(debug_ids_of(body), asker, find)
    changed: dict[str, list[JsonValue]] = {}
    for key, number, trace in stacks_of(body):
        frames = _original_frames(frames_of(trace), scripts)
        if frames is not None:
            values = changed.setdefault(key, _values(body, key))
            value = values[number]
            assert isinstance(value, dict)
            values[number] = {
                **value,
                "stacktrace": {**trace, "frames": frames},
                "raw_stacktrace": value.get("raw_stacktrace") or trace,
            }
    errors = _errors(body, scripts)
    if not changed and errors == body.get("errors", []):
        return body
    result = {**body, "errors": errors}
    for key, values in changed.items():
        holder = body[key]
        assert isinstance(holder, dict)
        result[key] = {**holder, "values": values}
    return result


class _Scripts:
    """The scripts of one event, each asked for once, and what is wrong with some of them."""

    def __init__(self, debug_ids: Mapping[str, str], asker: ScriptQuestion, find: FindMap) -> None:
        self._debug_ids = debug_ids
        self._asker = asker
        self._find = find
        self._answers: dict[str, OpenMap | ScriptTrouble | None] = {}
        self._told: dict[str, ScriptTrouble] = {}

    def places(self, url: str, frames: Sequence[MinifiedFrame]) -> Sequence[OriginalPlace | None]:
        """Return the original place of each frame of one script."""
        answer = self._answer(url, frames[0].frame)
        if answer is None or isinstance(answer, ScriptTrouble):
            # Frames that show their code need no map: Node's come from files as they were written.
            if answer and any(each.frame.get("context_line") is None for each in frames):
                self._told.setdefault(url, answer)
            return [None] * len(frames)
        positions = [(each.line, each.column or 0) for each in frames]
        found = answer.look_up(positions)
        for each, place in zip(frames, found, strict=True):
            if each.column is None:
                self._tell(url, Trouble.NO_COLUMN, "the frame has no column")
            elif place is None:
                text = f"{answer.name} says nothing of line {each.line + 1}"
                self._tell(url, Trouble.INVALID_LOCATION, text)
        return [
            None if each.column is None else place
            for each, place in zip(frames, found, strict=True)
        ]

    def map_name(self, url: str) -> str:
        """Return how the map of a script is called."""
        answer = self._answers.get(url)
        return answer.name if answer and not isinstance(answer, ScriptTrouble) else ""

    def troubles(self) -> list[JsonValue]:
        """Return what is wrong, as events tell it."""
        return [
            {"type": trouble.kind.value, "url": url, "message": trouble.text}
            for url, trouble in list(self._told.items())[:TROUBLES_MAX]
        ]

    def _answer(self, url: str, frame: JsonObject) -> OpenMap | ScriptTrouble | None:
        if url not in self._answers and len(self._answers) < SCRIPTS_MAX:
            self._answers[url] = self._ask(url, frame)
        return self._answers.get(url)

    def _ask(self, url: str, frame: JsonObject) -> OpenMap | ScriptTrouble | None:
        filename = frame.get("filename")
        by_filename = self._debug_ids.get(filename, "") if isinstance(filename, str) else ""
        debug_id = self._debug_ids.get(url) or by_filename
        answer = self._find(replace(self._asker, debug_id=debug_id, url=url))
        if not isinstance(answer, NothingUploaded):
            return answer
        if not debug_id:
            return None
        # Whoever puts debug ids into scripts means to upload their maps.
        text = f"nothing was uploaded for this project; looked for the debug id {debug_id}"
        return ScriptTrouble(Trouble.NO_SOURCE, text)

    def _tell(self, url: str, kind: Trouble, text: str) -> None:
        self._told.setdefault(url, ScriptTrouble(kind, text))


def _original_frames(frames: Sequence[JsonValue], scripts: _Scripts) -> list[JsonValue] | None:
    """Return the frames, those with a map brought back; None if there are none."""
    read = {number: read_frame(each) for number, each in enumerate(frames)}
    minified = {number: each for number, each in read.items() if each is not None}
    by_url: dict[str, list[int]] = {}
    for number, frame in minified.items():
        by_url.setdefault(frame.url, []).append(number)
    place_of: dict[int, OriginalPlace] = {}
    for url, numbers in by_url.items():
        found = scripts.places(url, [minified[number] for number in numbers])
        place_of |= {number: place for number, place in zip(numbers, found, strict=True) if place}
    if not place_of:
        return None
    result = list(frames)
    for number, place in place_of.items():
        caller = place_of.get(number - 1)
        result[number] = original_frame(
            minified[number],
            place,
            called=caller.token if caller else None,
            map_name=scripts.map_name(minified[number].url),
        )
    return result


def _errors(body: JsonObject, scripts: _Scripts) -> list[JsonValue]:
    """Return what is wrong with the event; what was said of these scripts before is said anew."""
    errors = body.get("errors")
    known = errors if isinstance(errors, list) else []
    kinds = {each.value for each in Trouble}
    others = [each for each in known if not (isinstance(each, dict) and each.get("type") in kinds)]
    return [*others, *scripts.troubles()]


def _values(body: JsonObject, key: str) -> list[JsonValue]:
    holder = body[key]
    assert isinstance(holder, dict)
    values = holder["values"]
    assert isinstance(values, list)
    return list(values)
