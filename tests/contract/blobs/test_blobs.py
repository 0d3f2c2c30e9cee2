"""The Blobs port, on every adapter."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.memory_blobs import MemoryBlobs
from vedette.storage.blobs.port import BlobInfo, BlobMissing, Blobs

MIB = 1024 * 1024

NO_KEYS = [
    pytest.param("", id="nothing"),
    pytest.param("/a", id="absolute"),
    pytest.param("a/", id="a folder"),
    pytest.param("a//b", id="an empty part"),
    pytest.param(".", id="here"),
    pytest.param("..", id="up"),
    pytest.param("a/../b", id="up in between"),
    pytest.param("a/./b", id="here in between"),
    pytest.param(".hidden", id="hidden"),
    pytest.param("a/.hidden", id="hidden in a folder"),
    pytest.param("A", id="capitals"),
    pytest.param("ä", id="beyond ASCII"),
    pytest.param("a b", id="a blank"),
    pytest.param("a\n", id="a line"),
    pytest.param("a\x00b", id="NUL"),
    pytest.param("a\\b", id="a backslash"),
    pytest.param("a%2fb", id="an escape"),
    pytest.param("٣", id="a digit of another script"),
    pytest.param("a" * 201, id="a long part"),
    pytest.param("/".join("a" * 451), id="a long key"),
]

KEYS = [
    pytest.param("a", id="one part"),
    pytest.param("attachments/1/0123456789abcdef.bin", id="parts"),
    pytest.param("-_/a..b/0.", id="every kind of character"),
    pytest.param("/".join(["a" * 200] * 4), id="long"),
]


@pytest.mark.parametrize("key", KEYS)
def test_what_is_put_is_got(blobs: Blobs, key: str) -> None:
    data = bytes(range(256))

    blobs.put(key, data)

    assert blobs.get(key) == data
    assert list(blobs.list("")) == [BlobInfo(key, 256)]


@pytest.mark.parametrize("byte_count", [0, 1, 12 * MIB + 1])
def test_blobs_may_be_empty_or_large(blobs: Blobs, byte_count: int) -> None:
    data = b"v" * byte_count

    blobs.put("a/b", data)

    assert blobs.get("a/b") == data
    assert list(blobs.list("a/")) == [BlobInfo("a/b", byte_count)]


def test_a_second_put_replaces_the_first(blobs: Blobs) -> None:
    blobs.put("a", b"longer than the second")
    blobs.put("a", b"second")

    assert blobs.get("a") == b"second"


@pytest.mark.parametrize("key", ["b", "a/c", "a/b/c", "d/e/f"])
def test_what_was_never_put_is_missing(blobs: Blobs, key: str) -> None:
    blobs.put("a/b", b"here")

    with pytest.raises(BlobMissing, match=key):
        blobs.get(key)
    blobs.delete(key)

    assert blobs.get("a/b") == b"here"


def test_a_folder_is_no_blob(blobs: Blobs) -> None:
    blobs.put("a/b", b"here")

    with pytest.raises(BlobMissing):
        blobs.get("a")


def test_what_is_deleted_is_missing_and_may_be_deleted_again(blobs: Blobs) -> None:
    blobs.put("a/b", b"")
    blobs.put("a/c", b"")

    blobs.delete("a/b")
    blobs.delete("a/b")

    with pytest.raises(BlobMissing):
        blobs.get("a/b")
    assert [each.key for each in blobs.list("a/")] == ["a/c"]


def test_a_list_is_of_a_folder_with_all_below_it_and_not_of_its_namesakes(blobs: Blobs) -> None:
    for key in ("a/b", "a/c/d", "ab/c", "b"):
        blobs.put(key, b"x")

    assert {each.key for each in blobs.list("a/")} == {"a/b", "a/c/d"}
    assert {each.key for each in blobs.list("a/c/")} == {"a/c/d"}
    assert {each.key for each in blobs.list("")} == {"a/b", "a/c/d", "ab/c", "b"}
    assert list(blobs.list("z/")) == []
    assert list(blobs.list("b/")) == []


def test_a_long_list_is_whole(blobs: Blobs) -> None:
    keys = {f"many/{number:04}" for number in range(1_100)}
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(lambda key: blobs.put(key, b"x"), keys))

    assert {each.key for each in blobs.list("many/")} == keys


@pytest.mark.parametrize("key", NO_KEYS)
def test_a_key_that_is_not_the_servers_own_is_refused_everywhere(blobs: Blobs, key: str) -> None:
    with pytest.raises(ValueError, match="not a key"):
        blobs.put(key, b"")
    with pytest.raises(ValueError, match="not a key"):
        blobs.get(key)
    with pytest.raises(ValueError, match="not a key"):
        blobs.delete(key)

    assert list(blobs.list("")) == []


@pytest.mark.parametrize("prefix", ["a", "/", "../", "a/../", "A/", ".incoming/", "a//"])
def test_a_prefix_that_is_not_the_servers_own_is_refused_at_once(blobs: Blobs, prefix: str) -> None:
    with pytest.raises(ValueError, match="not a prefix"):
        blobs.list(prefix)


def test_readers_see_one_put_or_the_other(blobs: Blobs) -> None:
    versions = [bytes([digit]) * 200_000 for digit in range(4)]
    blobs.put("a/b", versions[0])

    with ThreadPoolExecutor(4) as threads:
        writes = [threads.submit(blobs.put, "a/b", version) for version in versions * 3]
        reads = list(threads.map(lambda _: blobs.get("a/b"), range(30)))
        for write in writes:
            write.result()

    assert all(read in versions for read in reads)


def test_check_returns_while_the_store_answers(blobs: Blobs) -> None:
    blobs.check()

    assert list(blobs.list("")) == []


@given(st.text(st.sampled_from("ab./-_A\\\x00 "), max_size=8))
def test_no_key_leads_out_of_the_store(text: str) -> None:
    try:
        MemoryBlobs().put(text, b"")
    except ValueError:
        return

    assert not text.startswith("/")
    assert not {"", ".", ".."} & set(text.split("/"))
    assert set(text) <= set("ab./-_")
