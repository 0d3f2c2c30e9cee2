"""The promises of the Uploads face."""

from dataclasses import replace

import pytest

from tests.contract.metadata.conftest import Shop
from vedette.model.upload import (
    Chunk,
    FileKind,
    NewFile,
    NewUpload,
    Packing,
    Upload,
    UploadKind,
    UploadPlace,
)
from vedette.storage.metadata.port import OwnerMissing

ID = "5e" * 16
SCRIPT = NewFile(FileKind.MINIFIED, "~/app.js", ID, "app.js.map", 10, 20, 30, Packing.DEFLATE)
MAP = NewFile(FileKind.SOURCE_MAP, "~/app.js.map", ID, "", 40, 5, 5, Packing.PLAIN)


def sha1(number: int) -> str:
    return f"{number:040x}"


def chunk(number: int, stored_ns: int = 100) -> Chunk:
    return Chunk(sha1(number), 1_000, stored_ns)


def keep_chunks(shop: Shop, *numbers: int, stored_ns: int = 100) -> list[str]:
    for number in numbers:
        shop.metadata.add_chunk(shop.organization_id, chunk(number, stored_ns))
    return [sha1(number) for number in numbers]


def keep_bundle(
    shop: Shop, *places: UploadPlace, checksum: str = "bundle", numbers: tuple[int, ...] = (1, 2)
) -> Upload:
    new = NewUpload(shop.organization_id, UploadKind.BUNDLE, checksum, "", 2_000, 200)
    parts = keep_chunks(shop, *numbers)
    return shop.metadata.add_upload(new, parts=parts, files=[SCRIPT, MAP], places=places)


def in_release(shop: Shop, release: str = "1.0", dist: str = "") -> UploadPlace:
    return UploadPlace(shop.project_id, release, dist)


def test_of_chunks_with_the_same_content_the_first_counts(shop: Shop) -> None:
    first = shop.metadata.add_chunk(shop.organization_id, chunk(1, 100))
    again = shop.metadata.add_chunk(shop.organization_id, chunk(1, 999))

    assert first == again == chunk(1, 100)
    assert shop.metadata.chunks(shop.organization_id, [sha1(1), sha1(2)]) == {sha1(1): chunk(1)}
    assert shop.metadata.chunks(10**30, [sha1(1)]) == {}


def test_many_chunks_are_asked_for_at_once(shop: Shop) -> None:
    keep_chunks(shop, 3, 1_900)

    found = shop.metadata.chunks(shop.organization_id, [sha1(number) for number in range(2_000)])

    assert found.keys() == {sha1(3), sha1(1_900)}


def test_chunks_that_no_upload_needs_are_forgotten_when_they_are_old(shop: Shop) -> None:
    keep_bundle(shop, in_release(shop), numbers=(1, 2))
    keep_chunks(shop, 3, 4, stored_ns=100)
    keep_chunks(shop, 5, stored_ns=900)

    first = shop.metadata.take_unneeded_chunks(before_ns=500, limit=1)
    rest = shop.metadata.take_unneeded_chunks(before_ns=500, limit=10)

    assert sorted([*first, *rest], key=str) == [
        (shop.organization_id, chunk(3)),
        (shop.organization_id, chunk(4)),
    ]
    everything = [sha1(number) for number in range(10)]
    left = shop.metadata.chunks(shop.organization_id, everything)
    assert left.keys() == {sha1(1), sha1(2), sha1(5)}


def test_an_upload_is_made_of_its_chunks_in_order(shop: Shop) -> None:
    upload = keep_bundle(shop, in_release(shop), numbers=(2, 1, 2))

    assert shop.metadata.parts(upload.upload_id) == [chunk(2), chunk(1), chunk(2)]
    assert shop.metadata.upload(shop.organization_id, UploadKind.BUNDLE, "bundle") == upload
    assert shop.metadata.upload(shop.organization_id, UploadKind.DEBUG_FILE, "bundle") is None
    assert shop.metadata.upload(99, UploadKind.BUNDLE, "bundle") is None


def test_an_upload_of_chunks_that_are_not_there_is_none(shop: Shop) -> None:
    new = NewUpload(shop.organization_id, UploadKind.BUNDLE, "bundle", "", 2_000, 200)

    with pytest.raises(OwnerMissing):
        shop.metadata.add_upload(new, parts=[sha1(7)], files=[], places=[in_release(shop)])

    assert shop.metadata.upload(shop.organization_id, UploadKind.BUNDLE, "bundle") is None


def test_the_same_upload_again_only_counts_in_more_places(shop: Shop) -> None:
    first = keep_bundle(shop, in_release(shop))
    again = keep_bundle(shop, in_release(shop), in_release(shop, "2.0"))

    assert first == again
    for release in ("1.0", "2.0"):
        found = shop.metadata.files_by_url(shop.project_id, release, "", ["~/app.js"])
        assert len(found) == 1
    uploads = shop.metadata.placed_uploads(shop.project_id, UploadKind.BUNDLE, first=0, limit=9)
    assert [(each[1].release, each[2]) for each in uploads] == [("1.0", 2), ("2.0", 2)]


def test_files_are_found_by_debug_id_in_their_projects_only(shop: Shop) -> None:
    upload = keep_bundle(shop, in_release(shop, ""))

    found = shop.metadata.files_by_debug_id(shop.project_id, ID)

    assert [each.kind for each in found] == [FileKind.MINIFIED, FileKind.SOURCE_MAP]
    script = found[0]
    assert (script.upload_id, script.organization_id) == (upload.upload_id, shop.organization_id)
    assert (script.url, script.source_map, script.start) == ("~/app.js", "app.js.map", 10)
    assert (script.packed_bytes, script.byte_count) == (20, 30)
    assert script.packing is Packing.DEFLATE
    assert shop.metadata.files_by_debug_id(shop.other_project_id, ID) == []
    assert shop.metadata.files_by_debug_id(shop.project_id, "0" * 32) == []
    assert not shop.metadata.files_by_debug_id(shop.project_id, "")


def test_files_are_found_by_release_distribution_and_url(shop: Shop) -> None:
    keep_bundle(shop, in_release(shop, dist="ios"))
    find = shop.metadata.files_by_url

    assert len(find(shop.project_id, "1.0", "ios", ["~/x.js", "~/app.js", "~/app.js.map"])) == 2
    assert find(shop.project_id, "1.0", "", ["~/app.js"]) == []
    assert find(shop.project_id, "2.0", "ios", ["~/app.js"]) == []
    assert find(shop.other_project_id, "1.0", "ios", ["~/app.js"]) == []


def test_the_newest_upload_comes_first(shop: Shop) -> None:
    older = keep_bundle(shop, in_release(shop), checksum="older")
    newer = keep_bundle(shop, in_release(shop), checksum="newer")

    by_url = shop.metadata.files_by_url(shop.project_id, "1.0", "", ["~/app.js"])
    by_id = shop.metadata.files_by_debug_id(shop.project_id, ID)

    expected = [newer.upload_id, older.upload_id]
    assert [each.upload_id for each in by_url] == expected
    assert list(dict.fromkeys(each.upload_id for each in by_id)) == expected


def test_single_files_of_a_release_are_listed_and_taken_away(shop: Shop) -> None:
    projects = [shop.project_id, shop.other_project_id]
    places = [UploadPlace(project_id, "1.0", "") for project_id in projects]
    [part] = keep_chunks(shop, 1)
    for name in ("~/b.js", "~/a.js"):
        shop.metadata.add_upload(
            NewUpload(shop.organization_id, UploadKind.RELEASE_FILE, "c", name, 30, 200),
            parts=[part],
            files=[replace(SCRIPT, url=name)],
            places=places,
        )

    listed = shop.metadata.release_files(projects, "1.0", first=0, limit=10)

    assert [each.file.url for each in listed] == ["~/a.js", "~/b.js"]
    assert [each.release for each in listed] == ["1.0", "1.0"]
    assert shop.metadata.release_files(projects, "1.0", first=1, limit=1) == listed[1:]
    assert shop.metadata.release_files(projects, "2.0", first=0, limit=10) == []
    assert shop.metadata.release_files([], "1.0", first=0, limit=10) == []
    find = shop.metadata.release_files
    assert find(projects, "1.0", first=0, limit=9, name_part="b.") == listed[1:]
    assert find(projects, "1.0", first=0, limit=9, name_part="%.") == []
    assert find(projects, "1.0", first=0, limit=9, checksums=["c", "d"]) == listed
    assert find(projects, "1.0", first=0, limit=9, checksums=["d"]) == []
    chosen = listed[0].file
    assert shop.metadata.release_file(projects, "1.0", chosen.file_id) == listed[0]
    assert shop.metadata.release_file(projects, "2.0", chosen.file_id) is None
    assert shop.metadata.release_file([99], "1.0", chosen.file_id) is None

    assert not shop.metadata.take_upload(chosen.upload_id, places[:1])
    assert shop.metadata.take_upload(chosen.upload_id, places)
    assert shop.metadata.release_file(projects, "1.0", chosen.file_id) is None
    assert len(shop.metadata.release_files(projects, "1.0", first=0, limit=10)) == 1


def test_it_is_known_which_projects_have_uploads_and_that_this_changed(shop: Shop) -> None:
    before = shop.metadata.version()
    assert shop.metadata.projects_with_uploads() == frozenset()

    upload = keep_bundle(shop, in_release(shop))

    assert shop.metadata.version() > before
    assert shop.metadata.projects_with_uploads() == {shop.project_id}
    shop.metadata.place_upload(upload.upload_id, [UploadPlace(shop.other_project_id, "", "")])
    assert shop.metadata.projects_with_uploads() == {shop.project_id, shop.other_project_id}
    with pytest.raises(OwnerMissing):
        shop.metadata.place_upload(10**6, [in_release(shop)])


def test_files_of_a_kind_are_listed_by_project(shop: Shop) -> None:
    keep_bundle(shop, in_release(shop))

    listed = shop.metadata.placed_files(shop.project_id, UploadKind.BUNDLE, first=0, limit=10)

    assert [(each.file.url, each.checksum) for each in listed] == [
        ("~/app.js", "bundle"),
        ("~/app.js.map", "bundle"),
    ]
    kind = UploadKind.BUNDLE
    assert shop.metadata.placed_files(shop.other_project_id, kind, first=0, limit=10) == []
