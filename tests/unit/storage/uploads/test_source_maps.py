"""Finding the map of a script, and opening it."""

import base64
import json
import threading

import pytest

from tests.unit.storage.uploads.bundles import (
    COLUMN,
    DEBUG_ID,
    MINIFIED,
    ORIGINAL,
    PLAIN_ID,
    Shop,
    file,
    shop_bundle,
    source_map,
    zipped,
)
from vedette.model.source_map import (
    NothingUploaded,
    OriginalPlace,
    ScriptQuestion,
    ScriptTrouble,
    Trouble,
)
from vedette.model.upload import UploadKind, UploadPlace
from vedette.storage.uploads import build_process, map_builder
from vedette.storage.uploads.map_builder import MapBuilder, MapBuilderStopped, MapRefused
from vedette.storage.uploads.map_cache_store import CacheRefused, MapCacheStore

URL = "https://shop.test/app.js?v=3"
PLACE = [(0, COLUMN)]


def question(
    shop: Shop, *, debug_id: str = "", release: str = "", dist: str = "", url: str = URL
) -> ScriptQuestion:
    return ScriptQuestion(shop.project_id, release, dist, debug_id, url)


def found(shop: Shop, asked: ScriptQuestion) -> OriginalPlace:
    """Return the place in `add`, which must be found."""
    opened = shop.desk.source_maps.find(asked)
    assert not isinstance(opened, ScriptTrouble | NothingUploaded), opened
    [place] = opened.look_up(PLACE)
    assert place is not None
    return place


def trouble(shop: Shop, asked: ScriptQuestion) -> ScriptTrouble:
    answer = shop.desk.source_maps.find(asked)
    assert isinstance(answer, ScriptTrouble)
    return answer


def test_a_script_is_found_by_its_debug_id() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())

    place = found(shop, question(shop, debug_id=PLAIN_ID))

    assert (place.file, place.line, place.scope) == ("../src/cart.ts", 1, "add")
    assert place.text == "  return item.price + sum;"


@pytest.mark.parametrize(
    "url",
    [
        pytest.param(URL, id="with a query"),
        pytest.param("https://shop.test/app.js", id="plain"),
        pytest.param("http://other.test/app.js#top", id="another host"),
        pytest.param("app:///app.js", id="no host"),
        pytest.param("~/app.js", id="as uploaded"),
    ],
)
def test_a_script_is_found_by_release_and_url(url: str) -> None:
    shop = Shop()
    shop.bundle(shop_bundle(debug_id=""), "1.0")

    assert found(shop, question(shop, release="1.0", url=url)).scope == "add"


def test_the_distribution_must_be_the_same_or_left_open() -> None:
    shop = Shop()
    shop.bundle(shop_bundle(), "1.0", "ios")
    shop.bundle(shop_bundle(note="open"), "2.0")

    assert found(shop, question(shop, release="1.0", dist="ios")).scope == "add"
    assert found(shop, question(shop, release="2.0", dist="android")).scope == "add"
    for dist in ("android", ""):
        told = trouble(shop, question(shop, release="1.0", dist=dist))
        assert told.kind is Trouble.NO_SOURCE


def test_what_is_not_there_is_told_with_what_was_sought() -> None:
    shop = Shop()
    shop.bundle(shop_bundle(), "1.0")

    told = trouble(shop, question(shop, debug_id="ab" * 16, release="2.0"))

    assert told.kind is Trouble.NO_SOURCE
    for part in ("ab" * 16, "~/app.js", "the release 2.0"):
        assert part in told.text
    assert "neither debug ids nor a release" in trouble(shop, question(shop)).text


def test_a_project_without_uploads_asks_nothing() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    asked = ScriptQuestion(shop.other_project_id, "", "", PLAIN_ID, URL)

    assert shop.desk.source_maps.find(asked) == NothingUploaded()


def test_an_upload_is_seen_within_a_second_by_whoever_asked_before() -> None:
    shop = Shop()
    shop.bundle(zipped({}, {"files": {}}))
    asked = question(shop, debug_id=PLAIN_ID)
    assert trouble(shop, asked).kind is Trouble.NO_SOURCE
    shop.bundle(shop_bundle())

    shop.clock.move(1.5)

    assert found(shop, asked).scope == "add"


def test_files_of_a_release_are_found_like_a_bundle() -> None:
    shop = Shop()
    places = [UploadPlace(shop.project_id, "1.0", "")]
    for name, data in (("~/app.js", MINIFIED), ("~/app.js.map", source_map())):
        shop.desk.assembler.release_file(
            data,
            organization_id=shop.organization_id,
            name=name,
            source_map="",
            places=places,
        )

    assert found(shop, question(shop, release="1.0")).scope == "add"


def test_a_map_inside_of_the_script_is_read() -> None:
    shop = Shop()
    inline = base64.b64encode(source_map()).decode()
    script = MINIFIED.replace(b"app.js.map", b"data:application/json;base64," + inline.encode())
    shop.bundle(zipped({"a": script}, {"files": {"a": file("minified_source", "~/app.js")}}), "1.0")

    assert found(shop, question(shop, release="1.0")).scope == "add"


def test_sources_that_the_map_lacks_are_found_beside_it() -> None:
    shop = Shop()
    texts = {"a": MINIFIED, "m": source_map(content=None), "s": ORIGINAL.encode()}
    named = {
        "a": file("minified_source", "~/js/app.js", sourcemap="app.js.map"),
        "m": file("source_map", "~/js/app.js.map"),
        "s": file("source", "~/src/cart.ts"),
    }
    shop.bundle(zipped(texts, {"files": named}), "1.0")

    place = found(shop, question(shop, release="1.0", url="https://shop.test/js/app.js"))

    assert place.text == "  return item.price + sum;"


def test_a_map_without_its_script_still_finds_places() -> None:
    shop = Shop()
    named = {"m": file("source_map", "~/app.js.map", DEBUG_ID)}
    shop.bundle(zipped({"m": source_map()}, {"files": named}))

    place = found(shop, question(shop, debug_id=PLAIN_ID))

    assert (place.line, place.scope) == (1, None)


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (b"let a=1", "names no source map"),
        (b"let a=1\n//# sourceMappingURL=other.map", "its source map ~/other.map was not"),
    ],
)
def test_a_script_without_a_map_is_told(script: bytes, reason: str) -> None:
    shop = Shop()
    bundle = zipped({"a": script}, {"files": {"a": file("minified_source", "~/app.js")}})
    shop.bundle(bundle, "1.0")

    assert reason in trouble(shop, question(shop, release="1.0")).text


def test_a_map_that_is_none_is_told_also_after_a_restart() -> None:
    shop = Shop()
    shop.bundle(shop_bundle(map_text=b"<html>"))
    asked = question(shop, debug_id=PLAIN_ID)

    first = trouble(shop, asked)
    shop.desk = type(shop.desk)(shop.blobs, shop.metadata, shop.clock)
    shop.desk.stop()

    assert first.kind is Trouble.INVALID_SOURCE
    assert trouble(shop, asked) == first


def test_a_cache_is_made_once_for_all_starts() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    asked = question(shop, debug_id=PLAIN_ID)
    found(shop, asked)
    shop.desk = type(shop.desk)(shop.blobs, shop.metadata, shop.clock)
    # A stopped builder makes nothing.
    shop.desk.stop()

    assert found(shop, asked).scope == "add"


def test_while_the_server_ends_frames_stay_as_they_are() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    shop.desk.stop()

    assert "ending" in trouble(shop, question(shop, debug_id=PLAIN_ID)).text


def test_with_an_upload_goes_what_was_made_of_it() -> None:
    shop = Shop()
    upload = shop.bundle(shop_bundle())
    asked = question(shop, debug_id=PLAIN_ID)
    found(shop, asked)
    assert list(shop.blobs.list("map-caches/"))
    [(_, place, _)] = shop.metadata.placed_uploads(
        shop.project_id, UploadKind.BUNDLE, first=0, limit=9
    )

    shop.desk.forget(upload.upload_id, [place])
    shop.clock.move(1.5)

    assert not list(shop.blobs.list("map-caches/"))
    assert shop.desk.source_maps.find(asked) == NothingUploaded()


def test_a_damaged_cache_is_made_anew() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    asked = question(shop, debug_id=PLAIN_ID)
    found(shop, asked)
    [info] = shop.blobs.list("map-caches/")
    shop.blobs.put(info.key, b"Vrubbish")
    shop.desk = type(shop.desk)(shop.blobs, shop.metadata, shop.clock)

    assert found(shop, asked).scope == "add"


def test_a_script_that_nests_without_end_harms_nobody() -> None:
    builder = MapBuilder()
    deep = b"(" * 3_000_000

    try:
        builder.build(deep, source_map(), {})
    except MapRefused as refused:
        assert "ended with" in str(refused)  # noqa: PT017 - either is well: it may suffice

    assert builder.build(MINIFIED, source_map(), {})


def test_what_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_builder, "BUILD_S_MAX", 0.001)
    with pytest.raises(MapRefused, match="more than"):
        MapBuilder().build(MINIFIED, source_map(), {})


def test_what_is_being_made_ends_with_the_server() -> None:
    builder = MapBuilder()
    names = json.dumps([f"s{number}.js" for number in range(200_000)])
    slow = b'{"version":3,"sources":%b,"names":[],"mappings":"AAAA"}' % names.encode()
    ended = threading.Event()

    def build() -> None:
        with pytest.raises(MapBuilderStopped):
            builder.build(b"a+" * 3_000_000 + b"a", slow, {})
        ended.set()

    thread = threading.Thread(target=build)
    thread.start()
    while builder._running is None:
        thread.join(0.001)
    builder.stop()

    assert ended.wait(10)
    thread.join()
    with pytest.raises(MapBuilderStopped):
        builder.build(MINIFIED, source_map(), {})


def test_the_process_says_what_is_wrong_with_a_map() -> None:
    with pytest.raises(MapRefused, match=r"\w"):
        MapBuilder().build(MINIFIED, b"[]", {})
    assert build_process.REFUSED not in (0, 1, 2)


def test_caches_beyond_the_room_are_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    shop = Shop()
    data = MapBuilder().build(MINIFIED, source_map(), {})
    store = MapCacheStore(shop.blobs)
    size = store.put((1, 1, 1), data).byte_count
    monkeypatch.setattr("vedette.storage.uploads.map_cache_store.OPEN_BYTES_MAX", size * 2)

    for number in range(2, 6):
        store.put((number, 1, 1), data)

    assert store._open.keys() == {(4, 1, 1), (5, 1, 1)}
    assert store._open_bytes == size * 2
    assert store.get((1, 1, 1)) is not None
    assert store.get((9, 1, 1)) is None
    store.put_refused((9, 1, 1), "why")
    with pytest.raises(CacheRefused, match="why"):
        store.get((9, 1, 1))


def test_an_open_map_has_the_name_it_was_uploaded_under() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    opened = shop.desk.source_maps.find(question(shop, debug_id=PLAIN_ID))

    assert not isinstance(opened, ScriptTrouble | NothingUploaded)
    assert opened.name == "~/app.js.map"
    assert opened.look_up([(5_000, 0)]) == [None]
