"""Read what an artifact bundle says of itself; nothing of it is ever unpacked to disk.

A bundle is a zip archive with a `manifest.json`, with or without eight bytes before it. Its files
are remembered by where they lie, and read from there when they are needed.
"""

import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO, Final

import orjson

from vedette.model.hex_id import read_hex_id
from vedette.model.json_value import JsonObject, JsonValue, text_or_empty
from vedette.model.upload import FileKind, NewFile, Packing
from vedette.storage.metadata.uploads_port import UPLOAD_TEXT_LENGTH_MAX
from vedette.storage.uploads.limits import (
    BUNDLE_FILES_MAX,
    BUNDLE_UNPACKED_BYTES_MAX,
    DIRECTORY_BYTES_MAX,
    FILE_BYTES_MAX,
    MANIFEST_BYTES_MAX,
)

_MANIFEST: Final = "manifest.json"
_END: Final = struct.Struct("<4s4H2IH")
_END_NAME: Final = b"PK\x05\x06"
_END_64_NAME: Final = b"PK\x06\x07"
_COMMENT_LENGTH_MAX: Final = 65_535
_FILE_HEAD: Final = struct.Struct("<4s5H3I2H")
_FILE_NAME: Final = b"PK\x03\x04"
_IS_ENCRYPTED: Final = 1
_PACKINGS: Final = {zipfile.ZIP_STORED: Packing.PLAIN, zipfile.ZIP_DEFLATED: Packing.DEFLATE}
_UNREADABLE: Final = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    NotImplementedError,
    RuntimeError,
    OverflowError,
    ValueError,
    EOFError,
)
"""What the zip reader raises for archives that are none."""

DEBUG_ID_LENGTH: Final = 32


@dataclass(frozen=True, slots=True)
class Bundle:
    """What a bundle holds."""

    release: str
    dist: str
    files: tuple[NewFile, ...]


class BundleRefused(Exception):  # noqa: N818 - a state of the bytes, not a mistake of ours
    """The bytes are no bundle that can be kept. The text is for whoever sent them."""


def read_bundle(file: BinaryIO, byte_count: int) -> Bundle:
    """Return what a bundle holds.

    Raises:
        BundleRefused: It is none, or too much.
        BlobError: A chunk could not be read.
    """
    try:
        _check_directory(file, byte_count)
        with zipfile.ZipFile(file) as archive:
            manifest = _manifest(archive)
            entries = {entry.filename: entry for entry in archive.infolist()}
            files = _files(file, byte_count, manifest, entries)
    except _UNREADABLE as error:
        raise BundleRefused(f"The bundle cannot be read: {error}") from error
    return Bundle(
        text_or_empty(manifest.get("release")), text_or_empty(manifest.get("dist")), files
    )


def _check_directory(file: BinaryIO, byte_count: int) -> None:
    """Refuse an archive whose list of files alone would fill the memory."""
    tail_bytes = min(byte_count, _END.size + _COMMENT_LENGTH_MAX + 20)
    file.seek(byte_count - tail_bytes)
    tail = file.read(tail_bytes)
    place = tail.rfind(_END_NAME)
    if place < 0 or place + _END.size > len(tail):
        raise BundleRefused("The bundle is not a zip archive.")
    if _END_64_NAME in tail:
        raise BundleRefused("The bundle is a zip64 archive; these are not taken.")
    facts = _END.unpack_from(tail, place)
    if facts[4] > BUNDLE_FILES_MAX or facts[5] > DIRECTORY_BYTES_MAX:
        raise BundleRefused(f"The bundle has more than {BUNDLE_FILES_MAX} files.")


def _manifest(archive: zipfile.ZipFile) -> JsonObject:
    try:
        entry = archive.getinfo(_MANIFEST)
    except KeyError:
        raise BundleRefused("The bundle has no manifest.json.") from None
    with archive.open(entry) as opened:
        text = opened.read(MANIFEST_BYTES_MAX + 1)
    if len(text) > MANIFEST_BYTES_MAX:
        raise BundleRefused(f"The manifest is larger than {MANIFEST_BYTES_MAX} bytes.")
    try:
        manifest: JsonValue = orjson.loads(text)
    except orjson.JSONDecodeError as error:
        raise BundleRefused(f"The manifest is not JSON: {error}") from error
    if not isinstance(manifest, dict) or not isinstance(manifest.get("files"), dict):
        raise BundleRefused("The manifest names no files.")
    return manifest


def _files(
    file: BinaryIO, byte_count: int, manifest: JsonObject, entries: Mapping[str, zipfile.ZipInfo]
) -> tuple[NewFile, ...]:
    named = manifest["files"]
    assert isinstance(named, dict)
    if len(named) > BUNDLE_FILES_MAX:
        raise BundleRefused(f"The manifest names more than {BUNDLE_FILES_MAX} files.")
    files: list[NewFile] = []
    for path, facts in named.items():
        _check_path(path)
        entry = entries.get(path)
        if entry is None:
            raise BundleRefused(f"The manifest names {path!r}, which is not in the bundle.")
        files.append(_file(file, byte_count, entry, facts if isinstance(facts, dict) else {}))
    if sum(each.byte_count for each in files) > BUNDLE_UNPACKED_BYTES_MAX:
        raise BundleRefused(f"The bundle unpacks to more than {BUNDLE_UNPACKED_BYTES_MAX} bytes.")
    return tuple(files)


def _check_path(path: str) -> None:
    # Nothing is ever written under this name; a bundle that tries is broken all the same.
    parts = path.replace("\\", "/").split("/")
    if ".." in parts or path.startswith(("/", "\\")) or "\x00" in path:
        raise BundleRefused(f"The manifest names {path!r}, which is outside of the bundle.")


def _file(
    file: BinaryIO, byte_count: int, entry: zipfile.ZipInfo, facts: Mapping[str, JsonValue]
) -> NewFile:
    packing = _PACKINGS.get(entry.compress_type)
    if packing is None or entry.flag_bits & _IS_ENCRYPTED:
        raise BundleRefused(f"{entry.filename!r} is packed in a way that is not taken.")
    if entry.file_size > FILE_BYTES_MAX:
        raise BundleRefused(f"{entry.filename!r} unpacks to more than {FILE_BYTES_MAX} bytes.")
    headers = {
        name.lower(): text_or_empty(value) for name, value in _object(facts.get("headers")).items()
    }
    url = text_or_empty(facts.get("url"))
    source_map = headers.get("sourcemap") or headers.get("x-sourcemap") or ""
    if max(len(url), len(source_map)) > UPLOAD_TEXT_LENGTH_MAX:
        raise BundleRefused(f"The URL of {entry.filename!r} is too long.")
    return NewFile(
        kind=_kind(facts.get("type")),
        url=url,
        debug_id=read_debug_id(headers.get("debug-id")),
        source_map=source_map,
        start=_start(file, byte_count, entry),
        packed_bytes=entry.compress_size,
        byte_count=entry.file_size,
        packing=packing,
    )


def _start(file: BinaryIO, byte_count: int, entry: zipfile.ZipInfo) -> int:
    file.seek(entry.header_offset)
    head = _FILE_HEAD.unpack(file.read(_FILE_HEAD.size))
    start = entry.header_offset + _FILE_HEAD.size + int(head[9]) + int(head[10])
    if head[0] != _FILE_NAME or start + entry.compress_size > byte_count:
        raise BundleRefused(f"{entry.filename!r} does not lie where the bundle says.")
    return start


def read_debug_id(value: JsonValue) -> str:
    """Return a debug id without dashes and without what follows it on some platforms; or empty."""
    plain = value.replace("-", "")[:DEBUG_ID_LENGTH] if isinstance(value, str) else value
    return read_hex_id(plain, length=DEBUG_ID_LENGTH) or ""


def _kind(value: JsonValue) -> FileKind:
    known = {each.value: each for each in FileKind}
    return known.get(text_or_empty(value), FileKind.OTHER)


def _object(value: JsonValue) -> Mapping[str, JsonValue]:
    return value if isinstance(value, dict) else {}
