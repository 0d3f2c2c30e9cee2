"""QR pictures: made for tickets, read from uploads."""

from __future__ import annotations

import io
from typing import Final

import segno
import zxingcpp
from PIL import Image, UnidentifiedImageError

UPLOAD_BYTES_MAX: Final = 4 * 1024 * 1024
"""A phone's photograph at a sensible size."""

NOT_A_PICTURE: Final = (
    UnidentifiedImageError,
    Image.DecompressionBombError,
    OSError,
    ValueError,
    SyntaxError,
)
"""Pillow's ways of saying so."""

PIXEL_COUNT_MAX: Final = 40_000_000
"""A picture may be small on the wire and huge in memory; phones make up to about this."""


def qr_svg(text: str) -> str:
    """An inline picture without size of its own."""
    code = segno.make(text, error="m")
    return code.svg_inline(scale=1, omitsize=True, border=2, svgclass="qr", lineclass=None)


def qr_png(text: str) -> bytes:
    """A picture for mail and for saving."""
    out = io.BytesIO()
    segno.make(text, error="m").save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def read_qr_picture(picture: bytes) -> str | None:
    """The text of the first QR code in an uploaded picture; None when there is none."""
    if len(picture) > UPLOAD_BYTES_MAX:
        return None
    try:
        with Image.open(io.BytesIO(picture), formats=["PNG", "JPEG", "WEBP", "GIF"]) as image:
            if image.width * image.height > PIXEL_COUNT_MAX:
                return None
            grey = image.convert("L")
    except NOT_A_PICTURE:
        return None
    found = zxingcpp.read_barcodes(
        grey, formats=zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    )
    return str(found[0].text) if found else None
