"""Bringing the frames of an event back to their sources."""

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.json_value import JsonObject, JsonValue
from vedette.model.source_map import (
    NothingUploaded,
    OpenMap,
    OriginalPlace,
    ScriptQuestion,
    ScriptTrouble,
    Trouble,
    nothing_uploaded,
)
from vedette.pipeline.normalise_event import EventFacts, normalise_event
from vedette.pipeline.source_maps.minified_frames import SCRIPTS_MAX, may_have_maps
from vedette.pipeline.source_maps.original_event import (
    TROUBLES_MAX,
    original_body,
    original_event,
)
from vedette.pipeline.source_maps.original_names import original_names

URL = "https://shop.test/app.js"
ID = "0f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f1"
ASKER = ScriptQuestion(7, "1.0", "ios", debug_id="", url="")


def place(line: int, **changes: object) -> OriginalPlace:
    facts: dict[str, object] = {
        "file": "../src/cart.ts",
        "line": line,
        "column": 2,
        "scope": "add",
        "token": None,
        "text": "return 1;",
        "before": ["{"],
        "after": ["}"],
        "is_ignored": False,
    }
    return OriginalPlace(**facts | changes)  # type: ignore[arg-type] # a test gives any field


@dataclass
class GivenMap:
    """Answers places by their columns."""

    places: Mapping[int, OriginalPlace]
    name: str = "~/app.js.map"

    def look_up(self, places: Sequence[tuple[int, int]]) -> Sequence[OriginalPlace | None]:
        return [self.places.get(column) for _, column in places]


@dataclass
class Uploads:
    """What was uploaded, and what was asked of it."""

    answers: Mapping[str, OpenMap | ScriptTrouble | NothingUploaded] = field(default_factory=dict)
    asked: list[ScriptQuestion] = field(default_factory=list)

    def find(self, question: ScriptQuestion) -> OpenMap | ScriptTrouble | NothingUploaded:
        self.asked.append(question)
        return self.answers.get(question.url, ScriptTrouble(Trouble.NO_SOURCE, "not there"))


def troubles(body: JsonObject) -> list[JsonValue]:
    errors = body["errors"]
    assert isinstance(errors, list)
    return [each["type"] for each in errors if isinstance(each, dict)]


def frame(column: int | None, **more: JsonValue) -> dict[str, JsonValue]:
    made: dict[str, JsonValue] = {"abs_path": URL, "filename": URL, "function": "t", "lineno": 1}
    if column is not None:
        made["colno"] = column + 1
    made["in_app"] = True
    made.update(more)
    return made


def event(*frames: JsonValue, **more: JsonValue) -> JsonObject:
    value: JsonValue = {"type": "Error", "value": "x", "stacktrace": {"frames": [*frames]}}
    return {"exception": {"values": [value]}, **more}


def stack(body: JsonObject, key: str = "stacktrace") -> list[dict[str, JsonValue]]:
    value = body["exception"]["values"][0]  # type: ignore[index,call-overload] # as made above
    return list(value[key]["frames"])  # type: ignore[index,call-overload,arg-type] # the same


def test_a_frame_is_brought_back_and_what_came_is_kept() -> None:
    body = event(frame(10, context_line="minified", data={"a": 1}))
    before = copy.deepcopy(body)

    result = original_body(body, asker=ASKER, find=Uploads({URL: GivenMap({10: place(4)})}).find)

    assert stack(result) == [
        {
            "abs_path": "https://shop.test/src/cart.ts",
            "filename": "src/cart.ts",
            "module": "src/cart",
            "function": "add",
            "lineno": 5,
            "colno": 3,
            "pre_context": ["{"],
            "context_line": "return 1;",
            "post_context": ["}"],
            "in_app": True,
            "data": {"a": 1, "sourcemap": "~/app.js.map"},
        }
    ]
    assert stack(result, "raw_stacktrace") == stack(before)
    assert result["errors"] == []
    assert body == before


def test_it_is_done_once() -> None:
    find = Uploads({URL: GivenMap({10: place(4)})}).find
    once = original_body(event(frame(10)), asker=ASKER, find=find)

    assert original_body(once, asker=ASKER, find=find) is once


def test_each_script_is_asked_for_once_with_its_debug_id() -> None:
    other = "https://shop.test/other.js"
    images: JsonValue = [
        {"type": "sourcemap", "code_file": URL, "debug_id": ID},
        {"type": "macho", "code_file": other, "debug_id": ID},
        {"type": "sourcemap", "code_file": "short.js", "debug_id": ID},
        {"type": "sourcemap", "code_file": 3, "debug_id": ID},
    ]
    body = event(
        *(frame(number) for number in range(5)),
        frame(1, abs_path=other, filename=other),
        frame(1, abs_path="/srv/short.js", filename="short.js"),
        debug_meta={"images": images},
    )
    uploads = Uploads()

    original_body(body, asker=ASKER, find=uploads.find)

    plain = ID.replace("-", "")
    assert uploads.asked == [
        ScriptQuestion(7, "1.0", "ios", plain, URL),
        ScriptQuestion(7, "1.0", "ios", "", other),
        ScriptQuestion(7, "1.0", "ios", plain, "/srv/short.js"),
    ]


@pytest.mark.parametrize(
    ("scope", "called", "name"),
    [
        pytest.param("Cart.add", "total", "Cart.add", id="its own name"),
        pytest.param("", "total", "<anonymous>", id="a function without a name"),
        pytest.param(None, "total", "total", id="as its caller calls it"),
        pytest.param(None, None, "t", id="nothing better than the minified name"),
        pytest.param("__webpack_require__", None, "t", id="a bundler's own name"),
    ],
)
def test_functions_get_the_best_name_there_is(
    scope: str | None, called: str | None, name: str
) -> None:
    places = {1: place(1, token=called), 2: place(2, scope=scope)}

    result = original_body(
        event(frame(1), frame(2)), asker=ASKER, find=Uploads({URL: GivenMap(places)}).find
    )

    assert stack(result)[1]["function"] == name


@pytest.mark.parametrize(
    ("source", "filename", "abs_path", "is_foreign"),
    [
        ("../../src/a.ts", "src/a.ts", "https://shop.test/src/a.ts", False),
        ("webpack://shop/./src/a.ts?3f2a", "./src/a.ts", "webpack://shop/./src/a.ts?3f2a", False),
        ("webpack:///./node_modules/x/a.js", "./node_modules/x/a.js", None, True),
        ("webpack:///~/x/a.js", "~/x/a.js", None, True),
        ("webpack://shop/webpack/bootstrap", "webpack/bootstrap", None, True),
        ("../node_modules/x/a.js", "node_modules/x/a.js", None, True),
        ("https://cdn.test/lib/a.ts", "lib/a.ts", "https://cdn.test/lib/a.ts", False),
        ("/srv/shop/src/a.ts", "/srv/shop/src/a.ts", "https://shop.test/srv/shop/src/a.ts", False),
    ],
)
def test_files_are_called_as_people_call_them(
    source: str,
    filename: str,
    abs_path: str | None,
    is_foreign: bool,  # noqa: FBT001 - a case of a table
) -> None:
    names = original_names(source, "https://shop.test/js/app.js")

    assert (names.filename, names.is_foreign) == (filename, is_foreign)
    assert abs_path in (None, names.abs_path)


@pytest.mark.parametrize("changes", [{"is_ignored": True}, {"file": "../node_modules/x/index.js"}])
def test_code_of_others_is_not_of_the_app(changes: dict[str, object]) -> None:
    find = Uploads({URL: GivenMap({1: place(1, **changes)})}).find

    [result] = stack(original_body(event(frame(1)), asker=ASKER, find=find))

    assert result["in_app"] is False


def test_an_event_tells_which_maps_are_missing() -> None:
    broken = "https://shop.test/broken.js"
    answers: dict[str, OpenMap | ScriptTrouble | NothingUploaded] = {
        URL: GivenMap({1: place(1)}),
        broken: ScriptTrouble(Trouble.INVALID_SOURCE, "no JSON"),
    }
    body = event(
        frame(1),
        frame(1, abs_path=broken),
        frame(1, abs_path="https://shop.test/lost.js"),
        frame(1, abs_path="/srv/shown.js", context_line="as it was written"),
        errors=[{"type": "clock_drift"}],
    )

    result = original_body(body, asker=ASKER, find=Uploads(answers).find)

    assert result["errors"] == [
        {"type": "clock_drift"},
        {"type": "js_invalid_source", "url": broken, "message": "no JSON"},
        {"type": "js_no_source", "url": "https://shop.test/lost.js", "message": "not there"},
    ]
    assert stack(result)[1] == frame(1, abs_path=broken)


def test_what_was_said_of_maps_is_said_anew_when_it_is_looked_at_again() -> None:
    first = original_body(event(frame(1)), asker=ASKER, find=Uploads().find)
    again = original_body(first, asker=ASKER, find=Uploads().find)
    later = original_body(first, asker=ASKER, find=Uploads({URL: GivenMap({1: place(1)})}).find)

    assert again is first
    assert later["errors"] == []


def test_places_that_cannot_be_found_are_told_once_a_script() -> None:
    find = Uploads({URL: GivenMap({1: place(1)})}).find

    nowhere = original_body(event(frame(9), frame(8)), asker=ASKER, find=find)
    no_column = original_body(event(frame(None)), asker=ASKER, find=find)

    assert troubles(nowhere) == ["js_invalid_sourcemap_location"]
    assert troubles(no_column) == ["js_no_column"]


def test_where_nothing_was_uploaded_only_debug_ids_are_worth_a_word() -> None:
    images: JsonValue = [{"type": "sourcemap", "code_file": URL, "debug_id": ID}]
    plain, meant = event(frame(1)), event(frame(1), debug_meta={"images": images})

    assert original_body(plain, asker=ASKER, find=nothing_uploaded) is plain
    told = original_body(meant, asker=ASKER, find=nothing_uploaded)["errors"]

    assert ID.replace("-", "") in str(told)


@pytest.mark.parametrize(
    "other",
    [
        frame(1, abs_path="node:internal/timers"),
        frame(1, abs_path="<anonymous>"),
        frame(1, abs_path=None, filename=None),
        frame(1, lineno=0),
        frame(1, lineno="1"),
        frame(1, lineno=True),
        {},
        3,
    ],
)
def test_frames_that_are_in_no_script_are_not_asked_for(other: JsonValue) -> None:
    uploads, body = Uploads(), event(other)

    assert original_body(body, asker=ASKER, find=uploads.find) is body
    assert uploads.asked == []


def test_threads_are_brought_back_too() -> None:
    threads: JsonValue = {"values": [{"id": 1}, {"id": 2, "stacktrace": {"frames": [frame(1)]}}]}

    result = original_body(
        {"threads": threads}, asker=ASKER, find=Uploads({URL: GivenMap({1: place(1)})}).find
    )

    [first, second] = result["threads"]["values"]  # type: ignore[index,call-overload,misc] # as above
    assert first == {"id": 1}
    assert "raw_stacktrace" in second  # type: ignore[operator] # an object


def test_an_event_asks_for_a_bounded_number_of_scripts() -> None:
    body = event(*(frame(1, abs_path=f"/{number}.js") for number in range(SCRIPTS_MAX * 2)))
    uploads = Uploads()

    result = original_body(body, asker=ASKER, find=uploads.find)

    assert len(uploads.asked) == SCRIPTS_MAX
    assert len(troubles(result)) == TROUBLES_MAX


def test_an_event_is_told_in_words_of_its_source() -> None:
    facts = EventFacts(
        event_id="1" * 32,
        level="error",
        platform="javascript",
        time_ns=10**18,
        sent_ns=None,
        received_ns=10**18,
        client_address="",
        user_agent="",
        dsc={},
        byte_count=100,
    )
    normalised = normalise_event(event(frame(1), release="1.0"), facts)
    uploads = Uploads({URL: GivenMap({1: place(1)})})

    result = original_event(normalised, project_id=7, find=uploads.find)

    assert uploads.asked == [ScriptQuestion(7, "1.0", "", "", URL)]
    assert "src/cart" in str(result.body)
    assert original_event(normalised, project_id=7, find=nothing_uploaded) is normalised


def test_other_platforms_are_let_through_at_once() -> None:
    assert not may_have_maps("python", event(frame(1)))
    assert may_have_maps("node", {})


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just(URL),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ("abs_path", "filename", "lineno", "colno", "data", "frames", "images")
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)


@given(values, values, values)
def test_whatever_an_event_holds_it_is_let_through(
    trace: JsonValue, meta: JsonValue, errors: JsonValue
) -> None:
    body: JsonObject = {
        "exception": {"values": [{"stacktrace": trace}, {"stacktrace": {"frames": [trace]}}]},
        "debug_meta": meta,
        "errors": errors,
    }
    find = Uploads({URL: GivenMap({number: place(number) for number in range(3)})}).find

    original_body(body, asker=ASKER, find=find)
