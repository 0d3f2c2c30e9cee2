"""Bundles as build tools make them, and uploads made of them, for tests."""

import io
import json
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.fakes.fresh_metadata import FreshMetadata
from tests.fakes.hand_clock import HandClock
from tests.fakes.memory_blobs import MemoryBlobs
from vedette.model.upload import Upload
from vedette.storage.uploads.assemble import Assembled, Assembly, Pieces
from vedette.storage.uploads.chunk_store import sha1_of
from vedette.storage.uploads.desk import UploadDesk

DEBUG_ID = "0f2e3d4c-5b6a-4978-8695-a4b3c2d1e0f1"
PLAIN_ID = DEBUG_ID.replace("-", "")

MINIFIED = (
    b"function t(n,o){return n.price+o}function r(n){return t(n.first,1)}\n"
    b"//# sourceMappingURL=app.js.map\n"
)
ORIGINAL = (
    "function add(item, sum) {\n  return item.price + sum;\n}\n"
    "function total(cart) {\n  return add(cart.first, 1);\n}\n"
)
MAPPINGS = (
    "AAAA,SAASA,EAAIC,EAAMC,EAAK,CACtB,OAAOD,EAAK,MAAQC,CACtB,CACA,SAASC,EAAMC,EAAM,"
    "CACnB,OAAOJ,EAAII,EAAK,MAAO,CAAC,CAC1B"
)
COLUMN = MINIFIED.index(b"n.price")
"""Of a place in `add`, from 0."""


def source_map(*, source: str = "../src/cart.ts", content: str | None = ORIGINAL) -> bytes:
    """Return the map of MINIFIED."""
    return json.dumps(
        {
            "version": 3,
            "sources": [source],
            "sourcesContent": [content],
            "names": ["add", "item", "sum", "total", "cart"],
            "mappings": MAPPINGS,
        }
    ).encode()


def file(kind: str, url: str, debug_id: str = "", **headers: str) -> dict[str, object]:
    """Return what a manifest says of a file."""
    ids = {"debug-id": debug_id} if debug_id else {}
    return {"type": kind, "url": url, "headers": headers | ids}


def zipped(
    files: Mapping[str, bytes], manifest: object, *, head: bytes = b"SYSB\x02\x00\x00\x00"
) -> bytes:
    """Return a bundle."""
    packed = io.BytesIO()
    packed.write(head)
    with zipfile.ZipFile(packed, "a", zipfile.ZIP_DEFLATED) as archive:
        for path, data in files.items():
            archive.writestr(path, data)
        if manifest is not None:
            archive.writestr("manifest.json", json.dumps(manifest))
    return packed.getvalue()


def shop_bundle(*, debug_id: str = DEBUG_ID, map_text: bytes | None = None, **more: str) -> bytes:
    """Return the bundle of a script and its map."""
    texts = {"s/app.js": MINIFIED, "s/app.js.map": map_text or source_map()}
    named = {
        "s/app.js": file("minified_source", "~/app.js", debug_id, Sourcemap="app.js.map"),
        "s/app.js.map": file("source_map", "~/app.js.map", debug_id),
    }
    return zipped(texts, {"files": named, **more})


@dataclass
class Shop:
    """A project and a desk for its uploads."""

    clock: HandClock = field(default_factory=HandClock)
    metadata: FreshMetadata = field(default_factory=FreshMetadata)
    blobs: MemoryBlobs = field(default_factory=MemoryBlobs)

    def __post_init__(self) -> None:
        self.organization_id = self.metadata.create_organization(
            slug="default", name="", created_ns=0
        ).organization_id
        self.project_id, self.other_project_id = (
            self.metadata.create_project(
                organization_id=self.organization_id,
                slug=slug,
                name="",
                platform="javascript",
                created_ns=0,
            ).project_id
            for slug in ("web", "other")
        )
        self.desk = UploadDesk(self.blobs, self.metadata, self.clock)

    def pieces(self, data: bytes, chunk_bytes: int = 300) -> Pieces:
        """Return what a client says of these bytes, and keep their chunks."""
        sha1s = [
            self.desk.chunks.keep(self.organization_id, data[first : first + chunk_bytes])
            for first in range(0, len(data), chunk_bytes)
        ]
        return Pieces(self.organization_id, sha1_of(data), sha1s)

    def try_bundle(self, data: bytes, release: str = "", dist: str = "") -> Assembly:
        """Upload a bundle; return what became of it."""
        pieces = self.pieces(data)
        return self.desk.assembler.bundle(pieces, [self.project_id], release, dist)

    def bundle(self, data: bytes, release: str = "", dist: str = "") -> Upload:
        """Upload a bundle that is whole."""
        made = self.try_bundle(data, release, dist)
        assert isinstance(made, Assembled), made
        return made.upload
