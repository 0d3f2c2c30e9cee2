"""The source map of a script, opened: what the doors ask when they meet a minified frame."""

import base64
import binascii
import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote_to_bytes

from vedette.base.clock import Clock
from vedette.model.script_url import joined, names_of
from vedette.model.source_map import (
    NothingUploaded,
    OpenMap,
    OriginalPlace,
    ScriptQuestion,
    ScriptTrouble,
    Trouble,
)
from vedette.model.upload import UploadedFile
from vedette.native import Malformed, MapCache, sources_without_content
from vedette.storage.blobs.port import BlobMissing
from vedette.storage.metadata.uploads_port import LOOKED_UP_MAX
from vedette.storage.uploads.chunk_store import ChunkStore
from vedette.storage.uploads.file_reader import FileReader, FileUnreadable
from vedette.storage.uploads.limits import FILE_BYTES_MAX
from vedette.storage.uploads.locate_map import DATA_URL, LocatedMap, MapLocator
from vedette.storage.uploads.map_builder import MapBuilder, MapBuilderStopped, MapRefused
from vedette.storage.uploads.map_cache_store import CacheRefused, MapCacheStore
from vedette.storage.uploads.map_reference import map_reference

logger = logging.getLogger(__name__)

LOOK_EVERY_S: Final = 1.0
"""How often it is asked whether anything was uploaded, here or in another process."""

ANSWERS_MAX: Final = 20_000
"""Scripts of which it is remembered where their maps are, or that they have none."""

CONTENT_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of original files that a map does not bring itself, all together."""

Answer = LocatedMap | ScriptTrouble


@dataclass(frozen=True, slots=True)
class _Opened:
    name: str
    cache: MapCache

    def look_up(self, places: Sequence[tuple[int, int]]) -> Sequence[OriginalPlace | None]:
        return [
            None
            if found is None
            else OriginalPlace(*found[:5], *found[5], is_ignored=found[6])  # the native order
            for found in self.cache.look_up(places)
        ]


class SourceMaps:
    """Any thread may call. What is not there costs one look-up until something is uploaded."""

    def __init__(
        self, store: ChunkStore, builder: MapBuilder, version: Callable[[], int], clock: Clock
    ) -> None:
        self._uploads = store.uploads
        self._reader = FileReader(store)
        self._locator = MapLocator(store.uploads, self._reader)
        self._builder = builder
        self._caches = MapCacheStore(store.blobs)
        self._ask_version = version
        self._clock = clock
        self._lock = threading.Lock()
        self._looked_s = -LOOK_EVERY_S
        self._version = -1
        self._projects: frozenset[int] = frozenset()
        self._answers: OrderedDict[ScriptQuestion, Answer] = OrderedDict()

    def find(self, question: ScriptQuestion) -> OpenMap | ScriptTrouble | NothingUploaded:
        """Return the map of a script, or why there is none.

        Raises:
            MetadataError: The metadata does not answer.
            BlobUnreachable: The blob store does not.
        """
        self._look_for_changes()
        if question.project_id not in self._projects:
            return NothingUploaded()
        answer = self._remembered(question)
        if answer is None:
            answer = self._locator.locate(question)
            self._remember(question, answer)
        if isinstance(answer, ScriptTrouble):
            return answer
        try:
            cache = self._cache(answer, question)
        except MapBuilderStopped:
            return ScriptTrouble(Trouble.NO_SOURCE, "the server was ending; the map was not read")
        except (CacheRefused, FileUnreadable, BlobMissing) as error:
            trouble = ScriptTrouble(Trouble.INVALID_SOURCE, f"{answer.name}: {error}")
            self._remember(question, trouble)
            return trouble
        return _Opened(answer.name, cache)

    def forget_upload(self, upload_id: int) -> None:
        """Delete what was made of an upload that is gone."""
        self._caches.forget(upload_id)

    def _look_for_changes(self) -> None:
        with self._lock:
            now_s = self._clock.monotonic_s()
            if now_s - self._looked_s < LOOK_EVERY_S:
                return
            version = self._ask_version()
            if version != self._version:
                self._projects = self._uploads.projects_with_uploads()
                self._answers.clear()
                self._version = version
            self._looked_s = now_s

    def _remembered(self, question: ScriptQuestion) -> Answer | None:
        with self._lock:
            answer = self._answers.get(question)
            if answer is not None:
                self._answers.move_to_end(question)
            return answer

    def _remember(self, question: ScriptQuestion, answer: Answer) -> None:
        with self._lock:
            self._answers[question] = answer
            while len(self._answers) > ANSWERS_MAX:
                self._answers.popitem(last=False)

    def _cache(self, located: LocatedMap, question: ScriptQuestion) -> MapCache:
        script, source_map = located.script, located.source_map
        goes_with = source_map or script
        assert goes_with is not None
        key = (
            goes_with.upload_id,
            script.file_id if script else 0,
            source_map.file_id if source_map else 0,
        )
        cache = self._caches.get(key)
        if cache is not None:
            return cache
        try:
            script_text = self._reader.read(script) if script else b""
            map_text = self._reader.read(source_map) if source_map else _inline(script_text)
            contents = self._contents(map_text, goes_with, question)
            data = self._builder.build(script_text, map_text, contents)
            return self._caches.put(key, data)
        except (MapRefused, Malformed, FileUnreadable) as error:
            logger.warning("a source map cannot be used: %s: %s", located.name, error)
            self._caches.put_refused(key, str(error))
            raise CacheRefused(str(error)) from error

    def _contents(
        self, map_text: bytes, map_file: UploadedFile, question: ScriptQuestion
    ) -> Mapping[str, bytes]:
        """Return original files that were uploaded beside a map that does not hold them."""
        name_by_url: dict[str, str] = {}
        for name in sources_without_content(map_text)[:LOOKED_UP_MAX]:
            for url in names_of(joined(map_file.url, name)):
                name_by_url.setdefault(url, name)
        contents: dict[str, bytes] = {}
        byte_count = 0
        urls = list(name_by_url)
        for release, dist in dict.fromkeys(
            ((question.release, question.dist), (question.release, ""), ("", ""))
        ):
            for first in range(0, len(urls), _URLS_AT_ONCE):
                some = urls[first : first + _URLS_AT_ONCE]
                for file in self._uploads.files_by_url(question.project_id, release, dist, some):
                    byte_count += file.byte_count
                    if byte_count > CONTENT_BYTES_MAX:
                        return contents
                    contents.setdefault(name_by_url[file.url], self._reader.read(file))
        return contents


_URLS_AT_ONCE: Final = 20
"""Few enough that the newest file of each is among those that are found."""


def _inline(script: bytes) -> bytes:
    """Return the map that a script holds itself."""
    head, _, body = map_reference(script).removeprefix(DATA_URL).partition(",")
    try:
        text = base64.b64decode(body) if head.endswith("base64") else unquote_to_bytes(body)
    except (binascii.Error, ValueError) as error:
        raise FileUnreadable("the map in the script is not base64") from error
    if len(text) > FILE_BYTES_MAX:
        raise FileUnreadable(f"the map in the script is larger than {FILE_BYTES_MAX} bytes")
    return text
