"""Unpacking bodies within a bound."""

import gzip
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from vedette.native import Malformed, NativeError, TooLarge, otlp_count, unpack


def zstd_stream(body: bytes) -> bytes:
    """Pack as one who does not know the size beforehand: it is not written."""
    packer = zstandard.ZstdCompressor().compressobj()
    return packer.compress(body) + packer.flush()


PACKERS: dict[str, tuple[str, Callable[[bytes], bytes]]] = {
    "gzip": ("gzip", gzip.compress),
    "deflate": ("deflate", zlib.compress),
    "raw deflate": ("deflate", lambda body: zlib.compress(body, wbits=-15)),
    "brotli": ("br", brotli.compress),
    "zstd": ("zstd", zstandard.compress),
    "zstd stream": ("zstd", zstd_stream),
    "plain": ("", bytes),
    "utf-8": ("utf-8", bytes),
}


@pytest.mark.parametrize("name", PACKERS)
def test_a_body_comes_back_as_it_was_packed(name: str) -> None:
    encoding, pack = PACKERS[name]
    body = b"the same again and again " * 1000
    assert unpack(pack(body), encoding, len(body)) == body


@pytest.mark.parametrize("name", PACKERS)
def test_a_bomb_is_refused(name: str) -> None:
    encoding, pack = PACKERS[name]
    with pytest.raises(TooLarge, match="more than 1000000 bytes"):
        unpack(pack(bytes(50_000_000)), encoding, 1_000_000)


def test_an_unknown_encoding_and_a_wrong_one_are_malformed() -> None:
    with pytest.raises(Malformed, match="none of gzip, deflate, br, zstd"):
        unpack(b"x", "lzma", 10)
    with pytest.raises(Malformed, match="no valid gzip"):
        unpack(b"plain text", "gzip", 100)


@given(
    body=st.binary(max_size=300),
    encoding=st.sampled_from(["gzip", "deflate", "br", "zstd", "", "lzma"]),
    byte_count_max=st.integers(0, 1000),
)
def test_any_bytes_are_unpacked_within_the_bound_or_refused(
    body: bytes, encoding: str, byte_count_max: int
) -> None:
    try:
        unpacked = unpack(body, encoding, byte_count_max)
    except NativeError:
        return
    assert len(unpacked) <= byte_count_max


def test_counting_unpacks_within_the_same_bound() -> None:
    with pytest.raises(TooLarge):
        otlp_count(gzip.compress(bytes(1000)), "gzip", "traces", 999)
    with pytest.raises(Malformed, match="broken at byte 0"):
        otlp_count(b"\xff\xff", "", "logs", 10)
    with pytest.raises(ValueError, match="no signal is called"):
        otlp_count(b"", "", "smoke", 10)
