"""Pictures of codes are read back; what is no picture is no code."""

from __future__ import annotations

import io
import struct
import zlib

import pytest
from PIL import Image

from ticketing.qr import UPLOAD_BYTES_MAX, qr_png, qr_svg, read_qr_picture

CODE = "T1.7Q2M4XK9D3HZ.open-air.00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01.abcdef"


def as_file(image: Image.Image, kind: str) -> bytes:
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def test_a_picture_we_made_is_read_back() -> None:
    assert read_qr_picture(qr_png(CODE)) == CODE


def test_a_turned_grey_small_photograph_is_read() -> None:
    with Image.open(io.BytesIO(qr_png(CODE))) as image:
        photograph = (
            image.convert("RGB").rotate(17, expand=True, fillcolor="white").resize((420, 420))
        )

    assert read_qr_picture(as_file(photograph, "JPEG")) == CODE


def huge_png() -> bytes:
    """A few bytes that claim to be 100,000 by 100,000 pixels."""
    header = struct.pack(">IIBBBBB", 100_000, 100_000, 8, 0, 0, 0, 0)

    def chunk(kind: bytes, data: bytes) -> bytes:
        return (
            struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        )

    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", b"") + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    "upload",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"not a picture", id="text"),
        pytest.param(qr_png(CODE)[:200], id="cut off"),
        pytest.param(as_file(Image.new("L", (100, 100), 255), "PNG"), id="no code in it"),
        pytest.param(b"\0" * (UPLOAD_BYTES_MAX + 1), id="too long"),
        pytest.param(huge_png(), id="too many pixels"),
    ],
)
def test_what_holds_no_code_gives_none(upload: bytes) -> None:
    assert read_qr_picture(upload) is None


def test_the_inline_picture_holds_nothing_but_paths() -> None:
    assert qr_svg("<script>").count("<") == 3
