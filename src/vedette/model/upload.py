"""Files that build tools send: chunks, the uploads made of them, and the files inside."""

from dataclasses import dataclass
from enum import StrEnum


class UploadKind(StrEnum):
    """What an upload is."""

    BUNDLE = "bundle"
    """An archive with a manifest: scripts, source maps, sources."""
    RELEASE_FILE = "release_file"
    """One file of a release."""
    DEBUG_FILE = "debug_file"
    """What a native, JVM or mobile build leaves for symbolication."""


class FileKind(StrEnum):
    """What a file is, in the words of manifests and of Sentry's clients."""

    MINIFIED = "minified_source"
    SOURCE_MAP = "source_map"
    SOURCE = "source"
    OTHER = "other"

    ELF = "elf"
    MACH_O = "macho"
    PE = "pe"
    PDB = "pdb"
    WASM = "wasm"
    BREAKPAD = "breakpad"
    PROGUARD = "proguard"
    SOURCE_BUNDLE = "sourcebundle"


class Packing(StrEnum):
    """How the bytes of a file lie in its upload."""

    PLAIN = "plain"
    DEFLATE = "deflate"
    """Without any header, as in zip archives."""


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of an upload, known by what is in it."""

    sha1: str
    byte_count: int
    stored_ns: int
    """When it was stored: a part of its key, so that a chunk that comes again has another one."""


@dataclass(frozen=True, slots=True)
class NewUpload:
    """An upload that is to be added."""

    organization_id: int
    kind: UploadKind
    checksum: str
    """SHA-1 of all bytes."""
    name: str
    """Of a release file its name, of a debug file its file's; empty for bundles."""
    byte_count: int
    created_ns: int


@dataclass(frozen=True, slots=True)
class Upload(NewUpload):
    """An upload that is kept."""

    upload_id: int


@dataclass(frozen=True, slots=True)
class UploadPlace:
    """Where an upload counts: in a project, for events of a release and a distribution."""

    project_id: int
    release: str
    """Empty: whatever the release; files are then found by their debug ids alone."""
    dist: str


@dataclass(frozen=True, slots=True)
class NewFile:
    """A file of an upload that is to be added."""

    kind: FileKind
    url: str
    """As it was given: `~/app.js` leaves the host open. Empty if it has none."""
    debug_id: str
    """32 hex digits; empty if it has none."""
    source_map: str
    """Where its map is, as its headers say; empty if they do not."""
    start: int
    """Where its bytes begin in the upload."""
    packed_bytes: int
    byte_count: int
    packing: Packing


@dataclass(frozen=True, slots=True)
class UploadedFile(NewFile):
    """A file that is kept."""

    file_id: int
    upload_id: int
    organization_id: int


@dataclass(frozen=True, slots=True)
class ListedFile:
    """A file with what lists show of it."""

    file: UploadedFile
    checksum: str
    """SHA-1 of its upload."""
    upload_name: str
    release: str
    dist: str
    created_ns: int
