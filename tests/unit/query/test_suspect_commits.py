"""Which commits are suspect of an error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vedette.model.commit import ChangedFile, Commit, FileChangeKind
from vedette.model.json_value import JsonObject
from vedette.query.suspect_commits import frames_of, path_parts, suspects


def a_frame(filename: str, *, own: bool = True, **more: str) -> JsonObject:
    return {"filename": filename, "inApp": own, **more}


def an_event(*frames: JsonObject) -> JsonObject:
    """Return an event whose last frame is where it broke."""
    values = [{"stacktrace": {"frames": list(frames)}}]
    return {"entries": [{"type": "exception", "data": {"values": values}}]}


def changed(
    path: str, *, commit: int = 1, time_ns: int = 1, kind: FileChangeKind = FileChangeKind.MODIFIED
) -> ChangedFile:
    made = Commit(commit, 1, f"sha{commit}", "", "Kim", "kim@shop.example", time_ns)
    return ChangedFile(made, 1, path, kind)


def found(event: JsonObject, *files: ChangedFile) -> list[int]:
    return [each.commit.commit_id for each in suspects(frames_of(event), files)]


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        (a_frame("shop/cart.py"), "src/shop/cart.py"),
        (a_frame("/app/src/shop/cart.py"), "src/shop/cart.py"),
        (a_frame("cart.py", absPath="/srv/shop/cart.py"), "shop/cart.py"),
        (a_frame("cart.py"), "cart.py"),
        (a_frame("webpack:///./src/cart.ts"), "src/cart.ts"),
        (a_frame("app:///src/cart.ts?a=b"), "web/src/cart.ts"),
        (a_frame("C:\\shop\\cart.cs"), "shop/cart.cs"),
        (a_frame("Cart.java", module="com.shop.Cart"), "src/main/java/com/shop/Cart.java"),
    ],
)
def test_a_file_is_recognised_by_the_end_of_its_path(frame: JsonObject, path: str) -> None:
    assert found(an_event(frame), changed(path)) == [1]


@pytest.mark.parametrize(
    ("frame", "path"),
    [
        (a_frame("cart.py"), "src/shop/cart.py"),
        (a_frame("shop/cart.py"), "blog/cart.py"),
        (a_frame("shop/cart.py"), "shop/mycart.py"),
        (a_frame(""), "shop/cart.py"),
    ],
)
def test_a_bare_name_alone_accuses_nobody(frame: JsonObject, path: str) -> None:
    assert found(an_event(frame), changed(path)) == []


def test_a_file_that_was_deleted_cannot_have_run() -> None:
    gone = changed("shop/cart.py", kind=FileChangeKind.DELETED)

    assert found(an_event(a_frame("shop/cart.py")), gone) == []


def test_nearer_frames_come_first_then_the_longer_path_then_the_later_commit() -> None:
    event = an_event(a_frame("shop/far.py"), a_frame("shop/near.py"))
    files = (
        changed("shop/far.py", commit=1, time_ns=9),
        changed("shop/near.py", commit=2, time_ns=1),
        changed("shop/near.py", commit=3, time_ns=5),
    )

    assert found(event, *files) == [3, 2, 1]


def test_only_the_best_match_of_a_frame_is_suspect() -> None:
    event = an_event(a_frame("a/shop/cart.py"))

    assert found(event, changed("shop/cart.py", commit=1), changed("a/shop/cart.py", commit=2)) == [
        2
    ]


def test_other_peoples_code_is_left_out_if_any_is_our_own() -> None:
    library = a_frame("lib/http.py", own=False)
    files = (changed("lib/http.py", commit=1), changed("shop/cart.py", commit=2))

    assert found(an_event(a_frame("shop/cart.py"), library), *files) == [2]
    assert found(an_event(library), *files) == [1]


def test_scores_fall_with_the_distance_from_where_it_broke() -> None:
    frames = [a_frame(f"shop/f{number}.py") for number in range(8)]
    files = [changed(f"shop/f{number}.py", commit=number + 1) for number in range(8)]

    scores = [each.score for each in suspects(frames_of(an_event(*frames)), files)]

    assert scores == [5, 4, 3, 2, 1, 1, 1, 1]


@given(st.text())
def test_reading_a_path_never_raises(path: str) -> None:
    assert all(path_parts(path))


@pytest.mark.parametrize(
    "event",
    [{}, {"entries": 5}, {"entries": [{"type": "exception", "data": {"values": [None, 5]}}]}],
)
def test_an_event_without_frames_accuses_nobody(event: JsonObject) -> None:
    assert frames_of(event) == []
