"""What is made of chunks, and what is refused."""

import contextlib
import io
import struct
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.storage.uploads.bundles import (
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
from vedette.model.upload import Chunk, FileKind, UploadKind, UploadPlace
from vedette.storage.uploads import bundle as bundle_module
from vedette.storage.uploads.assemble import (
    Assembled,
    AssemblyRefused,
    ChunksMissing,
    Pieces,
    debug_id_inside,
)
from vedette.storage.uploads.bundle import BundleRefused, read_bundle, read_debug_id
from vedette.storage.uploads.chunked_file import ChunkedFile
from vedette.storage.uploads.debug_file_kind import kind_of_debug_file
from vedette.storage.uploads.file_reader import FileUnreadable
from vedette.storage.uploads.limits import CHUNK_UNNEEDED_S_MAX


@pytest.fixture(scope="module")
def shop() -> Shop:
    return Shop()


@pytest.mark.parametrize("head", [b"", b"SYSB\x02\x00\x00\x00"], ids=["zip", "with a header"])
def test_every_file_of_a_bundle_can_be_read(shop: Shop, head: bytes) -> None:
    texts = {"a/b.js": MINIFIED * 50, "c.map": source_map()}
    named = {
        "a/b.js": file("minified_source", "~/b.js", DEBUG_ID.upper(), SourceMap="b.js.map"),
        "c.map": file("source_map", "~/b.js.map", DEBUG_ID),
    }
    name = f"1.0-{len(head)}"
    shop.bundle(zipped(texts, {"files": named}, head=head), name)

    found = shop.metadata.files_by_url(shop.project_id, name, "", ["~/b.js", "~/b.js.map"])

    assert [shop.desk.files.read(each) for each in found] == [MINIFIED * 50, source_map()]
    assert {each.debug_id for each in found} == {PLAIN_ID}
    assert [each.source_map for each in found] == ["b.js.map", ""]


def test_a_release_in_the_manifest_counts_when_none_is_given(shop: Shop) -> None:
    shop.bundle(shop_bundle(release="from-manifest", dist="ios"))
    find = shop.metadata.files_by_url

    assert find(shop.project_id, "from-manifest", "ios", ["~/app.js"])
    assert not find(shop.project_id, "", "ios", ["~/app.js"])


def test_missing_chunks_are_named_once_each(shop: Shop) -> None:
    pieces = Pieces(shop.organization_id, "0" * 40, ["1" * 40, "2" * 40, "1" * 40])

    made = shop.desk.assembler.bundle(pieces, [shop.project_id], "", "")

    assert made == ChunksMissing(("1" * 40, "2" * 40))


def test_a_wrong_checksum_is_refused(shop: Shop) -> None:
    pieces = shop.pieces(shop_bundle())
    wrong = Pieces(pieces.organization_id, "0" * 40, pieces.sha1s)

    made = shop.desk.assembler.bundle(wrong, [shop.project_id], "", "")

    assert made == AssemblyRefused("Reported checksum mismatch.")


def test_the_same_bundle_again_is_there_already(shop: Shop) -> None:
    assert shop.bundle(shop_bundle(), "7") == shop.bundle(shop_bundle(), "8")


def refused(shop: Shop, data: bytes) -> str:
    made = shop.try_bundle(data)
    assert isinstance(made, AssemblyRefused)
    return made.detail


FILES = {"files": {"a.js": file("minified_source", "~/a.js")}}


def zip64() -> bytes:
    whole = zipped({"a.js": b"1"}, FILES)
    place = whole.rindex(b"PK\x05\x06")
    locator = b"PK\x06\x07" + struct.pack("<IQI", 0, 0, 1)
    return whole[:place] + locator + whole[place:]


def many_files() -> bytes:
    whole = bytearray(zipped({"a.js": b"1"}, FILES))
    place = whole.rindex(b"PK\x05\x06")
    whole[place + 8 : place + 12] = struct.pack("<HH", 60_000, 60_000)
    return bytes(whole)


def encrypted() -> bytes:
    whole = bytearray(zipped({"a.js": b"1"}, FILES))
    place = whole.index(b"PK\x01\x02")
    whole[place + 8] |= 1
    return bytes(whole)


def bomb() -> bytes:
    """One file that says that it unpacks to 4 GB."""
    whole = bytearray(zipped({"a.js": b"1" * 1_000}, FILES))
    place = whole.index(b"PK\x01\x02")
    whole[place + 24 : place + 28] = struct.pack("<I", 0xFFFFFFF0)
    return bytes(whole)


def elsewhere() -> bytes:
    whole = bytearray(zipped({"a.js": b"1" * 1_000}, FILES))
    place = whole.index(b"PK\x01\x02")
    whole[place + 20 : place + 24] = struct.pack("<I", 100_000_000)
    return bytes(whole)


def other_packing() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("a.js", b"1" * 1_000)
        archive.writestr("manifest.json", '{"files":{"a.js":{}}}', zipfile.ZIP_DEFLATED)
    return packed.getvalue()


@pytest.mark.parametrize(
    ("data", "why"),
    [
        pytest.param(b"", "not a zip archive", id="nothing"),
        pytest.param(b"<html>", "not a zip archive", id="no zip"),
        pytest.param(zip64(), "zip64", id="zip64"),
        pytest.param(many_files(), "more than 50000 files", id="too many files"),
        pytest.param(zipped({"a.js": b"1"}, None), "no manifest.json", id="no manifest"),
        pytest.param(
            zipped({"manifest.json": b"{"}, None), "The manifest is not JSON", id="broken manifest"
        ),
        pytest.param(zipped({}, []), "names no files", id="another manifest"),
        pytest.param(zipped({}, {"files": 3}), "names no files", id="no files"),
        pytest.param(zipped({}, FILES), "'a.js', which is not in", id="a file that is not there"),
        pytest.param(
            zipped({"../a.js": b""}, {"files": {"../a.js": {}}}), "outside", id="a path upwards"
        ),
        pytest.param(
            zipped({"/a.js": b""}, {"files": {"/a.js": {}}}), "outside", id="an absolute path"
        ),
        pytest.param(
            zipped({"x\\..\\a": b""}, {"files": {"x\\..\\a": {}}}), "outside", id="backslashes"
        ),
        pytest.param(
            zipped({"a": b""}, {"files": {"a": {"url": "~/" + "a" * 2_000}}}),
            "URL of 'a' is too long",
            id="a long URL",
        ),
        pytest.param(encrypted(), "packed in a way", id="encrypted"),
        pytest.param(other_packing(), "packed in a way", id="another packing"),
        pytest.param(bomb(), "unpacks to more than", id="a bomb"),
        pytest.param(elsewhere(), "does not lie where", id="a file beyond the end"),
    ],
)
def test_what_is_no_bundle_is_refused_with_the_reason(shop: Shop, data: bytes, why: str) -> None:
    pieces = shop.pieces(data or b"x")
    made = shop.desk.assembler.bundle(pieces, [shop.project_id], "", "")

    assert isinstance(made, AssemblyRefused)
    assert why in made.detail


def test_a_large_manifest_is_refused(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle_module, "MANIFEST_BYTES_MAX", 100)
    assert "The manifest is larger than 100 bytes" in refused(shop, shop_bundle(note="x" * 200))


def test_a_file_that_lies_about_its_size_cannot_be_read(shop: Shop) -> None:
    whole = bytearray(zipped({"a.js": b"1" * 100_000}, FILES))
    place = whole.index(b"PK\x01\x02")
    whole[place + 24 : place + 28] = struct.pack("<I", 10)
    shop.bundle(bytes(whole), "lies")
    [found] = shop.metadata.files_by_url(shop.project_id, "lies", "", ["~/a.js"])

    with pytest.raises(FileUnreadable, match="another size"):
        shop.desk.files.read(found)


@given(damage=st.lists(st.tuples(st.integers(0, 900), st.integers(0, 255)), max_size=12))
def test_a_damaged_bundle_is_read_or_refused(damage: list[tuple[int, int]]) -> None:
    data = bytearray(shop_bundle())
    for place, byte in damage:
        data[place % len(data)] = byte
    with contextlib.suppress(BundleRefused):
        assert len(read_bundle(io.BytesIO(data), len(data)).files) <= 2


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(1, 50), min_size=1, max_size=20))
def test_chunks_are_read_like_the_file_they_were(data: bytes, cuts: list[int]) -> None:
    pieces: list[bytes] = []
    rest = data
    for cut in cuts:
        pieces.append(rest[:cut])
        rest = rest[cut:]
    pieces = [each for each in (*pieces, rest) if each]
    chunks = [Chunk(str(number), len(each), 0) for number, each in enumerate(pieces)]

    opened = ChunkedFile(chunks, lambda chunk: pieces[int(chunk.sha1)])
    whole = io.BufferedReader(opened)

    assert whole.read() == data
    for start in range(0, len(data), 7):
        whole.seek(start)
        assert whole.read(9) == data[start : start + 9]
    assert opened.seek(-1, io.SEEK_END) == len(data) - 1 if data else True


def test_a_debug_file_is_kept_and_its_kind_is_seen(shop: Shop) -> None:
    pieces = shop.pieces(b"com.shop.Cart -> a.b:\n    int total() -> c\n" * 100)

    made = shop.desk.assembler.debug_file(pieces, shop.project_id, "mapping.txt", DEBUG_ID)

    assert isinstance(made, Assembled)
    kind = UploadKind.DEBUG_FILE
    [listed] = shop.metadata.placed_files(shop.project_id, kind, first=0, limit=9)
    assert listed.file.kind is FileKind.PROGUARD
    assert listed.file.debug_id == PLAIN_ID
    assert shop.desk.files.read(listed.file).startswith(b"com.shop.Cart")


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"\x7fELF\x02", FileKind.ELF),
        (b"\xcf\xfa\xed\xfe", FileKind.MACH_O),
        (b"MZ\x90", FileKind.PE),
        (b"Microsoft C/C++ MSF 7.00", FileKind.PDB),
        (b"\x00asm", FileKind.WASM),
        (b"MODULE Linux x86_64", FileKind.BREAKPAD),
        (b"SYSB", FileKind.SOURCE_BUNDLE),
        (b"", FileKind.OTHER),
    ],
)
def test_debug_files_are_known_by_their_first_bytes(head: bytes, kind: FileKind) -> None:
    assert kind_of_debug_file(head, "x") is kind


def test_a_release_file_knows_the_debug_id_written_into_it(shop: Shop) -> None:
    script = MINIFIED + f"//# debugId={DEBUG_ID}\n".encode()
    shop.desk.assembler.release_file(
        script,
        organization_id=shop.organization_id,
        name="~/with-id.js",
        source_map="x.map",
        places=[UploadPlace(shop.project_id, "9", "")],
    )

    [found] = shop.metadata.files_by_url(shop.project_id, "9", "", ["~/with-id.js"])

    assert (found.kind, found.debug_id, found.source_map) == (FileKind.MINIFIED, PLAIN_ID, "x.map")
    assert shop.desk.files.read(found) == script


def test_maps_and_scripts_say_their_debug_ids() -> None:
    kind = FileKind.SOURCE_MAP
    assert debug_id_inside(kind, b'{"version":3,"debug_id":"%b"}' % DEBUG_ID.encode()) == PLAIN_ID
    assert debug_id_inside(kind, b'{"debugId": "%b", "x":1}' % DEBUG_ID.encode()) == PLAIN_ID
    assert debug_id_inside(FileKind.MINIFIED, ORIGINAL.encode()) == ""
    assert read_debug_id(f"{DEBUG_ID}-2a") == PLAIN_ID
    assert read_debug_id(3) == ""


def test_chunks_without_an_upload_go_after_a_day() -> None:
    shop = Shop()
    shop.bundle(shop_bundle())
    [lost] = shop.pieces(b"never assembled", 1_000).sha1s
    key_count = len(list(shop.blobs.list("chunks/")))

    assert shop.desk.chunks.forget_unneeded() == 0
    shop.clock.move(CHUNK_UNNEEDED_S_MAX + 1)
    assert shop.desk.chunks.forget_unneeded() == 1

    assert shop.metadata.chunks(shop.organization_id, [lost]) == {}
    assert len(list(shop.blobs.list("chunks/"))) == key_count - 1
